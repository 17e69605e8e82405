"""How is an amount's explanation read: as rows, as text, as data?

Terminal, page, spreadsheet and PDF print these same rows, so no output tells a story of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from commonweal.core.amounts import POUNDS, Line, Source
from commonweal.core.money import money_text

PLACES_OF_OTHER_UNITS = 6
AS_ABOVE = "(as above)"


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One line of an explanation: how deep it lies, its name, its value as text, and where it comes from."""

    depth: int
    name: str
    value: str
    unit: str
    working: str
    status: str
    source: str


def value_text(line: Line, *, separators: bool = True) -> str:
    """A single value as text: money with two decimals, other units with up to six, no trailing zeros."""
    if line.unit == POUNDS:
        return money_text(line.amount, separators=separators)
    return plain_text(line.amount, separators=separators)


def plain_text(number: Decimal, *, separators: bool = False) -> str:
    """A number as text, rounded to six decimals, without trailing zeros or an exponent."""
    text = f"{round(number, PLACES_OF_OTHER_UNITS):{',' if separators else ''}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def reliability(line: Line) -> str:
    """How sure an amount is: the least sure status of any number it stands on."""
    held = {supplied.status for supplied in line.supplied()}
    return next((status for status in ("illustrative", "derived", "published", "given") if status in held), "given")


def explained(line: Line, *, depth: int | None = None) -> Iterator[ExplainedRow]:
    """The line and what it stands on, depth first; what was told already is named again but not told again.

    Takes    depth: how many levels below the line to show; all when None.
    """
    yield from _rows(line, 0, depth, set())


def _rows(line: Line, level: int, most: int | None, told: set[object]) -> Iterator[ExplainedRow]:
    again = _same(line) in told
    working = f"{line.working} {AS_ABOVE}" if again else line.working
    yield ExplainedRow(
        level, line.name, value_text(line), line.unit, working, line.status or "", _source_text(line.source)
    )
    if again or (most is not None and level >= most):
        return
    if line.parts and not line.folded:
        told.add(_same(line))
    for part in line.children():
        yield from _rows(part, level + 1, most, told)


def _same(line: Line) -> object:
    """What makes two lines of one explanation the same: their words, their value and what they were made from."""
    made_from = tuple((part.name, part.value if isinstance(part.value, Decimal) else id(part)) for part in line.parts)
    return (line.name, line.amount, line.working, made_from)


def _source_text(source: Source | None) -> str:
    return "" if source is None else str(source)


def explanation_text(line: Line, *, depth: int | None = None) -> str:
    """The explanation as an indented table for a terminal or a text file."""
    rows = list(explained(line, depth=depth))
    names = max(len("  " * row.depth + row.name) for row in rows)
    values = max(len(row.value) for row in rows)
    printed = []
    for row in rows:
        why = row.working or row.source
        if row.status:
            why = "; ".join(x for x in (row.status, row.working, row.source) if x)
        unit = "" if row.unit == POUNDS else f" {row.unit}"
        printed.append(f"{'  ' * row.depth + row.name:<{names}}  {row.value:>{values}}{unit}  {why}".rstrip())
    return "\n".join(printed)


def explanation_tree(line: Line, *, depth: int | None = None) -> dict[str, object]:
    """The explanation as nested data for JSON: money as text with two decimals, other units as plain text."""
    return _tree(line, depth, set())


def _tree(line: Line, depth: int | None, told: set[object]) -> dict[str, object]:
    again = _same(line) in told
    tree: dict[str, object] = {
        "name": line.name,
        "value": value_text(line, separators=False),
        "unit": line.unit,
        "working": f"{line.working} {AS_ABOVE}" if again else line.working,
    }
    if line.status:
        tree["status"] = line.status
    if line.source:
        tree["source"] = {"title": line.source.title, "where": line.source.where, "url": line.source.url}
    if again or depth == 0:
        return tree
    if line.parts and not line.folded:
        told.add(_same(line))
    below = [_tree(part, None if depth is None else depth - 1, told) for part in line.children()]
    if below:
        tree["parts"] = below
    return tree
