"""What does a reader see of a record's people held against published figures?"""

from __future__ import annotations

from commonweal.people.synthesis.calibration import PARTS, Calibration, CalibrationRow
from commonweal.web.document import (
    Block,
    Bullets,
    Column,
    Document,
    Figure,
    Figures,
    Meta,
    Notice,
    Paragraph,
    Table,
)

COLUMNS = (
    Column("Measure"),
    Column("Of whom"),
    Column("Record", "number", places=3, total=False),
    Column("Published", "number", places=3, total=False),
    Column("Ratio", "number", places=2, total=False),
    Column("From", "number", places=3, group="Target", total=False),
    Column("To", "number", places=3, group="Target", total=False),
    Column("Met"),
)
NOTES = {
    "Age curves": (
        "England's rates are for people of the same age, sex and deprivation. Its hospital figures are episodes, of "
        "which an admission has about 1.4; here an admission stands for each. Cost is compared in shape only: each "
        "band against all ages."
    ),
    "Segments": "The published segments are taken to be of people of 17 and over. Targets are for England's ages.",
    "Levels": (
        "Published sets disagree with one another: GP contacts follow England, other practice staff bring the total "
        "near Bristol's; cost lies between the two. No target is set for a level."
    ),
    "Risk": "Learnt on the last year but one and tried on the last, from what was known before each.",
}


def calibration_document(found: Calibration, *, place: str = "") -> Document:
    """Every figure beside the published one, its target and whether it is met; the misses first."""
    blocks: list[Block] = [
        Paragraph(
            f"**{found.met} of {len(found.with_target)}** targets are met by the {found.people:,} people on the lists "
            f"in the year before {found.end.day} {found.end:%B %Y}.",
            lead=True,
        ),
        *_misses(found),
    ]
    if not found.synthetic:
        text = "These people are not made up: a figure that differs says something about the place."
        blocks.append(Notice("information", text))
    blocks.append(_headlines(found))
    for part in PARTS:
        if rows := found.part(part):
            blocks.append(_table(part, rows))
    return Document("People held against published figures", tuple(blocks), meta=Meta(place))


def _misses(found: Calibration) -> list[Block]:
    if not found.misses:
        return [Paragraph("None misses its target.")]
    items = tuple(
        f"{row.part}, {row.measure}, {row.group}: {row.measured.normalize():f}, should be "
        f"{row.lowest.normalize():f} to {row.highest.normalize():f}"
        for row in found.misses
        if row.lowest is not None and row.highest is not None
    )
    said = "1 target is missed." if len(items) == 1 else f"{len(items)} targets are missed."
    return [Notice("warning", said), Bullets(items)]


def _headlines(found: Calibration) -> Figures:
    wanted = (
        ("Deprivation gradient", "first against last fifth", "Emergency gradient"),
        ("Concentration of cost", "costliest 5 %", "Cost of the costliest 5 %"),
        ("Risk", "AUROC", "AUROC of a plain model"),
    )
    items = []
    for part, group, label in wanted:
        row = next((row for row in found.part(part) if row.group == group), None)
        if row is not None:
            items.append(Figure(label, row.measured, "number", places=2))
    return Figures(tuple(items))


def _table(part: str, rows: tuple[CalibrationRow, ...]) -> Table:
    cells = tuple(
        (
            row.measure,
            row.group,
            row.measured,
            row.published,
            row.ratio,
            row.lowest,
            row.highest,
            {True: "yes", False: "no", None: ""}[row.met],
        )
        for row in rows
    )
    return Table(part, COLUMNS, cells, note=NOTES.get(part, ""), sheet=part[:30])
