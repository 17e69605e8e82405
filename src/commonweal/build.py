"""How is a place built, the whole way through, and published?

Left to right: read and check, form, each person's need and the population at a glance where there is a record, budget,
options, statement; then a new store, published whole. A build that stops on the way leaves the last good one in place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import ibis.expr.types as ir
import pyarrow as pa

from commonweal.budget.records import budget_rows, quarter_record
from commonweal.budget.whole_population_budget import QuarterBudget
from commonweal.contract.assurance.register import register
from commonweal.contract.options import Options
from commonweal.contract.place_contract import PlaceContract, gain_or_loss, risk_of
from commonweal.contract.records import options_rows
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.statement import Statement
from commonweal.contract.statement_rows import pooled_rows, statement_rows
from commonweal.core.engine import engine_named
from commonweal.core.errors import TooManyFindings
from commonweal.core.findings import counts
from commonweal.core.periods import Period, months
from commonweal.core.store import Store, inputs_digest, publish_store
from commonweal.core.tables import arrow_table
from commonweal.need.at_a_glance import PopulationAtAGlance, population_at_a_glance
from commonweal.need.kept import kept_person_need
from commonweal.opened import OpenPlace, Progress, open_place
from commonweal.people.pseudonyms import IDENTITY
from commonweal.people.record import RECORDS, has_record, read_record
from commonweal.place.formation.file import save_formation
from commonweal.place.formation.forming import PlaceFormation
from commonweal.place.formation.records import formation_rows

T = TypeVar("T")

ERRORS_TOLERATED = "build_errors_tolerated"


@dataclass(frozen=True, slots=True)
class Built:
    """Everything a build worked out, and the store it published.

    month       the month of the statement; statements: those of the year up to and with it
    population  the population at a glance; None where the place has no record of its people
    contract    what its contract of clauses comes to; None where the place has none
    seconds     how long each step took
    """

    opened: OpenPlace
    formed: PlaceFormation
    options: Options
    quarters: tuple[QuarterBudget, ...]
    month: Period
    statements: tuple[Statement, ...]
    population: PopulationAtAGlance | None
    contract: PlaceContract | None
    store: Store
    seconds: Mapping[str, float]

    @property
    def statement(self) -> Statement:
        """The statement of the month asked for."""
        return self.statements[-1]


class _Steps:
    """The steps of a build, each timed and shown."""

    def __init__(self, names: tuple[str, ...], progress: Progress | None) -> None:
        self.names = names
        self.progress = progress or (lambda step, share: None)
        self.seconds: dict[str, float] = {}

    def take(self, name: str, work: Callable[[], T]) -> T:
        self.progress(name, self.names.index(name) / len(self.names))
        started = time.perf_counter()
        found = work()
        self.seconds[name] = time.perf_counter() - started
        return found


STEPS = (
    "Reading the published files",
    "Checking them",
    "Forming neighbourhoods",
    "Working out what each person needs",
    "Looking at the population",
    "Working out the budget",
    "Setting out the options",
    "Making the statement",
    "Settling the contract and its futures",
    "Publishing the store",
)


def build_place(
    folder: str | Path,
    *,
    year: str | None = None,
    month: Period | None = None,
    engine: str = "duckdb",
    master: str = "local[2]",
    progress: Progress | None = None,
) -> Built:
    """Build a place and publish a new store.

    Takes    year: the financial year the contract starts in when not given; month: the first month of the contract in
             that year when not given; engine, master: what the record of its people is worked out on, `duckdb` or
             `spark`, and where Spark runs; progress: called with each step and the share done.
    Raises   NotAPlace, InputError, ParameterProblem as the steps do; TooManyFindings when the checks find more errors
             than are tolerated. Nothing is published then, and the last good store stays.
    """
    opened = open_place(folder, year=year)
    steps = _Steps(STEPS, progress)
    steps.take(STEPS[0], lambda: opened.inputs)
    steps.take(STEPS[1], lambda: _check(opened))
    formed = steps.take(STEPS[2], lambda: _form(opened))
    people = steps.take(STEPS[3], lambda: _person_need(opened, engine, master))
    population = steps.take(STEPS[4], lambda: _population(opened, formed, people))
    steps.take(STEPS[5], lambda: opened.care)
    held = steps.take(STEPS[6], opened.options)
    wanted = month or _first_month(opened)
    statements = steps.take(STEPS[7], lambda: opened.statements(wanted))
    quarters = opened.quarters(held.as_agreed if held.as_agreed.options else held.full)
    tables = _tables(opened, formed, held, quarters, statements)
    agreed = steps.take(STEPS[8], lambda: _contract(opened))
    store = steps.take(STEPS[9], lambda: _publish(opened, wanted, {**tables, **people}, engine))
    return Built(opened, formed, held, quarters, wanted, statements, population, agreed, store, steps.seconds)


def _person_need(opened: OpenPlace, engine: str, master: str) -> dict[str, ir.Table]:
    """What each person needs on the first day after the record; nothing where the place has no record."""
    folder = opened.place.path
    if not has_record(folder):
        return {}
    record, backend = read_record(folder), engine_named(engine, master=master)
    need = kept_person_need(folder, record, backend, on=record.end, parameters=opened.parameters)
    return {"person_need": need}


def _population(
    opened: OpenPlace, formed: PlaceFormation, people: Mapping[str, ir.Table]
) -> PopulationAtAGlance | None:
    """The population on the first day after the record, by the neighbourhoods formed; None without a record."""
    if not people:
        return None
    record, need = read_record(opened.place.path), people["person_need"]
    return population_at_a_glance(
        record.tables(need.get_backend()),
        need,
        on=record.end,
        neighbourhoods={f"{n.code} {n.name}": n.practice_codes for n in formed.formation.neighbourhoods},
        parameters=opened.parameters,
        synthetic=record.synthetic,
        record=(record.start, record.end),
    )


def _contract(opened: OpenPlace) -> PlaceContract | None:
    """What the place's contract of clauses comes to, on the contract's first day or the year's."""
    held, on = opened.contract, max(opened.year.start, opened.place.contract_start)
    if held is None:
        return None
    facts = opened.facts
    return PlaceContract(
        held,
        on,
        tuple(gain_or_loss(clause, facts, on) for clause in held.of_kind(GainLossShare)),
        risk_of(held, facts, on),
        register(opened, on),
    )


