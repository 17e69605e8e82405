"""How likely is each person to be admitted as an emergency in the months ahead, and how good is the answer?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis.backends import BaseBackend
from numpy.typing import NDArray

from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
from commonweal.need.registered_people import registered_people
from commonweal.need.risk.dates import RiskDates
from commonweal.need.risk.discrimination import ranked_rightly, risk_order
from commonweal.need.risk.evaluation import Evaluation, evaluation, groups_of
from commonweal.need.risk.features import opted_out_people, outcome, risk_features
from commonweal.need.risk.models import KINDS, LIGHTGBM, LOGISTIC, Booleans, RiskModel, fitted_model, recalibrated
from commonweal.need.risk.reasons import reasons, with_reasons

BOTH = "both"
CHOICES = (*KINDS, BOTH)
RISK_PLACES = 6
NOT_ADMITTED, ADMITTED, LEFT_OUT = "not_admitted", "admitted", "left_out"
LEARNED_FROM, NOT_LEARNED_FROM = "learned from a year before", "not learned from"

Progress = Callable[[str, float], None]
Tables = Mapping[str, ir.Table]


@dataclass(frozen=True, slots=True)
class Cohort:
    """People of an index date: what was known of them, and whether they were admitted afterwards.

    died, left   how many of those registered died without an admission, or left the lists alive, in the months after
    """

    on: date
    features: pa.Table
    admitted: Booleans
    died: int
    left: int


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """How many people each step had; those who have opted out are in none of them."""

    learned_from: int
    kept_for_calibration: int
    tested: int
    tested_and_admitted: int
    died_without_admission: int
    left_the_lists: int
    given_a_risk: int
    opted_out: int


@dataclass(frozen=True, slots=True)
class RiskEstimate:
    """Models of one record, how good each is, and the risk that the one applied gives to each person.

    applied      the kind of model that gave the risks, and why that one
    risks        the table `risk` of tables/risk.yaml
    """

    dates: RiskDates
    seed: int
    models: Mapping[str, RiskModel]
    evaluations: Mapping[str, Evaluation]
    applied: str
    applied_because: str
    people: PeopleCounted
    risks: pa.Table


@dataclass(frozen=True, slots=True)
class _Learned:
    models: Mapping[str, RiskModel]
    applied: str
    because: str
    fitted: NDArray[np.int64]
    kept: int


def risk_estimate(
    engine: BaseBackend,
    tables: Tables,
    dates: RiskDates,
    *,
    model: str = LOGISTIC,
    parameters: Parameters,
    seed: int,
    progress: Progress = lambda step, share: None,
) -> RiskEstimate:
    """Models fitted on one date, tested a year later, and used on the day asked for.

    Takes    engine, tables: those of the record; model: logistic, lightgbm or both; seed: of whatever is drawn.
    Returns  the estimate; the same for the same record, parameters and seed.
    Raises   InputError when there is nobody to learn from or to test on.
    """
    on = dates.apply
    # One date's people at a time: a million of them with their history take a third of a gigabyte.
    progress("Reading what was known, to learn", 0.05)
    held = _learned(cohort(engine, tables, dates.learn, dates, parameters), model, parameters, seed, on, progress)
    progress("Testing", 0.5)
    tested = cohort(engine, tables, dates.test, dates, parameters)
    evaluations = {kind: _tested(one, tested, held.fitted, parameters, on) for kind, one in held.models.items()}
    counted = len(tested.admitted), int(tested.admitted.sum()), tested.died, tested.left
    del tested
    progress("Giving each person a risk", 0.8)
    people = people_known(engine, tables, on, dates, parameters)
    risks = risk_table(held.models[held.applied], people, parameters, on=on, since=dates.since_for(on))
    opted_out = opted_out_count(engine, tables, on=on)
    sums = PeopleCounted(len(held.fitted), held.kept, *counted, risks.num_rows, opted_out)
    return RiskEstimate(dates, seed, held.models, evaluations, held.applied, held.because, sums, risks)


def _learned(learned: Cohort, model: str, parameters: Parameters, seed: int, on: date, progress: Progress) -> _Learned:
    """Models fitted to most people of a date, recalibrated on the others, and the one to apply."""
    persons = _persons(learned.features)
    draw = drawn(persons, seed)
    share = float(parameters["risk_recalibration_share"].on(on).number())
    most = int(parameters["risk_most_training_people"].on(on).number())
    kept = np.flatnonzero(draw < share)
    fit = _at_most(np.flatnonzero(draw >= share), draw, most)
    kept_features, kept_admitted = learned.features.take(kept), learned.admitted[kept]
    models = {}
    for place, kind in enumerate(KINDS if model == BOTH else (model,)):
        progress(f"Learning: {kind}", 0.2 + 0.1 * place)
        fitted = fitted_model(
            kind, learned.features.take(fit), learned.admitted[fit], parameters=parameters, on=on, seed=seed
        )
        models[kind] = recalibrated(fitted, kept_features, kept_admitted)
    applied, because = _applied(models, kept_features, kept_admitted, parameters, on)
    return _Learned(models, applied, because, persons[fit], len(kept))


def cohort(engine: BaseBackend, tables: Tables, on: date, dates: RiskDates, parameters: Parameters) -> Cohort:
    """People of an index date who have not opted out, with what was known of them and what came of it.

    What becomes of those who die without an admission, or leave, is said by `risk_death_counts_as` and
    `risk_leaving_counts_as`.
    Raises   InputError when nobody is left.
    """
    features = people_known(engine, tables, on, dates, parameters)
    after = outcome(tables, on=on, months=dates.months)
    after = engine.to_pyarrow(_asked(after, tables, dates.apply).order_by("person"))
    admitted, died, left = (after[name].to_numpy() for name in ("admitted", "died", "left"))
    death = _choice(parameters, "risk_death_counts_as", (NOT_ADMITTED, ADMITTED, LEFT_OUT), dates.apply)
    leaving = _choice(parameters, "risk_leaving_counts_as", (NOT_ADMITTED, LEFT_OUT), dates.apply)
    counted = np.ones(len(admitted), bool)
    counted &= ~died if death == LEFT_OUT else True
    counted &= ~left if leaving == LEFT_OUT else True
    came = admitted | died if death == ADMITTED else admitted
    if not counted.any():
        raise InputError(f"Nobody is registered on {on}.", mend="Give a record that holds registrations on that day.")
    return Cohort(on, features.filter(pa.array(counted)), came[counted], int(died.sum()), int(left.sum()))


def people_known(engine: BaseBackend, tables: Tables, on: date, dates: RiskDates, parameters: Parameters) -> pa.Table:
    """Features of the people of a day, in order of person, without those who have opted out by the day of use."""
    found = risk_features(tables, on=on, parameters=parameters, since=dates.since_for(on))
    return engine.to_pyarrow(_asked(found, tables, dates.apply).order_by("person"))


def _asked(people: ir.Table, tables: Tables, by: date) -> ir.Table:
    # Whoever has opted out by the day of use is left out of learning and testing too.
    return people.anti_join(opted_out_people(tables["attributes"], on=by), "person")


def opted_out_count(engine: BaseBackend, tables: Tables, *, on: date) -> int:
    """How many people registered on a day have opted out."""
    registered = registered_people(tables["registrations"], tables["persons"], on=on)
    out = registered.semi_join(opted_out_people(tables["attributes"], on=on), "person")
    return int(engine.to_pyarrow(out.count()).as_py())


def risk_table(
    model: RiskModel, people: pa.Table, parameters: Parameters, *, on: date, since: date | None = None
) -> pa.Table:
    """Each person's risk, rank and, for those at highest risk, reasons: the table `risk` of tables/risk.yaml.

    Takes    people: features of the day; since: the first day that history was counted from.
    """
    risk = np.round(model.risk(people), RISK_PLACES)
    order = risk_order(risk, _persons(people))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(1, len(order) + 1)
    wanted = with_reasons(risk, float(parameters["risk_reasons_for_share"].on(on).number()))
    said: NDArray[np.object_] = np.full(len(risk), None, dtype=object)
    said[wanted] = reasons(model, people.filter(pa.array(wanted)), parameters, on=on, since=since)
    columns = {"person": people["person"], "practice_code": people["practice_code"], "risk": risk, "rank": rank}
    schema = definitions()["risk"].schema.to_pyarrow()
    held = pa.table({**columns, "reasons": pa.array(said, type=pa.string(), from_pandas=True)})
    return held.select(schema.names).cast(pa.schema([pa.field(f.name, f.type) for f in schema])).sort_by("person")


def drawn(person: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """A number from 0 to 1 for each person, the same whoever else there is.

    Source   Steele, Lea and Flood, OOPSLA 2014, the mixing function of SplitMix64.
    """
    with np.errstate(over="ignore"):
        mixed = person.astype(np.uint64) + np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def _at_most(places: NDArray[np.int64], draw: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    return places if len(places) <= most else np.sort(places[np.argsort(draw[places], kind="stable")[:most]])


def _applied(
    models: Mapping[str, RiskModel], kept: pa.Table, admitted: Booleans, parameters: Parameters, on: date
) -> tuple[str, str]:
    """Which of the models gives the risks, chosen on people that neither was fitted to and never on the test."""
    if len(models) == 1:
        (kind,) = models
        return kind, "the only one fitted"
    margin = float(parameters["risk_margin_for_lightgbm"].on(on).number())
    area = {kind: ranked_rightly(model.risk(kept), admitted).auroc for kind, model in models.items()}
    better = area[LIGHTGBM] - area[LOGISTIC]
    said = (
        f"on the people kept for calibration LightGBM ranks {better:+.3f} of pairs more rightly; {margin:g} is needed"
    )
    return (LIGHTGBM if better > margin else LOGISTIC), said


def _tested(
    model: RiskModel, tested: Cohort, fitted: NDArray[np.int64], parameters: Parameters, on: date
) -> Evaluation:
    shares = [float(share) for share in parameters["risk_top_shares"].on(on).value]
    first_ages = [int(age) for age in parameters["risk_age_bands"].on(on).value]
    known = np.isin(_persons(tested.features), fitted)
    groups: Sequence[tuple[str, NDArray[np.str_]]] = [
        *groups_of(tested.features, first_ages=first_ages),
        ("learning", np.where(known, LEARNED_FROM, NOT_LEARNED_FROM)),
    ]
    return evaluation(model, tested.features, tested.admitted, shares=shares, groups=groups)


def _choice(parameters: Parameters, name: str, choices: tuple[str, ...], on: date) -> str:
    held = str(parameters[name].on(on).value)
    if held not in choices:
        where = f"{parameters[name].file}: {name}"
        raise ParameterProblem(f"'{held}' is none of the choices.", where=where, mend=f"Write {' or '.join(choices)}.")
    return held


def _persons(table: pa.Table) -> NDArray[np.int64]:
    return table["person"].to_numpy()
