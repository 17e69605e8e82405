"""What does a reader see of a file of settlements settled again?"""

from __future__ import annotations

from commonweal.contract.settlement.settlement_verification import SettlementVerification
from commonweal.web.document import Block, Document, Paragraph, Tree

MOST = 20


def settlement_verification_document(found: SettlementVerification, most: int = MOST) -> Document:
    """How many rows match, and of each that does not what was published and the explanation of ours."""
    blocks: list[Block] = [Paragraph(f"**matched {found.matched:,} of {found.of:,}**", lead=True)]
    for row in found.unmatched[:most]:
        said = f"Row {row.row} {row.name}, {row.year}: published {row.published:,.2f}, ours {row.recomputed:,.2f}"
        blocks.append(Tree(row.settlement.payment, caption=said))
    if len(found.unmatched) > most:
        blocks.append(
            Paragraph(f"{len(found.unmatched) - most:,} more rows do not match; --format csv prints them all.")
        )
    return Document(f"{found.file}, settled again", tuple(blocks))
