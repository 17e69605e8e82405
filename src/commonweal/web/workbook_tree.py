"""How is an explained amount written as an outline of live cells?

Each line is a row below the line it is part of. Where the line says its working as a formula, or its value is a plain
sum, difference, product, quotient, blend or rounding of its direct parts, the cell is that formula; the parts are then
the places to try a change. A line that comes in again refers to its first row, so that a change is made once. Anything
else, and every supplied number, is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any, Protocol

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from commonweal.core.amounts import POUNDS, Line
from commonweal.core.explanation import AS_ABOVE, explained
from commonweal.core.money import EXACT, PENNY
from commonweal.web.document import Tree

DEEPEST_OUTLINE = 7
LONGEST_FORMULA = 8000
VALUE = 1
FIRST_ROW = 3
HEADS = (("Line", 48), ("Value", 20), ("Unit", 12), ("Working", 60), ("Status", 12), ("Source", 44))


class TreeFormats(Protocol):
    """Whatever hands out cell formats by their looks."""

    def of(self, *looks: str, number: str = "") -> Any:
        """The format that has all the looks, and a number format."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its row on the sheet and those of its parts, which are none where the tree was cut off.

    first    the row where the same line stands already, with its parts below it; None for the first
    """

    line: Line
    row: int
    depth: int
    parts: tuple[PlacedLine, ...]
    first: int | None = None


def write_tree(sheet: Worksheet, tree: Tree, formats: TreeFormats) -> None:
    """Write the explanation as grouped rows, folded below the first level."""
    sheet.write_string(0, 0, tree.title, formats.of("heading"))
    for column, (head, width) in enumerate(HEADS):
        sheet.write_string(FIRST_ROW - 1, column, head, formats.of("head"))
        sheet.set_column(column, column, width)
    sheet.outline_settings(symbols_below=False)
    for placed in _walk(placed_tree(tree)):
        _write_line(sheet, tree, placed, formats)
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def placed_tree(tree: Tree) -> PlacedLine:
    """The explanation with a row for each line, in the order it is read."""
    placed, _ = _placed(tree.line, FIRST_ROW, 0, tree.depth, {})
    return placed


def _placed(
    line: Line, row: int, depth: int, most: int | None, told: dict[int, tuple[int, bool]]
) -> tuple[PlacedLine, int]:
    """A line and what is below it, and the first row after.

    Takes    told: by identity, the row of each line told already, and whether its parts were left out there.
    """
    whole = most is None or depth < most
    first, cut = told.get(id(line), (None, False))
    if first is not None and not (cut and whole):
        return PlacedLine(line, row, depth, (), first), row + 1
    told[id(line)] = (row, not whole)
    parts: list[PlacedLine] = []
    after = row + 1
    for child in line.children() if whole else ():
        part, after = _placed(child, after, depth + 1, most, told)
        parts.append(part)
    return PlacedLine(line, row, depth, tuple(parts)), after


def _walk(placed: PlacedLine) -> Iterator[PlacedLine]:
    yield placed
    for part in placed.parts:
        yield from _walk(part)


def _write_line(sheet: Worksheet, tree: Tree, placed: PlacedLine, formats: TreeFormats) -> None:
    line = placed.line
    shown = next(explained(line, depth=0))
    illustrative = ("illustrative",) if line.status == "illustrative" else ()
    weight = ("strong",) if placed.depth == 0 else ()
    sheet.write_string(placed.row, 0, "   " * placed.depth + tree.named(line.name), formats.of(*weight))
    number = formats.of(*weight, *illustrative, number="#,##0.00" if line.unit == POUNDS else "#,##0.######")
    formula = _reference(placed) or live_formula(placed)
    if formula:
        sheet.write_formula(placed.row, VALUE, formula, number, float(line.amount))
    else:
        sheet.write_number(placed.row, VALUE, float(line.amount), number)
    unit = "£" if line.unit == POUNDS else "" if line.unit == "ratio" else line.unit
    working = f"{line.working} {AS_ABOVE}".strip() if placed.first is not None else line.working
    for column, words in ((2, unit), (3, working), (4, shown.status), (5, shown.source)):
        sheet.write_string(placed.row, column, words, formats.of("quiet"))
    level = min(placed.depth, DEEPEST_OUTLINE)
    folded = placed.depth >= 1 and bool(placed.parts)
    sheet.set_row(placed.row, None, None, {"level": level, "hidden": placed.depth > 1, "collapsed": folded})


def _reference(placed: PlacedLine) -> str:
    return "" if placed.first is None else f"={xl_rowcol_to_cell(placed.first, VALUE)}"


def live_formula(placed: PlacedLine) -> str:
    """The formula that gives the line's value from its parts' cells; empty where there is none.

    The line's own where it says one. Otherwise each plain rule is tried on the exact values, the ones the working
    speaks of first, and taken only when it gives the line's value, so a formula never says something the calculation
    did not.
    """
    if not placed.parts:
        return ""
    cells = [xl_rowcol_to_cell(part.row, VALUE) for part in placed.parts]
    if placed.line.formula:
        return _short_enough(_stated(placed.line, cells))
    values = [part.line.amount for part in placed.parts]
    working = placed.line.working.lower()
    hinted = {rule: any(hint in working for hint in rule.hints) for rule in RULES}
    # Where the working names no rule, parts of 0 or 1 and single parts could fit one by accident.
    by_accident = len(values) == 1 or any(value in (0, 1) for value in values)
    for rule in sorted(RULES, key=lambda rule: not hinted[rule]):
        if rule.parts not in (None, len(values)) or (by_accident and not hinted[rule]):
            continue
        if _gives(rule, values, placed.line.amount):
            return _short_enough(rule.formula(cells))
    return ""


def _stated(line: Line, cells: list[str]) -> str:
    """The line's own formula with cells in the place of its parts; a bare name is a function of them all."""
    if "{" in line.formula:
        # A column under one amount is shown as a row a key: then the parts are not those that the formula counts.
        return line.formula.format(*cells) if len(cells) == len(line.parts) else ""
    return _sum_formula(cells) if line.formula == "SUM" else f"{line.formula}({','.join(cells)})"


