"""What does a reader see of a published file recomputed?"""

from __future__ import annotations

from commonweal.place.verification import Verification
from commonweal.web.document import Block, Column, Document, Paragraph, Table


def verification_document(found: Verification, *, most: int | None = None) -> Document:
    """How much of a file matched, check by check, and the rows that did not.

    Takes    most: how many rows to show; all when None. What is left out is counted.
    """
    blocks: list[Block] = [Paragraph(f"**matched {found.matched:,} of {found.of:,}**", lead=True), _checks(found)]
    if found.figures:
        rows = tuple((name, value) for name, value in found.figures.items())
        columns = (Column("Figure"), Column("Value", "number", places=4, total=False))
        blocks.append(Table("Recovered from the file", columns, rows, sheet="Recovered"))
    if found.rows:
        blocks.append(_rows(found, most))
    return Document(f"{found.file}, recomputed", tuple(blocks), subtitle=found.year)


def _checks(found: Verification) -> Table:
    rows = tuple((check.name, check.matched, check.of, check.tolerance, check.meaning) for check in found.checks)
    columns = (
        Column("Check"),
        Column("Matched", "number"),
        Column("Of", "number"),
        Column("Within"),
        Column("Meaning"),
    )
    return Table("Checks", columns, rows, ("All", found.matched, found.of, "", ""), sheet="Checks")


def _rows(found: Verification, most: int | None) -> Table:
    shown = found.rows if most is None else found.rows[:most]
    practices = any(row.practice_code for row in shown)
    cells = ((row.practice_code, row.check, row.published, row.recomputed, row.difference) for row in shown)
    columns = (
        Column("Practice", "code"),
        Column("Check"),
        Column("Published", "number", total=False),
        Column("Recomputed", "number", total=False),
        Column("Difference", "number", total=False),
    )
    # A file that is not of practices has nothing in that column.
    first = 0 if practices else 1
    left = len(found.rows) - len(shown)
    note = f"{left:,} more rows are not shown; --format csv prints them all." if left else ""
    rows = tuple(row[first:] for row in cells)
    return Table("Rows that do not match", columns[first:], rows, note=note, sheet="Not matched")