def _check(opened: OpenPlace) -> None:
    errors = counts(opened.findings)["error"]
    tolerated = int(opened.parameters[ERRORS_TOLERATED].on(opened.place.contract_start).number())
    if errors > tolerated:
        raise TooManyFindings(
            f"The checks found {errors} errors; {tolerated} are tolerated. Nothing was published.",
            where=str(opened.place.path),
            mend=f"See them with: commonweal check {opened.place.path}",
        )


def _form(opened: OpenPlace) -> PlaceFormation:
    already = bool(opened.place.neighbourhoods)
    formed = opened.formed()
    if not already:
        save_formation(formed)
    return formed


def _first_month(opened: OpenPlace) -> Period:
    start = max(opened.year.start, opened.place.contract_start)
    return next(held for held in months(opened.year) if held.end > start)


def _tables(
    opened: OpenPlace,
    formed: PlaceFormation,
    held: Options,
    quarters: tuple[QuarterBudget, ...],
    statements: tuple[Statement, ...],
) -> dict[str, pa.Table]:
    shown = held.as_agreed if held.as_agreed.options else held.full
    rows: dict[str, list[dict[str, Any]]] = {
        "neighbourhoods": formation_rows(formed.formation, formed.names),
        "findings": [finding.as_row() for finding in opened.findings],
        "budget_lines": budget_rows(opened.care, shown.budget),
        "quarters": [quarter_record(quarter) for quarter in quarters],
        "options": options_rows(held),
        "statement": [row for made in statements for row in statement_rows(made)],
        "pooled_view": [row for made in statements for row in pooled_rows(made)],
    }
    return {"practices": opened.inputs.practices, **{name: arrow_table(name, found) for name, found in rows.items()}}


def _publish(opened: OpenPlace, month: Period, tables: Mapping[str, pa.Table | ir.Table], engine: str) -> Store:
    place = opened.place
    apart = (place.out, place.path / RECORDS, place.path / IDENTITY)
    paths = [path for path in place.path.rglob("*") if path.is_file() and not any(a in path.parents for a in apart)]
    record = read_record(place.path).path.name if has_record(place.path) else ""
    # Spark hands rows over in an order of its own, so its bytes are not DuckDB's.
    how = f"{opened.year.label} {month.label} {code_version()} {record} {engine if record else ''}"
    digest = inputs_digest(paths, root=place.path, also=how)
    facts = {
        "place": place.name,
        "financial_year": opened.year.label,
        "baseline_year": opened.care.baseline_year.label,
        "month": month.label,
        "commonweal": code_version(),
        "record": record,
    }
    return publish_store(place.out, digest, tables, facts)


def code_version() -> str:
    """The version of Commonweal that builds."""
    return version("commonweal")
