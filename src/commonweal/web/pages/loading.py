"""What does a reader see of files that were loaded into a record?"""

from __future__ import annotations

from commonweal.people.loading.loaded import Loaded
from commonweal.web.document import Block, Column, Document, Meta, Notice, Paragraph, Table
from commonweal.web.pages.findings import KINDS

TABLE_NAMES = {
    "persons": "Persons",
    "registrations": "Registrations",
    "attributes": "Attributes, months in which something changed",
    "conditions": "Conditions",
    "activity": "Activity",
}


def loading_document(place_name: str, loaded: Loaded) -> Document:
    """What each file was recognised as, what became of its rows, what was found, and what the record now holds."""
    blocks: list[Block] = [_outcome(loaded), _files(loaded)]
    if loaded.holds:
        blocks.append(_holds(loaded))
    if loaded.set_aside:
        blocks.append(
            Paragraph(
                f"{sum(f.aside for f in loaded.files):,} rows are set aside in {loaded.set_aside[0].parent}, each with"
                " the rule and its row. Correct such a file and load it, to have its rows in the record."
            )
        )
    blocks += _found(loaded)
    return Document(f"Files loaded into the record of {place_name}", tuple(blocks), meta=Meta(place_name))


def _outcome(loaded: Loaded) -> Block:
    if loaded.record is None:
        return Notice(
            "warning",
            f"{loaded.errors:,} rows are in error; {loaded.tolerated:,} are tolerated. The record stays as it was.",
            title="Nothing was published",
        )
    replaced = f" {loaded.replaced:,} rows of months that were sent again are replaced." if loaded.replaced else ""
    return Paragraph(
        f"The record is published. It holds activity from {loaded.record.start} to before {loaded.record.end}."
        f" {loaded.errors:,} rows were in error; {loaded.tolerated:,} are tolerated.{replaced}",
        lead=True,
    )


def _files(loaded: Loaded) -> Table:
    rows = tuple((f.name, f.shape, f.rows, f.kept, f.mended, f.aside) for f in loaded.files)
    added = [sum(getattr(f, name) for f in loaded.files) for name in ("rows", "kept", "mended", "aside")]
    total = ("All", "", *added)
    columns = (
        Column("File"),
        Column("Recognised as"),
        Column("Rows read", "number"),
        Column("Kept", "number"),
        Column("of them mended", "number"),
        Column("Set aside", "number"),
    )
    return Table("Files", columns, rows, total, sheet="Files")


def _holds(loaded: Loaded) -> Table:
    rows = tuple((TABLE_NAMES[name], loaded.holds[name]) for name in TABLE_NAMES)
    return Table("The record now holds", (Column("Table"), Column("Rows", "number", total=False)), rows, sheet="Record")


def _found(loaded: Loaded) -> tuple[Block, ...]:
    if not loaded.findings:
        return (Paragraph("The checks found nothing to report."),)
    rows = tuple((KINDS[f.severity], f.message, f.mend, f.where(), f.rule) for f in loaded.findings)
    columns = (Column("Kind"), Column("What was found"), Column("What to do"), Column("Where"), Column("Rule", "code"))
    return (Table("What the checks found", columns, rows, row_header=1, sheet="Findings"),)