def _short_enough(formula: str) -> str:
    return f"={formula}" if 0 < len(formula) < LONGEST_FORMULA else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A plain rule of arithmetic: on exact values, and as a formula of cells.

    Takes    hints: what a working that uses it says; parts: how many parts it takes, any number when None.
    """

    hints: tuple[str, ...]
    parts: int | None
    value: Callable[[list[Decimal]], Decimal]
    formula: Callable[[list[str]], str]


def _gives(rule: Rule, values: list[Decimal], wanted: Decimal) -> bool:
    with localcontext(EXACT):
        try:
            return rule.value(values) == wanted
        except ArithmeticError:
            return False


def _sum_formula(cells: list[str]) -> str:
    columns_run_on = all(int(b[1:]) == int(a[1:]) + 1 for a, b in pairwise(cells))
    return f"SUM({cells[0]}:{cells[-1]})" if columns_run_on and len(cells) > 1 else "+".join(cells)


RULES = (
    Rule(("to the penny",), 1, lambda v: v[0].quantize(PENNY, rounding="ROUND_HALF_UP"), lambda c: f"ROUND({c[0]},2)"),
    Rule(("sum",), None, lambda v: sum(v, Decimal(0)), _sum_formula),
    Rule(("−",), 2, lambda v: v[0] - v[1], lambda c: f"{c[0]}-{c[1]}"),
    Rule(("1 +",), 1, lambda v: 1 + v[0], lambda c: f"1+{c[0]}"),
    Rule(("1 −",), 1, lambda v: 1 - v[0], lambda c: f"1-{c[0]}"),
    Rule(("×",), 2, lambda v: v[0] * v[1], lambda c: f"{c[0]}*{c[1]}"),
    Rule(("÷",), 2, lambda v: v[0] / v[1], lambda c: f"{c[0]}/{c[1]}"),
    Rule(
        ("(1 −",),
        3,
        lambda v: (1 - v[2]) * v[0] + v[2] * v[1],
        lambda c: f"(1-{c[2]})*{c[0]}+{c[2]}*{c[1]}",
    ),
)
