"""What does a reader see of the whole population budget?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from commonweal.budget.care_budget import CareBudget
from commonweal.budget.records import illustrative_numbers
from commonweal.budget.whole_population_budget import QuarterBudget, WholePopulationBudget
from commonweal.core.amounts import Line, summed, total
from commonweal.core.explanation import plain_text
from commonweal.web.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Illustrative,
    Meta,
    Notice,
    Paragraph,
    Table,
    Tree,
)
from commonweal.web.values import amount_cell

STEPS = ("Baseline", "Rolled forward", "Need-weighted target", "Cost of care", "In the budget", "Performance pay")
LONGEST_UNFOLDED = 20


def budget_document(
    place_name: str,
    care: CareBudget,
    budget: WholePopulationBudget,
    quarters: Sequence[QuarterBudget],
    scope_name: str,
    *,
    explained: Sequence[Line] = (),
    depth: int | None = None,
    neighbourhood_names: Mapping[str, str] = MappingProxyType({}),
    notices: Sequence[Notice] = (),
) -> Document:
    """The budget of a place: by service line, neighbourhood, practice and quarter; and what explains it.

    Takes    scope_name: under which option the part in the budget was taken; explained: amounts to explain to a depth;
             notices: what a reader must know first.
    """
    blocks: list[Block] = [
        *notices,
        *budget_blocks(care, budget, scope_name, neighbourhood_names=neighbourhood_names),
        *quarter_blocks(quarters),
        *(Tree(line, depth=depth, names=care.names) for line in explained),
    ]
    return Document(f"Whole population budget of {place_name}, {care.year.label}", tuple(blocks), meta=Meta(place_name))


def explanation_document(
    place_name: str, care: CareBudget, lines: Sequence[Line], *, depth: int | None, notices: Sequence[Notice] = ()
) -> Document:
    """Parts of the budget, each with everything it stands on; first the notices."""
    trees = tuple(Tree(line, depth=depth, names=care.names) for line in lines)
    return Document(f"From the budget of {place_name}, {care.year.label}", (*notices, *trees), meta=Meta(place_name))


def budget_blocks(
    care: CareBudget,
    budget: WholePopulationBudget,
    scope_name: str,
    *,
    neighbourhood_names: Mapping[str, str] = MappingProxyType({}),
) -> list[Block]:
    """Headline figures, and the budget by service line, neighbourhood and practice."""
    figures = Figures(
        (
            Figure("Whole population budget", amount_cell(budget.total), note=scope_name),
            Figure("Cost of care", amount_cell(care.total), note=f"all service lines, {care.year.label}"),
            Figure("Practices", len(care.practices), "number"),
        )
    )
    return [
        figures,
        _by_service_line(care, budget),
        *([_by_neighbourhood(care, budget, neighbourhood_names)] if care.neighbourhoods else []),
        _by_practice(care, budget),
    ]


def _by_service_line(care: CareBudget, budget: WholePopulationBudget) -> Table:
    rows: list[tuple[Cell, ...]] = []
    totals: list[list[Line]] = [[] for _ in STEPS]
    for held in care.lines:
        code = held.service_line.code
        columns = (
            held.baseline,
            held.historic,
            held.target,
            held.funded,
            budget.in_budget[code],
            budget.performance_pay[code],
        )
        sums = [summed(name, column) for name, column in zip(STEPS, columns, strict=True)]
        for held_so_far, line in zip(totals, sums, strict=True):
            held_so_far.append(line)
        rows.append((held.service_line.label, *(amount_cell(line) for line in sums)))
    labels = (
        Column("Service line"),
        Column("Baseline", "pounds", group=care.baseline_year.label),
        *(Column(step, "pounds", group=care.year.label) for step in STEPS[1:]),
    )
    note = (
        "Baseline: the last full year's spend. Rolled forward: the baseline with growth and today's list. "
        "Need-weighted target: what a population of this size and need should cost. Cost of care: the year's mix of "
        "the two, held to the limit on change in a year."
    )
    whole = (amount_cell(total(name, *lines)) for name, lines in zip(STEPS, totals, strict=True))
    return Table("By service line", labels, tuple(rows), ("All service lines", *whole), note, sheet="Service lines")


def _by_neighbourhood(care: CareBudget, budget: WholePopulationBudget, names: Mapping[str, str]) -> Table:
    parts = _parts(care, budget)
    mark = _marker(care)
    rows = [
        (
            f"{code} {names.get(code, '')}".strip(),
            len(codes),
            *(mark(sum((part[p] for p in codes), Decimal(0))) for part in parts),
        )
        for code, codes in care.neighbourhoods.items()
    ]
    labels = (Column("Neighbourhood"), Column("Practices", "number"), *_part_columns(care))
    whole = ("All", len(care.practices), *(mark(sum(part.values(), Decimal(0))) for part in parts))
    return Table("By neighbourhood", labels, tuple(rows), whole, sheet="Budget by neighbourhood")


def _by_practice(care: CareBudget, budget: WholePopulationBudget) -> Table:
    parts = _parts(care, budget)
    mark = _marker(care)
    rows = [(code, care.names.get(code, ""), *(mark(part[code]) for part in parts)) for code in care.practices]
    labels = (Column("Practice", "code"), Column("Name"), *_part_columns(care))
    whole = ("All", "", *(mark(sum(part.values(), Decimal(0))) for part in parts))
    folded = len(rows) > LONGEST_UNFOLDED
    return Table("By practice", labels, tuple(rows), whole, row_header=1, sheet="Budget by practice", folded=folded)


def _marker(care: CareBudget) -> Callable[[Decimal], Cell]:
    """Marks sums over all service lines, where any of them rests on illustrative figures; nothing is never marked."""
    rests = bool(care.total.supplied("illustrative"))
    return lambda amount: Illustrative(amount) if rests and amount else amount


def _parts(care: CareBudget, budget: WholePopulationBudget) -> list[Mapping[str, Decimal]]:
    sides = ({h.service_line.code: h.funded for h in care.lines}, budget.in_budget, budget.performance_pay)
    return [_added(care.practices, side) for side in sides]


def _added(practices: Sequence[str], columns: Mapping[str, Line]) -> dict[str, Decimal]:
    whole = dict.fromkeys(practices, Decimal(0))
    for line in columns.values():
        for code, amount in line.by_key().items():
            whole[code] += amount
    return whole


def _part_columns(care: CareBudget) -> tuple[Column, ...]:
    return tuple(Column(name, "pounds", group=care.year.label) for name in STEPS[3:])


def quarter_blocks(quarters: Sequence[QuarterBudget]) -> list[Block]:
    """The year's quarters under each convention as the list moves."""
    if not quarters:
        return []
    sums: dict[str, dict[str, QuarterBudget]] = {}
    for held in quarters:
        sums.setdefault(held.quarter.label, {})[held.convention] = held
    conventions = list(dict.fromkeys(held.convention for held in quarters))
    rows = tuple(_quarter_row(next(iter(by.values())), [by.get(name) for name in conventions]) for by in sums.values())
    labels = (
        Column("Quarter"),
        Column("List counted on", "date"),
        Column("List change", "share", places=2, total=False),
        *(Column(f"Under {name}", "money", total=False) for name in conventions),
    )
    words = (
        "A quarter's sum moves with the weighted list once the change passes a tolerance. Under **trigger** the whole "
        "change then counts; under **deductible** only what lies beyond the tolerance."
    )
    return [
        Heading("Quarters, as the list changes"),
        Paragraph(words),
        Table("Quarterly sums under both conventions", labels, rows, sheet="Quarters"),
    ]


