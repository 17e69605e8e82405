"""What does a reader see of what a contract agrees: options, scope, subcontracts and shares of members?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from commonweal.contract.agreed.member_shares import MemberShares
from commonweal.contract.agreed.options_clause import OptionsClause
from commonweal.contract.agreed.records import member_rows, subcontract_rows
from commonweal.contract.agreed.scope_clause import TABLES, ScopeClause
from commonweal.contract.agreed.subcontracts import SHARES, Subcontracts
from commonweal.contract.clauses.reading import Contract
from commonweal.core.amounts import Line, summed
from commonweal.core.parameters import Parameter
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
    return Document(clause.label, (table, Tree(summed("shared out", shares))))


def agreed_blocks(contract: Contract, on: date) -> Iterator[Block]:
    """The tables that a contract agrees on, as they are on a day: options, scope, what is paid on, and to whom."""
    for options in contract.of_kind(OptionsClause):
        columns = (Column("Option", "code"), Column("Practices"), Column("From"), Column("Until"))
        offers = [(o.option, ", ".join(o.practices) or "all", _day(o.from_), _day(o.to)) for o in options.offered]
        yield Table(options.label, columns, tuple(offers))
    for scope in contract.of_kind(ScopeClause):
        for name in sorted(set(scope.replaces) & set(TABLES)):
            yield _scope_table(scope.replaces[name], on)
    for clause in contract.of_kind(Subcontracts):
        yield from _paid_on(clause, on)


def _paid_on(clause: Subcontracts, on: date) -> Iterator[Block]:
    line, provider = Column("Service line", "code"), Column("Provider")
    if clause.subcontracts:
        heads = (Column("Subcontract", "code"), provider, line, Column("Type", "code"), Column("By the terms"))
        agreed = [
            (s.name, s.provider, s.service_line, s.type, ", ".join(s.named().values())) for s in clause.subcontracts
        ]
        yield Table("Subcontracts", heads, tuple(agreed))
    shares = _rows_on(clause.parameters[SHARES], on) if SHARES in clause.terms else []
    if shares:
        paid = [(row["service_line"], row["provider"], row["share"]) for row in shares]
        yield Table(f"Paid on by share on {on:%-d %B %Y}", (line, provider, Column("Share")), tuple(paid))


def _scope_table(parameter: Parameter, on: date) -> Table:
    columns = (
        Column("Option", "code"),
        Column("Service line", "code"),
        Column("Practice", "code"),
        Column("In the budget"),
        Column("Pooled view"),
        Column("Stays with practices"),
    )
    shares = ("share_in_scope", "pooled_view", "stays_with_practices")
    rows = tuple(
        (row["option"], row["service_line"], row.get("practice_code", ""), *(row[share] for share in shares))
        for row in _rows_on(parameter, on)
    )
    return Table(f"{parameter.label} on {on:%-d %B %Y}: shares of each service line", columns, rows)


def _rows_on(parameter: Parameter, on: date) -> list[dict[str, str]]:
    return list(parameter.on(on).value) if parameter.values[0].start <= on else []


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
