"""What does a reader see of a settlement, of what chance does beside it, and of a file of them settled again?"""

from __future__ import annotations

from decimal import Decimal

from commonweal.contract.chance.beside import ChanceBeside
from commonweal.contract.chance.records import beside_record
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.place_settlement import PlaceSettlement
from commonweal.contract.settlement.settlement_verification import SettlementVerification
from commonweal.contract.settlement.settling import Settlement
from commonweal.contract.settlement.waterfall import WaterfallStep, waterfall
from commonweal.core.explanation import value_text
from commonweal.core.money import money_text
from commonweal.web.charts.waterfall import waterfall_picture
from commonweal.web.document import Block, Column, Document, Drawing, Notice, Paragraph, Table, Tree, plain
from commonweal.web.picture import Picture

MOST = 20
SIGNS = {"GBP": "£", "USD": "$"}


def settlement_document(held: PlaceSettlement) -> Document:
    """What a clause pays, step by step, with its whole explanation, what chance does, and each party's share."""
    return Document(held.clause.label, settlement_blocks(held))


def settlement_blocks(held: PlaceSettlement) -> tuple[Block, ...]:
    """The same as blocks, for a page of the report."""
    clause, found = held.clause, held.settlement
    blocks: list[Block] = [Paragraph(_lead(found), lead=True)]
    blocks += [Notice("information", plain(note), title="Left undone") for note in found.notes]
    blocks += [*waterfall_blocks(clause, found), *chance_blocks(held.chance), *_inputs(held)]
    blocks.append(Tree(found.payment, caption=f"{clause.label}, by the terms of {found.on:%-d %B %Y}"))
    money = Column("Share", "money", unit=found.payment.unit)
    if found.shares:
        rows = tuple((party, line.amount) for party, line in found.shares.items())
        blocks.append(Table("Shares", (Column("Party"), money), rows))
    return (*blocks, *practice_blocks(held))


def practice_blocks(held: PlaceSettlement) -> tuple[Block, ...]:
    """The share of each practice of a place; nothing where there are none."""
    if not held.practices:
        return ()
    money = Column("Share", "money", unit=held.settlement.payment.unit)
    rows = tuple((code, line.amount) for code, line in held.practices.items())
    note = "By weighted list now, in whole pence that sum to the payment."
    return (Table("By practice", (Column("Practice", "code"), money), rows, note=note),)


def _lead(found: Settlement) -> str:
    amount = found.payment.amount
    if amount == 0:
        return "**Nothing is paid** either way."
    way = "is paid to the provider" if amount > 0 else "is paid by the provider"
    return f"**{_money(abs(amount), found.payment.unit)}** {way}."


def _money(amount: Decimal, unit: str) -> str:
    sign = "−" if amount < 0 else ""
    return f"{sign}{SIGNS.get(unit, f'{unit} ')}{money_text(abs(amount))}"


def waterfall_blocks(clause: GainLossShare, found: Settlement, when: str = "") -> tuple[Block, ...]:
    """The settlement as a waterfall: a picture, and the same numbers as a table.

    Takes    when: in words, what is supposed, where a page shows more than one.
    """
    steps = waterfall(clause, found)
    unit = found.payment.unit
    columns = (
        Column("Step"),
        Column("Change", "money", unit=unit, total=False),
        Column("Amount then", "money", unit=unit, total=False),
    )
    rows = tuple((step.label, None if step.whole else step.change, step.amount) for step in steps)
    title = "From what was saved or overspent to what is paid" + (f", if {when}" if when else "")
    drawing = Drawing(title, _words(steps, unit), _picture(steps, unit), narrow=True)
    note = "Steps that change nothing are left out. Above zero is a gain, below it a loss."
    return drawing, Table(f"{title}, in numbers", columns, rows, note=note, sheet="Waterfall")


def _words(steps: tuple[WaterfallStep, ...], unit: str) -> str:
    between = "; ".join(f"{step.label} {_signed(step.change, unit)}" for step in steps if not step.whole)
    first, last = steps[0], steps[-1]
    return (
        f"Begins with {first.label}, {_money(first.amount, unit)}. {between + '. ' if between else ''}"
        f"{last.label}: {_money(abs(last.amount), unit)}."
    )


