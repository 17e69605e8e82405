"""What does a reader see of a contract?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from commonweal.contract.clauses.reading import HEAD, Contract
from commonweal.contract.clauses.records import contract_list_rows, contract_rows
from commonweal.web.document import Block, Column, Document, Paragraph, Table, plain
from commonweal.web.pages.agreed import agreed_blocks


def contracts_document(contracts: Mapping[str, Contract]) -> Document:
    """The contracts that ship with Commonweal."""
    columns = (
        Column("Contract", "code"),
        Column("What it is"),
        Column("Clauses", "number", places=0),
        Column("Builds on", "code"),
    )
    rows = tuple(
        (row["contract"], row["label"], row["clauses"], row["based_on"] or "") for row in contract_list_rows(contracts)
    )
    return Document("Contracts of the library", (Table("Contracts", columns, rows),))


def contract_document(contract: Contract, on: date) -> Document:
    """A contract's clauses, and each term as it is on a day."""
    agreement = contract.agreement
    blocks: list[Block] = [Paragraph(plain(agreement.meaning or agreement.label), lead=True)]
    if agreement.parties:
        parties = tuple(sorted(agreement.parties.items()))
        blocks.append(Table("Parties", (Column("Party", "code"), Column("What it is")), parties))
    clauses = tuple(
        (clause.clause, clause.name, clause.label, contract.files[(clause.clause, clause.name)])
        for clause in contract.clauses
        if clause.clause != HEAD
    )
    head = (Column("Kind", "code"), Column("Name", "code"), Column("What it is"), Column("File"))
    blocks.append(Table("Clauses", head, clauses))
    columns = (Column("Clause", "code"), Column("Term"), Column("Value"), Column("Unit"), Column("Status"))
    terms = tuple(
        (row["name"], row["label"], row["value"] or "not yet", row["unit"], row["status"] or "")
        for row in contract_rows(contract, on)
    )
    if terms:
        blocks.append(Table(f"Terms on {on:%-d %B %Y}", columns, terms))
    blocks.extend(agreed_blocks(contract, on))
    return Document(agreement.label, tuple(blocks))
