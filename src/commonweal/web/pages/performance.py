"""What does a reader see of scores and performance pay, and of published scores worked out again?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from commonweal.contract.performance.futures import PayByChance
from commonweal.contract.performance.performance import Performance
from commonweal.contract.performance.performance_verification import PerformanceVerification, ScoreRow
from commonweal.contract.performance.records import earned_together
from commonweal.core.amounts import Line
from commonweal.core.explanation import plain_text
from commonweal.web.document import Block, Cell, Column, Document, Heading, Notice, Paragraph, Table, Tree, plain

MOST = 20
LONGEST_SHEET = 31
STATES = {
    "measured": "measured",
    "handed_in": "points as handed in",
    "protected": "protected at its last value",
    "zero": "nothing",
    "left_out": "left out; the others count for more",
}
CHANCE_NOTE = (
    "By chance: where nineteen in twenty results would lie if nothing but chance moved this one; the fewer in the "
    "denominator, the wider."
)


def performance_document(
    label: str, found: Mapping[str, Performance], ranges: Mapping[str, PayByChance], *, depth: int | None = None
) -> Document:
    """Each scheme of a contract: what was earned, the scores with what chance alone does to them, and why."""
    blocks: list[Block] = []
    together = earned_together(found)
    if len(found) > 1 and together is not None:
        rows = tuple((line.name, line.amount) for line in together.parts)
        columns = (Column("Scheme"), Column("Earned", "money", unit=together.unit))
        blocks.append(Table("All schemes", columns, rows, ("All", together.amount), sheet="All schemes"))
    for name, held in found.items():
        if len(found) > 1:
            blocks.append(Heading(held.scheme.label))
        blocks.extend(_scheme(held, ranges.get(name), depth))
    return Document(label, tuple(blocks), subtitle=f"By the terms of {next(iter(found.values())).on:%-d %B %Y}")


def _scheme(held: Performance, chance: PayByChance | None, depth: int | None) -> list[Block]:
    blocks: list[Block] = [Paragraph(plain(_said(held)), lead=True)]
    if chance is not None:
        said = f"By chance alone, nineteen in twenty such years earn {chance.low:,.2f} to {chance.high:,.2f}."
        blocks.append(Paragraph(plain(said)))
    unsure = sorted({line.name for line in held.result.supplied("illustrative")}) if held.result is not None else []
    if unsure:
        said = f"Rests on terms of {held.scheme.label} that are illustrative: {', '.join(unsure)}."
        blocks.append(Notice("illustrative", plain(said)))
    blocks += [_measures(held), _domains(held)]
    money = _money(held)
    if money is not None:
        blocks.append(money)
    if held.result is not None:
        blocks.append(
            Tree(
                held.result, caption=f"{held.scheme.label}: how it came to that", depth=depth, sheet=_sheet("Why", held)
            )
        )
    return blocks


def _sheet(what: str, held: Performance) -> str:
    return f"{what} {held.scheme.name}"[:LONGEST_SHEET]


def _said(held: Performance) -> str:
    total, paid = held.total, held.payment
    if total.score is None or total.most is None:
        return f"{held.scheme.label}: no total, as {total.why}."
    said = f"{held.scheme.total.label}: {plain_text(total.score.amount)} of {plain_text(total.most.amount)}"
    if total.why:
        said += f", as {total.why}"
    return said if paid.earned is None else f"{said}. Earned: {paid.earned.amount:,.2f} {held.scheme.unit}."


def _measures(held: Performance) -> Table:
    rows = []
    for name, score in held.measures.items():
        measure, chance = held.scheme.measures[name], held.chance.get(name)
        ranges = (None, None) if chance is None else (
            f"{_short(chance.low)} to {_short(chance.high)}",
            f"{_short(chance.fewest)} to {_short(chance.most)}",
        )  # fmt: skip
        said = STATES[score.state] + (f": {score.why}" if score.why else "")
        domain = held.scheme.domains[measure.domain].label if measure.domain else ""
        rows.append((measure.label, domain, _of(score.value), ranges[0], _of(score.points), score.most.amount,
                     ranges[1], said))  # fmt: skip
    columns = (
        Column("Measure"),
        Column("Domain"),
        Column("Value", "number", places=4, total=False),
        Column("Value by chance"),
        Column("Points", "number", places=2, total=False),
        Column("Of", "number", places=2, total=False),
        Column("Points by chance"),
        Column("How it counts"),
    )
    note = CHANCE_NOTE if held.chance else ""
    return Table("Measures", columns, tuple(rows), note=note, sheet=_sheet("Measures", held))


def _short(number: Decimal) -> str:
    return plain_text(round(number, 4))


def _of(line: Line | None) -> Cell:
    return None if line is None else line.amount


def _domains(held: Performance) -> Table:
    rows = tuple(
        (
            held.scheme.domains[name].label,
            _of(domain.score),
            domain.most.amount,
            _of(domain.counted_weight),
            _of(domain.weighted),
            _of(held.payment.by_domain.get(name)),
            domain.why,
        )
        for name, domain in held.domains.items()
    )
    columns = (
        Column("Domain"),
        Column("Score", "number", places=4, total=False),
        Column("Of", "number", places=2, total=False),
        Column("Weight", "number", places=4, total=False),
        Column("Weighted", "number", places=4),
        Column("Earned", "money", unit=held.scheme.unit),
        Column("Why none"),
    )
    earned = held.payment.earned
    whole = ("All", None, None, None, _of(held.total.score), _of(earned), "")
    return Table("Domains", columns, rows, whole, sheet=_sheet("Domains", held))


def _money(held: Performance) -> Table | None:
    paid = held.payment
    lines = {
        "Pool": paid.pool,
        "Earned": paid.earned,
        "Paid on account": paid.interim,
        "True-up at the end of the year": paid.true_up,
    }
    rows = tuple((name, line.amount) for name, line in lines.items() if line is not None)
    if not rows:
        return None
    note = ""
    if paid.instalments:
        first, last = paid.instalments[0].amount, paid.instalments[-1].amount
        note = f"Paid on account in {len(paid.instalments)} instalments of {first:,.2f}, the last {last:,.2f}."
    if paid.true_up is not None and paid.true_up.amount < 0:
        note += " The true-up is paid back."
    columns = (Column("Sum"), Column("Amount", "money", unit=held.scheme.unit, total=False))
    return Table("Money", columns, rows, note=note, sheet=_sheet("Money", held))


def performance_verification_document(found: PerformanceVerification, most: int = MOST) -> Document:
    """How many published scores match, by kind, and of each that does not what was published and how ours is made."""
    lead = f"**matched {found.matched:,} of {found.of:,}** scores of {found.hospitals:,} hospitals"
    kinds = tuple((kind, matched, of) for kind, (matched, of) in found.by_kind().items())
    columns = (Column("Score"), Column("Matched", "number", places=0), Column("Of", "number", places=0))
    blocks: list[Block] = [
        Paragraph(lead, lead=True),
        Table("By kind", columns, kinds, ("All", found.matched, found.of), sheet="Kinds"),
    ]
    blocks.extend(_unmatched(row) for row in found.unmatched[:most])
    if len(found.unmatched) > most:
        blocks.append(Paragraph(f"{len(found.unmatched) - most:,} more do not match; --format csv prints them all."))
    return Document(f"{found.folder}, scored again", tuple(blocks))


def _unmatched(row: ScoreRow) -> Block:
    published = "none" if row.published is None else plain_text(row.published)
    said = f"{row.hospital}, {row.kind} of {row.of}: published {published}"
    if row.recomputed is not None and row.ours is not None:
        return Tree(row.recomputed, caption=f"{said}, ours {plain_text(row.ours)}")
    if row.low is not None and row.high is not None:
        return Paragraph(plain(f"{said}, ours between {plain_text(row.low)} and {plain_text(row.high)}"))
    return Paragraph(plain(f"{said}, ours none"))
