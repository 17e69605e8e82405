"""How likely is each person to be admitted as an emergency in the months ahead, and how good is the answer?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends import BaseBackend
from numpy.typing import NDArray

from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
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
    registered: int
    died: int
    left: int


@dataclass(frozen=True, slots=True)
class RiskEstimate:
    """Models of one record, how good each is, and the risk that the one applied gives to each person.

    applied      the kind of model that gave the risks, and why that one
    risks        the table `risk` of tables/risk.yaml
    opted_out    people registered on the day of use who have opted out: left out of everything
    """

    dates: RiskDates
    seed: int
    models: Mapping[str, RiskModel]
    evaluations: Mapping[str, Evaluation]
    applied: str
    applied_because: str
    learned: Cohort
    tested: Cohort
    fitted_people: int
    recalibration_people: int
    risks: pa.Table
    opted_out: int


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
    progress("Reading what was known", 0.05)
    learned = cohort(engine, tables, dates.learn, dates, parameters)
    tested = cohort(engine, tables, dates.test, dates, parameters)
    draw = drawn(_persons(learned.features), seed)
    keep = float(parameters["risk_recalibration_share"].on(on).number())
    kept, fit = np.flatnonzero(draw < keep), np.flatnonzero(draw >= keep)
    fit = _at_most(fit, draw, int(parameters["risk_most_training_people"].on(on).number()))
    models = {}
    for kind in KINDS if model == BOTH else (model,):
        progress(f"Learning: {kind}", 0.3)
        held = fitted_model(
            kind, learned.features.take(fit), learned.admitted[fit], parameters=parameters, on=on, seed=seed
        )
        models[kind] = recalibrated(held, learned.features.take(kept), learned.admitted[kept])
    applied, because = _applied(models, learned.features.take(kept), learned.admitted[kept], parameters, on)
    progress("Testing", 0.6)
    evaluations = {
        kind: _tested(held, tested, learned.features.take(fit), parameters, on) for kind, held in models.items()
    }
    progress("Giving each person a risk", 0.8)
    people, opted_out = _people(engine, tables, on, dates, parameters)
    risks = risk_table(models[applied], people, parameters, on=on, since=dates.since_for(on))
    return RiskEstimate(
        dates, seed, models, evaluations, applied, because, learned, tested, len(fit), len(kept), risks, opted_out
    )


def cohort(engine: BaseBackend, tables: Tables, on: date, dates: RiskDates, parameters: Parameters) -> Cohort:
    """People of an index date who have not opted out, with what was known of them and what came of it.

    What becomes of those who die without an admission, or leave, is said by `risk_death_counts_as` and
    `risk_leaving_counts_as`.
    Raises   InputError when nobody is left.
    """
    features, _ = _people(engine, tables, on, dates, parameters)
    after = engine.to_pyarrow(outcome(tables, on=on, months=dates.months))
    after = features.select(["person"]).join(after, "person", join_type="left outer").sort_by("person")
    admitted, died, left = (after[name].fill_null(False).to_numpy() for name in ("admitted", "died", "left"))
    death = _choice(parameters, "risk_death_counts_as", (NOT_ADMITTED, ADMITTED, LEFT_OUT), dates.apply)
    leaving = _choice(parameters, "risk_leaving_counts_as", (NOT_ADMITTED, LEFT_OUT), dates.apply)
    counted = np.ones(len(admitted), bool)
    counted &= ~died if death == LEFT_OUT else True
    counted &= ~left if leaving == LEFT_OUT else True
    came = admitted | died if death == ADMITTED else admitted
    if not counted.any():
        raise InputError(f"Nobody is registered on {on}.", mend="Give a record that holds registrations on that day.")
    held = features.filter(pa.array(counted))
    return Cohort(on, held, came[counted], len(admitted), int(died.sum()), int(left.sum()))


def _people(
    engine: BaseBackend, tables: Tables, on: date, dates: RiskDates, parameters: Parameters
) -> tuple[pa.Table, int]:
    """Features of the people of a day, in order of person, without those who have opted out; and how many those are."""
    found = risk_features(tables, on=on, parameters=parameters, since=dates.since_for(on))
    # Whoever has opted out by the day of use is left out of learning and testing too.
    out = opted_out_people(tables["attributes"], on=dates.apply)
    table = engine.to_pyarrow(found.mutate(has_opted_out=found.person.isin(out.person)))
    table = table.sort_by("person")
    opted_out = table["has_opted_out"]
    return table.filter(pc.invert(opted_out)).drop_columns("has_opted_out"), pc.sum(opted_out).as_py() or 0


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


def _tested(model: RiskModel, tested: Cohort, fitted: pa.Table, parameters: Parameters, on: date) -> Evaluation:
    shares = [float(share) for share in parameters["risk_top_shares"].on(on).value]
    first_ages = [int(age) for age in parameters["risk_age_bands"].on(on).value]
    known = np.isin(_persons(tested.features), _persons(fitted))
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
