"""What does a reader see of the three contract options side by side?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from commonweal.contract.options import PARTS, OptionBudget, Options, Portions
from commonweal.web.document import (
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Illustrative,
    Meta,
    Paragraph,
    Table,
)
from commonweal.web.values import amount_cell

SHOWN_PARTS = (*PARTS, "pooled_view")
SHORT = {
    "in_budget": "In the budget",
    "performance_pay": "Performance pay",
    "stays_with_practices": "Stays with practices",
    "existing_contracts": "Other contracts",
    "pooled_view": "Of which pooled view",
}


def options_document(place_name: str, options: Options) -> Document:
    """Virtual, partial and full side by side: in all, by service line, by practice; and as the practices agreed."""
    return Document(
        f"Contract options for {place_name}, {options.care.year.label}", options_blocks(options), meta=Meta(place_name)
    )


def options_blocks(options: Options) -> tuple[Block, ...]:
    """The options as blocks for any document."""
    figures = Figures(
        tuple(
            Figure(f"{held.label}: in the budget", amount_cell(held.whole.in_budget), note=_note(held))
            for held in options
        )
    )
    return (
        Paragraph(
            "Under **virtual**, practices and providers keep their contracts and share governance, a pooled view and "
            "the gain or loss. Under **partial**, the MCP holds everything in scope except core general practice. "
            "Under **full**, it holds core general practice too, and the practices' own contracts are suspended."
        ),
        figures,
        options_chart(options),
        _in_all(options),
        Heading("By service line"),
        _by_service_line(options),
        Heading("By practice"),
        _by_practice(options),
    )


def _note(held: OptionBudget) -> str:
    if held.name != "as_agreed":
        return "if every practice took it"
    return f"{len(held.options)} of {len(held.budget.practices)} practices take part"


def options_chart(options: Options) -> BarChart:
    """Where the cost of care goes under each option, as stacked bars."""
    bars = tuple(
        Bar(held.label, tuple(max(Decimal(0), getattr(held.whole, part).amount) for part in PARTS)) for held in options
    )
    series = tuple(SHORT[part] for part in PARTS)
    rests = any(isinstance(amount_cell(held.whole.funded), Illustrative) for held in options)
    return BarChart("Where the cost of care goes under each option", bars, series, illustrative=rests)


def _in_all(options: Options) -> Table:
    rows = tuple((held.label, *_cells(held.whole, SHOWN_PARTS), amount_cell(held.whole.funded)) for held in options)
    columns = (
        Column("Option"),
        *(Column(SHORT[part], "pounds") for part in SHOWN_PARTS),
        Column("Cost of care", "pounds"),
    )
    note = (
        "The first four columns add up to the cost of care. The pooled view is the part of other contracts that the "
        "members look at together; no money moves."
    )
    return Table("The options side by side", columns, rows, note=note, sheet="Options")


def _by_service_line(options: Options) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for held in options.care.lines:
        code = held.service_line.code
        amounts = [_scope_cells(option.of_line(code)) for option in (options.partial, options.full, options.as_agreed)]
        funded = options.full.of_line(code).funded
        rows.append((held.service_line.label, amount_cell(funded), *(cell for pair in amounts for cell in pair)))
    caption = "What moves into the budget, by service line"
    return Table(caption, _scope_columns("Service line"), tuple(rows), sheet="Options by line")


def _by_practice(options: Options) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for code in options.care.practices:
        amounts = [
            _scope_cells(option.of_practice(code)) for option in (options.partial, options.full, options.as_agreed)
        ]
        funded = options.full.of_practice(code).funded
        taken = options.as_agreed.options.get(code, "stays out").capitalize()
        name = f"{code} {options.care.names.get(code, '')}".strip()
        rows.append((name, taken, amount_cell(funded), *(cell for pair in amounts for cell in pair)))
    first, *others = _scope_columns("Practice")
    columns = (first, Column("Agreed"), *others)
    return Table("What moves into the budget, by practice", columns, tuple(rows), sheet="Options by practice")


def _scope_columns(first: str) -> tuple[Column, ...]:
    columns = [Column(first), Column("Cost of care", "pounds")]
    for label in ("Partial", "Full", "As agreed"):
        columns += [
            Column("In the budget", "pounds", group=label),
            Column(SHORT["performance_pay"], "pounds", group=label),
        ]
    return tuple(columns)


def _scope_cells(portions: Portions) -> tuple[Cell, ...]:
    return _cells(portions, ("in_budget", "performance_pay"))


def _cells(portions: Portions, parts: tuple[str, ...], cell: Callable[..., Cell] = amount_cell) -> tuple[Cell, ...]:
    return tuple(cell(getattr(portions, part)) for part in parts)
