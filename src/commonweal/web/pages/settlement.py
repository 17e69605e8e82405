"""What does a reader see of a file of settlements settled again?"""

from __future__ import annotations

from commonweal.contract.settlement.settlement_verification import SettlementVerification
from commonweal.web.document import Block, Column, Document, Paragraph, Table, Tree, plain

MOST = 20


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
