"""What does a reader see of what subcontracts pay for a month, and of an amount shared among members?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from commonweal.contract.agreed.member_shares import MemberShares
from commonweal.contract.agreed.records import member_rows, subcontract_rows
from commonweal.contract.agreed.subcontracts import Subcontracts
from commonweal.core.amounts import Line
from commonweal.core.periods import Period
from commonweal.web.document import Block, Column, Document, Table, Tree


def subcontracts_document(
    clause: Subcontracts, served: Period, paid: Mapping[str, Line], *, explain: bool = False
) -> Document:
    """What each subcontract of a clause pays for a month, with its explanation when asked."""
    columns = (Column("Provider"), Column("Service line", "code"), Column("Type", "code"), Column("Paid", "money"))
    found = subcontract_rows(clause, served, paid)
    rows = [(row["provider"], row["service_line"], row["type"], row["amount"]) for row in found]
    whole = sum((row["amount"] for row in found), Decimal(0))
    blocks: list[Block] = [Table(f"Paid for {served.label}", columns, (*rows, ("All", "", "", whole)))]
    if explain:
        blocks.extend(Tree(line) for line in paid.values())
    return Document(clause.label, tuple(blocks))


def members_document(clause: MemberShares, on: date, shares: Line) -> Document:
    """An amount shared among the members of a contract."""
    rows = tuple((row["member"], row["amount"]) for row in member_rows(shares))
    table = Table(
        f"Shared on {on:%-d %B %Y}: {clause.by.replace('_', ' ')}", (Column("Member"), Column("Share", "money")), rows
    )
    return Document(clause.label, (table, Tree(shares.parts[0])))
