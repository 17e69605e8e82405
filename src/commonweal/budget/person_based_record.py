"""What do a place's record and its published need give as person-based weights?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.budget.person_based import LearnedCells, PersonWeights, component_weights
from commonweal.budget.service_lines import service_lines
from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period, months_later
from commonweal.need.cost_on_need import PRACTICE, Cells, read_cells
from commonweal.need.cost_on_need_cells import VARIABLES, cost_cells, people_cells, weighed_people
from commonweal.people.record import Record

People = Mapping[str, Decimal]
NeedOn = Callable[[date], ir.Table]
SUPPLY = ("practice", "none")


def person_weights(
    record: Record,
    engine: BaseBackend,
    need_on: NeedOn,
    *,
    published: Mapping[str, People],
    listed: People,
    parameters: Parameters,
) -> PersonWeights:
    """Person-based weights of a place's practices.

    Takes    record: of the place; engine: where it is read; need_on: the table `person_need` on a day. published:
             weighted people by component and practice; listed: the registered people that those are of, by practice of
             the place. People of the record registered elsewhere are left out.
    Raises   InputError when the record holds less than a year of activity, no cost of any component, or nobody of one
             of the practices; ParameterProblem for a variable that is not known.
    """
    tables = record.tables(engine)
    groups = component_lines(parameters, published, on=record.end)
    years = _years(record)
    _check_variables(parameters, on=years[0].start)

    def ours(day: date) -> ir.Table:
        held = need_on(day)
        return held.filter(held.practice_code.isin(sorted(listed)))

    def learned(year: Period) -> LearnedCells:
        need = ours(year.start)
        cells = cost_cells(tables, need, groups, start=year.start, end=year.end, parameters=parameters)
        return LearnedCells(year, read_cells(cells.to_pyarrow(), tuple(groups)))

    people = people_cells(weighed_people(ours(record.end), parameters, on=record.end))
    today = read_cells(people.to_pyarrow(), ())
    _check_practices(today, listed, record)
    latest = learned(years[0])
    costed = [name for name in groups if latest.cells.cost[name].sum() > 0]
    if not costed:
        mend = "Load activity with its cost."
        raise InputError("The record holds no cost of any need component.", where=str(record.path), mend=mend)
    before = learned(years[1]) if len(years) > 1 else None
    return PersonWeights(
        record=record.path.name,
        synthetic=record.synthetic,
        learned_from=latest.year,
        tested_on=latest.year if before else None,
        used_on=record.end,
        components=tuple(
            component_weights(
                name,
                groups[name],
                learned=latest,
                before=before,
                today=today,
                published=published[name],
                listed=listed,
                parameters=parameters,
            )
            for name in costed
        ),
        published={
            name: Decimal(share) for name, share in parameters["person_based_published"].on(record.end).value.items()
        },
    )


def _check_practices(today: Cells, listed: People, record: Record) -> None:
    """A practice that the record knows nobody of would otherwise be weighed as nothing, and lose its target."""
    known = set(today.groups[PRACTICE].tolist())
    without = [code for code, people in sorted(listed.items()) if people and code not in known]
    if without:
        raise InputError(
            f"The record holds nobody registered with {', '.join(without)}.",
            where=str(record.path),
            mend="Load the people of every practice, or keep to the published weights.",
        )


def _check_variables(parameters: Parameters, *, on: date) -> None:
    wrong = [name for name in parameters["person_based_variables"].on(on).value if name not in VARIABLES]
    supply = str(parameters["person_based_supply"].on(on).value)
    if wrong:
        mend = f"Choose among {', '.join(VARIABLES)}."
        raise ParameterProblem(f"person_based_variables names {', '.join(wrong)}.", mend=mend)
    if supply not in SUPPLY:
        raise ParameterProblem(f"person_based_supply is '{supply}'.", mend=f"Choose one of {', '.join(SUPPLY)}.")


def component_lines(parameters: Parameters, published: Mapping[str, People], *, on: date) -> dict[str, tuple[str, ...]]:
    """Block service lines that have points of delivery in the record, by the need component that sets their target."""
    delivered = {row["service_line"] for row in parameters["points_of_delivery"].on(on).value}
    found: dict[str, tuple[str, ...]] = {}
    for line in service_lines(parameters, on=on):
        if line.baseline == "block" and line.target_basis in published and line.code in delivered:
            found[line.target_basis] = (*found.get(line.target_basis, ()), line.code)
    return found


def _years(record: Record) -> list[Period]:
    """The last whole years of the record that have days before them to know people by, latest first; two at most."""
    found: list[Period] = []
    end = record.end
    while len(found) < 2 and (start := months_later(end, -12)) >= record.start:
        found.append(Period(start, end, f"{start} to {end}"))
        end = start
    if not found:
        raise InputError(
            "The record holds less than a year of activity.",
            where=str(record.path),
            mend="Load at least one year; two give a test as well.",
        )
    return found
