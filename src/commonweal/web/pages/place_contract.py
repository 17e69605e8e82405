"""What does a reader of the report see of the place's contract of clauses?"""

from __future__ import annotations

from commonweal.contract.place_contract import GainOrLoss, PlaceContract
from commonweal.contract.settlement.what_if import WhatIfs
from commonweal.web.document import Block, Column, Heading, Notice, Paragraph, Table, Tree, plain
from commonweal.web.pages.assurance import assurance_blocks
from commonweal.web.pages.risk_bearing import risk_blocks
from commonweal.web.pages.settlement import chance_blocks, settlement_blocks, waterfall_blocks

PAGES = {
    "gain-and-loss": "Gain and loss",
    "risk": "Who bears the risk",
    "assurance": "Assurance",
}


def contract_pages(held: PlaceContract) -> dict[str, tuple[Block, ...]]:
    """The blocks of each page about the contract, by slug; pages that have nothing to say are left out."""
    pages = {}
    if held.shares:
        pages["gain-and-loss"] = gain_and_loss_blocks(held)
    if held.risk:
        pages["risk"] = _not_settled(held.risk) if isinstance(held.risk, str) else risk_blocks(held.risk)
    return {**pages, "assurance": tuple(assurance_blocks(held.register))}


def gain_and_loss_blocks(held: PlaceContract) -> tuple[Block, ...]:
    """Each gain and loss share of the contract: settled, or what would be paid while nobody knows what is spent."""
    blocks: list[Block] = []
    for share in held.shares:
        if len(held.shares) > 1:
            blocks.append(Heading(share.clause.label))
        blocks += _share(share)
    return tuple(blocks)


def _share(share: GainOrLoss) -> tuple[Block, ...]:
    if share.settled:
        return settlement_blocks(share.settled)
    if share.if_so:
        return _if_so(share.if_so)
    return _not_settled(share.untold)


def _not_settled(why: str) -> tuple[Block, ...]:
    return (Notice("information", plain(why), title="Not worked out yet"),)


def _if_so(held: WhatIfs) -> tuple[Block, ...]:
    first, last = held.held[0].settlement, held.held[-1].settlement
    unit = held.expected.unit
    said = f"**Nobody knows yet what will be spent.** {plain(held.clause.meaning or held.clause.label)}"
    blocks: list[Block] = [Paragraph(said, lead=True)]
    if held.supposed:
        names = ", ".join(plain(line.name.lower()) for line in held.supposed.values())
        blocks.append(Paragraph(f"Supposed to be whole: {names}."))
    columns = (
        Column("Spent less than expected", "share", places=1, total=False),
        Column("Spend", "money", unit=unit, total=False),
        Column("Paid to the provider", "money", unit=unit, total=False),
    )
    rows = tuple((each.difference, each.spent.amount, each.settlement.payment.amount) for each in held.held)
    note = "Below nothing, more is spent than expected, and the provider pays."
    blocks.append(Table("What would be paid", columns, rows, note=note, sheet="If spend differs"))
    blocks += chance_blocks(held.chance)
    for name, each in (("the most is saved", first), ("the most is overspent", last)):
        blocks.append(Heading(f"Step by step, if {name}"))
        blocks += waterfall_blocks(held.clause, each, name)
        blocks.append(Tree(each.payment, caption=f"{held.clause.label}, if {name}"))
    return tuple(blocks)