def _picture(steps: tuple[WaterfallStep, ...], unit: str) -> Picture:
    drawn = []
    for step in steps:
        start = Decimal(0) if step.whole else step.amount - step.change
        said = _money(step.amount, unit) if step.whole else _signed(step.change, unit)
        drawn.append((step.label, said, start, step.amount, step.whole))
    return waterfall_picture(drawn, whole="amount", more="towards the provider", fewer="away from the provider")


def _signed(amount: Decimal, unit: str) -> str:
    return f"+{_money(amount, unit)}" if amount > 0 else _money(amount, unit)


def chance_blocks(beside: ChanceBeside | None) -> tuple[Block, ...]:
    """What chance alone gives beside a gain or loss, with a warning where the corridor is narrower than it."""
    held = beside_record(beside)
    if held is None:
        text = "The list is not known, so what chance alone gives is not shown. Say how many people with --people."
        return (Notice("information", text, title="Chance"),)
    unit = held["unit"]
    columns = (
        Column("Reading"),
        Column("Spread", "share", places=2, total=False),
        Column("Spread in money", "money", unit=unit, total=False),
        Column("Payment, low", "money", unit=unit, total=False),
        Column("Payment, high", "money", unit=unit, total=False),
        Column("Paid for chance", "share", places=1, total=False),
        Column("Charged for chance", "share", places=1, total=False),
    )
    keys = (
        "reading",
        "spread",
        "spread_in_money",
        "payment_low",
        "payment_high",
        "paid_for_chance",
        "charged_for_chance",
    )
    rows = tuple(tuple(reading[key] for key in keys) for reading in held["readings"])
    years = "one year" if held["years"] == 1 else f"{held['years']} pooled years"
    note = (
        f"With {held['people']:,} people ({held['people_from']}) and {years}, when nobody does better or worse: 95 in "
        f"100 payments lie between low and high. Variation between people {held['variation_between_people']:.2f}, "
        f"{held['variation_from']}."
    )
    flags = [Notice("warning", r["flag"], title=r["reading"]) for r in held["readings"] if r["flag"]]
    return (*flags, Table("What chance alone gives", columns, rows, note=plain(note), sheet="Chance"))


def _inputs(held: PlaceSettlement) -> tuple[Block, ...]:
    amounts = held.settlement.amounts
    rows = tuple(
        (given.label, value_text(amounts[name]), given.unit, held.origins.get(name, ""))
        for name, given in held.clause.inputs.items()
        if name in amounts
    )
    columns = (Column("Input"), Column("Value", "code"), Column("Unit"), Column("From"))
    return (Table("Inputs, and where each is from", columns, rows, sheet="Inputs"),)


def settlement_verification_document(found: SettlementVerification, most: int = MOST) -> Document:
    """How many rows match, and of each that does not what was published and the explanation of ours."""
    blocks: list[Block] = [Paragraph(f"**matched {found.matched:,} of {found.of:,}**", lead=True)]
    if found.columns:
        columns = (Column("Column", "code"), Column("Matched", "number", places=0), Column("Of", "number", places=0))
        rows = tuple((name, matched, of) for name, (matched, of) in found.columns.items())
        note = "Columns of the file that are worked out on the way to what was paid."
        blocks.append(Table("Other columns", columns, rows, note=note))
    for row in found.unmatched[:most]:
        said = f"Row {row.row} {row.name}, {row.year}: published {row.published:,.2f}, ours {row.recomputed:,.2f}"
        blocks.append(Tree(row.settlement.payment, caption=said))
        if row.reason:
            blocks.append(Paragraph(plain(row.reason)))
    if len(found.unmatched) > most:
        blocks.append(
            Paragraph(f"{len(found.unmatched) - most:,} more rows do not match; --format csv prints them all.")
        )
    return Document(f"{found.file}, settled again", tuple(blocks))
