"""What does a reader see of an explained amount, and of two contracts that pay differently?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from commonweal.contract.explained.comparison import Addition, Comparison
from commonweal.contract.settlement.place_settlement import PlaceSettlement
from commonweal.contract.settlement.records import settlement_id, share_id
from commonweal.contract.settlement.settling import Settlement
from commonweal.core.amounts import POUNDS, Line
from commonweal.core.explanation import reliability, value_text
from commonweal.core.money import money_text
from commonweal.web.charts.waterfall import waterfall_picture
from commonweal.web.document import (
    Block,
    Cell,
    Column,
    Document,
    Drawing,
    Figure,
    Figures,
    Heading,
    Illustrative,
    Meta,
    Notice,
    Paragraph,
    Table,
    Tree,
    plain,
)
from commonweal.web.pages.settlement import chance_blocks, practice_blocks, waterfall_blocks

OPEN_LEVELS = 2
MOST_IN_TERMINAL = 25
WAYS = {
    "average": "Each adds the average of what it would in every order of the changes (its Shapley value).",
    "order": "Each adds what the payment moves by once it is made after those above it: inputs, terms, operations.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How an explanation is shown: how deep, what parts known by a key are called, and whether in a terminal.

    In a terminal the supplied numbers are counted where they are many; a file holds them all.
    """

    depth: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    terminal: bool = False


def settlement_explained_document(
    found: Settlement, label: str, depth: int | None = None, beside: PlaceSettlement | None = None
) -> Document:
    """What a clause pays: the payment, each amount on the way with its id, the explanation, and what it stands on.

    Takes    beside: the same settlement with what stands beside it: its waterfall, what chance gives, each practice.
    """
    payment = found.payment
    blocks: list[Block] = [
        Figures((Figure(payment.name, _cell(payment), "money", note=_who_pays(payment)),))
        if payment.unit == POUNDS
        else Paragraph(f"**{plain(payment.name)}: {value_text(payment)} {payment.unit}**, {_who_pays(payment)}"),
        *(Notice("information", plain(note), title="Left undone") for note in found.notes),
        *(waterfall_blocks(beside.clause, found) if beside else ()),
        Heading("How it comes about"),
        Tree(payment, depth=depth, open=OPEN_LEVELS, sheet="Explanation"),
    ]
    if found.shares:
        rows = tuple((party, line.amount, share_id(found, party)) for party, line in found.shares.items())
        columns = (Column("Party"), Column("Share", "money", unit=_unit(payment)), Column("Id", "code"))
        blocks += [Heading("Shares"), Table("Each party's share", columns, rows, sheet="Shares")]
    if beside:
        blocks += [Heading("What chance gives"), *chance_blocks(beside.chance), *practice_blocks(beside)]
    blocks += [
        Heading("Amounts on the way"),
        _amounts_table(found),
        Heading("What it stands on"),
        _stands_on(payment),
    ]
    return Document(label, tuple(blocks), subtitle=f"By the terms of {found.on:%-d %B %Y}")


def why_document(amount_id: str, line: Line, shown: Shown, place: str = "") -> Document:
    """One amount with everything it stands on, and the supplied numbers at its foot."""
    blocks: tuple[Block, ...] = (
        Paragraph(f"{plain(amount_id)}: {reliability(line)}, the least sure of any number it stands on."),
        Tree(line, depth=shown.depth, open=OPEN_LEVELS, names=shown.names, sheet="Explanation"),
        Heading("What it stands on"),
        *_supplied(line, shown),
    )
    return Document(f"Why {value_text(line)}? {line.name}", blocks, meta=Meta(place))


