"""How is a cell printed?

One place turns values into words, so that page, PDF and spreadsheet print the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from commonweal.core.amounts import POUNDS, Line
from commonweal.core.explanation import ExplainedRow
from commonweal.core.money import EXACT, money_text
from commonweal.web.document import Cell, Column, Figure, Illustrative, Kind, Link, Tree

NOTHING = "–"
MARK = "†"
MARK_MEANING = "rests on at least one illustrative figure"
PLACES: Mapping[str, int] = {"money": 2, "pounds": 0, "people": 0, "share": 1}


def value_of(cell: Cell) -> str | int | Decimal | date | Link | None:
    """The cell without its mark."""
    return cell.value if isinstance(cell, Illustrative) else cell


def cell_text(cell: Cell, kind: Kind, places: int | None = None) -> str:
    """A cell's words, without pound sign and without the mark of illustrative values."""
    value = value_of(cell)
    if value is None:
        return NOTHING
    if isinstance(value, Link):
        return value.text
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, str):
        return value
    return number_text(Decimal(value), kind, places)


def number_text(number: Decimal, kind: Kind, places: int | None = None) -> str:
    """A number's words: thousands separated, rounded half away from zero to its kind's places, shares in per cent."""
    if kind == "money" and places is None:
        return money_text(number)
    shown = decimals(kind, places)
    with localcontext(EXACT):
        scaled = number * 100 if kind == "share" else number
        if shown is not None:
            scaled = scaled.quantize(Decimal(1).scaleb(-shown), rounding=ROUND_HALF_UP)
    text = f"{abs(scaled) if scaled == 0 else scaled:,f}"
    return f"{text}%" if kind == "share" else text


def decimals(kind: Kind, places: int | None) -> int | None:
    """How many decimals are shown; None for as many as the number has."""
    return places if places is not None else PLACES.get(kind)


def column_text(cell: Cell, column: Column) -> str:
    """A table cell's words."""
    return cell_text(cell, column.kind, column.places)


def standing_text(cell: Cell, kind: Kind, places: int | None = None) -> str:
    """A value's words where it stands alone: money with its pound sign."""
    text = cell_text(cell, kind, places)
    if kind in ("money", "pounds") and isinstance(value_of(cell), int | Decimal):
        return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"
    return text


def figure_text(figure: Figure) -> str:
    """A headline number's words."""
    return standing_text(figure.value, figure.kind, figure.places)


def explained_value(row: ExplainedRow) -> str:
    """An explained value's words with its unit."""
    if row.unit == POUNDS:
        return f"-£{row.value[1:]}" if row.value.startswith("-") else f"£{row.value}"
    return f"{row.value} {row.unit}".strip() if row.unit != "ratio" else row.value


def explained_reason(row: ExplainedRow) -> str:
    """How an explained value came about: its working, else where it was found."""
    return "; ".join(x for x in (row.working, row.source) if x)


def amount_cell(line: Line) -> Cell:
    """A single amount as a cell, marked where it rests on illustrative figures; nothing is never marked."""
    return Illustrative(line.amount) if line.amount and line.supplied("illustrative") else line.amount


def amount_cells(column: Line) -> dict[str, Cell]:
    """A column's amounts as cells by key, all marked where the column rests on illustrative figures."""
    values = column.by_key()
    if column.supplied("illustrative"):
        return {key: Illustrative(value) for key, value in values.items()}
    return dict(values)


def tree_illustrative(tree: Tree) -> bool:
    """Whether the amount rests on illustrative figures."""
    return bool(tree.line.supplied("illustrative"))