def _quarter_row(any_of_it: QuarterBudget, held: Sequence[QuarterBudget | None]) -> tuple[Cell, ...]:
    counted = date.fromisoformat(any_of_it.counted_on) if any_of_it.counted_on else "Not counted"
    sums = (amount_cell(one.amount) if one else None for one in held)
    return (any_of_it.quarter.label, counted, any_of_it.change.amount, *sums)


def illustrative_blocks(care: CareBudget) -> list[Block]:
    """The illustrative numbers the budget depends on, so that nobody takes them for policy."""
    numbers = illustrative_numbers(care)
    if not numbers:
        return []
    rows = tuple(
        (_capital(line.name), plain_text(line.amount), line.unit.replace("GBP", "£"), str(line.source or ""))
        for line in numbers
    )
    labels = (Column("Number"), Column("Value", "number", total=False), Column("Unit"), Column("Source"))
    text = (
        "The numbers below are not confirmed by a published source. They stand in until a place puts its own into its "
        "contract folder; every figure that depends on one is marked †."
    )
    return [
        Heading("Illustrative numbers"),
        Notice("illustrative", text),
        Table("Illustrative numbers this budget depends on", labels, _as_cells(rows), sheet="Illustrative"),
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _as_cells(rows: Sequence[tuple[str, str, str, str]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((name, Decimal(value), unit, source) for name, value, unit, source in rows)