def comparison_document(found: Comparison, explain: bool = False, depth: int | None = None) -> Document:
    """From what the first pays to what the second pays, one change after the other; and both explained if asked."""
    first, second = found.first, found.second
    unit = _unit(found.paid_first.payment)
    money = Column("Adds", "money", unit=unit)
    columns = (
        Column("What differs"),
        money,
        Column("Pays then", "money", unit=unit, total=False),
        Column("First"),
        Column("Second"),
        Column("Kind"),
    )
    rows: list[tuple[Cell, ...]] = [(f"First: {first.name}", None, found.before, "", "", "")]
    for held, reached in zip(found.additions, found.running(), strict=True):
        change = held.change
        rows.append((change.label, held.amount, reached, change.before, change.after, change.kind))
    table = Table(
        "What makes the difference",
        columns,
        tuple(rows),
        total=(f"Second: {second.name}", found.difference, found.after, "", "", ""),
        note=" ".join(x for x in (WAYS[found.way] if found.additions else "", _rounding(found.additions)) if x),
        sheet="Difference",
    )
    blocks: list[Block] = [
        Figures(
            (
                Figure(first.name, found.before, "money", note=f"first, terms of {first.on:%-d %B %Y}"),
                Figure(second.name, found.after, "money", note=f"second, terms of {second.on:%-d %B %Y}"),
                Figure("Difference", found.difference, "money", note="second less first"),
            )
        )
        if unit == ""
        else Paragraph(f"In {unit}."),
        *([_drawing(found)] if found.additions else []),
        table,
    ]
    if not found.additions:
        blocks.append(Paragraph("No input, term or operation differs."))
    if explain:
        for side, paid, sheet in ((first, found.paid_first, "First"), (second, found.paid_second, "Second")):
            blocks += [Heading(f"{sheet}: {side.name}"), Tree(paid.payment, depth=depth, sheet=sheet)]
    return Document("Where two contracts pay differently", tuple(blocks), subtitle=f"{first.name} and {second.name}")


def _drawing(found: Comparison) -> Drawing:
    """The way from what the first pays to what the second does, a bar a change."""
    first, second = (money_text(amount) for amount in (found.before, found.after))
    steps = [(found.first.name, first, Decimal(0), found.before, True)]
    reached = found.before
    for held, after in zip(found.additions, found.running(), strict=True):
        steps.append((held.change.label, _signed(held.amount), reached, after, False))
        reached = after
    steps.append((found.second.name, second, Decimal(0), found.after, True))
    changes = "; ".join(f"{held.change.label} {_signed(held.amount)}" for held in found.additions)
    picture = waterfall_picture(steps, whole="payment", more="towards the provider", fewer="away from the provider")
    words = f"From {first}, paid by {found.first.name}, to {second}, paid by {found.second.name}: {changes}."
    return Drawing("From the first payment to the second", words, picture, narrow=True)


def _signed(amount: Decimal) -> str:
    return f"+{money_text(amount)}" if amount > 0 else money_text(amount)


def _amounts_table(found: Settlement) -> Table:
    columns = (Column("Amount"), Column("Value", "code"), Column("Unit"), Column("Id", "code"))
    rows = tuple(
        (line.name, value_text(line), line.unit, settlement_id(found, name)) for name, line in found.amounts.items()
    )
    return Table("Each can be asked for by its id", columns, rows, sheet="Amounts")


def _stands_on(line: Line) -> Table:
    """The supplied numbers under an amount, each once; a column of them is one row."""
    columns = (Column("Number"), Column("Value", "code"), Column("Unit"), Column("Status"), Column("Source"))
    rows: dict[tuple[Cell, ...], None] = {}
    for held in line.supplied():
        value = f"{len(held.keys):,} values" if held.keys is not None else value_text(held)
        rows[(held.name, value, held.unit, held.status or "", str(held.source or ""))] = None
    note = "Given: handed in, or agreed. Illustrative: an example, to be replaced before anything is signed."
    return Table("Numbers that somebody supplied", columns, tuple(rows), note=note, sheet="Supplied numbers")


def _supplied(line: Line, shown: Shown) -> Iterator[Block]:
    table = _stands_on(line)
    if not shown.terminal or len(table.rows) <= MOST_IN_TERMINAL:
        yield table
        return
    held = Counter(str(row[3]) for row in table.rows)
    said = ", ".join(f"{count} {status}" for status, count in sorted(held.items()))
    yield Paragraph(f"{len(table.rows):,} supplied numbers: {said}. --save writes each with its source.")


def _cell(line: Line) -> Cell:
    return Illustrative(line.amount) if line.supplied("illustrative") else line.amount


def _who_pays(payment: Line) -> str:
    if payment.amount == 0:
        return "nothing is paid"
    return "paid to the provider" if payment.amount > 0 else "paid by the provider"


def _unit(line: Line) -> str:
    return "" if line.unit == POUNDS else line.unit


def _rounding(held: tuple[Addition, ...]) -> str:
    rounding = held[-1].rounding if held else 0
    return f"The last holds {rounding:+.2f} that rounding the others to the penny leaves." if rounding else ""
