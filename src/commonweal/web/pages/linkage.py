"""What does a reader see of linkage held against the truth?"""

from __future__ import annotations

from decimal import Decimal

from commonweal.people.linkage.measured import ALL, Measured, MeasuredRow
from commonweal.web.document import Block, Column, Document, Figure, Figures, Meta, Notice, Paragraph, Table

COUNTS = (
    Column("Records", "number", places=0),
    Column("Of listed people", "number", places=0),
    Column("Linked", "number", places=0),
    Column("Linked rightly", "number", places=0),
    Column("In review", "number", places=0),
)
SHARES = (
    Column("Precision", "share", places=2, total=False),
    Column("Recall", "share", places=2, total=False),
    Column("Recall with review", "share", places=2, total=False),
    Column("Review", "share", places=2, total=False),
)


def linkage_document(found: Measured, *, place: str = "", invented: bool = False) -> Document:
    """Precision, recall and review of linkage, at several match weights and by fault, and what the weights rest on.

    Takes    invented: whether the list itself was made up for the measurement.
    """
    whole = found.whole
    blocks: list[Block] = [
        Paragraph(
            f"**{whole.records:,}** records with faults and no NHS number, linked to **{found.people:,}** people.",
            lead=True,
        ),
        *_notices(found, invented),
        _headlines(whole),
        _by_weight(found),
        _by_fault(found),
        _levels(found),
    ]
    return Document("Linkage held against the truth", tuple(blocks), meta=Meta(place))


def _notices(found: Measured, invented: bool) -> list[Block]:
    said: list[Block] = []
    if invented:
        text = "The place has no list of its people by name, so a small one was made up for this."
        said.append(Notice("information", text))
    text = (
        "The faults and how often they occur are made up. A real file has its own: have people check a sample of it "
        "before you rest on these figures."
    )
    said.append(Notice("illustrative", text))
    said += [Notice("warning", f"{finding.where()}: {finding.message} {finding.mend}") for finding in found.findings]
    return said


def _headlines(whole: MeasuredRow) -> Figures:
    return Figures(
        (
            Figure("Precision", whole.precision, "share", "of the linked, linked rightly", 2),
            Figure("Recall", whole.recall, "share", "of those on the list, linked rightly", 2),
            Figure("Review", whole.review_share, "share", "of the records, for a person to decide", 2),
        )
    )


def _by_weight(found: Measured) -> Table:
    rows = tuple(
        (
            _bits(row.link_weight) + (" (in use)" if row.link_weight == found.in_use else ""),
            *_counts(row),
            *_shares(row),
        )
        for row in found.by_weight()
    )
    note = "Bits: each doubles the odds. Recall with review counts every decision in review as right."
    return Table("By match weight that links", (Column("Bits"), *COUNTS, *SHARES), rows, note=note, sheet="By weight")


def _by_fault(found: Measured) -> Table:
    rows = tuple(
        (row.fault.replace("_", " "), *_counts(row), *_shares(row))
        for row in found.at(found.in_use)
        if row.fault != ALL
    )
    total = ("all", *_counts(found.whole), *_shares(found.whole))
    return Table(
        "By fault, at the match weight in use", (Column("Fault"), *COUNTS, *SHARES), rows, total, sheet="By fault"
    )


def _levels(found: Measured) -> Table:
    rows = tuple(
        (
            level.comparison.replace("_", " "),
            level.label,
            Decimal(f"{level.m:.6f}"),
            Decimal(f"{level.u:.6f}"),
            Decimal(f"{found.model.weight(level):.2f}"),
        )
        for level in found.model.levels
    )
    columns = (
        Column("Field"),
        Column("Agreement"),
        Column("For one person", "number", places=6, total=False),
        Column("By chance", "number", places=6, total=False),
        Column("Bits", "number", places=2, total=False),
    )
    source = "Learnt from these records." if found.model.learnt else "As stated: there were too few rows to learn from."
    note = f"{source} A name counts for more than its bits when it is rare, and for less when it is common."
    return Table("What agreement is worth", columns, rows, note=note, sheet="Weights")


def _counts(row: MeasuredRow) -> tuple[int, ...]:
    return (row.records, row.of_listed, row.linked, row.linked_rightly, row.in_review)


def _shares(row: MeasuredRow) -> tuple[Decimal | None, ...]:
    return (row.precision, row.recall, row.recall_with_review, row.review_share)


def _bits(weight: Decimal) -> str:
    return f"{weight.normalize():f}"
