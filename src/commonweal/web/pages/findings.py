"""What does a reader see of the checks on the inputs?"""

from __future__ import annotations

from collections.abc import Sequence

from commonweal.core.findings import Finding, counts
from commonweal.web.document import Block, Column, Document, Figure, Figures, Meta, Paragraph, Table

COLUMNS = (
    Column("Kind"),
    Column("Check"),
    Column("What was found"),
    Column("What to do"),
    Column("Where"),
)
KINDS = {"error": "Error", "warning": "Warning", "note": "Note"}
FOLDED_FROM = 12


def findings_document(place_name: str, findings: Sequence[Finding], *, most: int | None = None) -> Document:
    """Every finding in a table, the worst first.

    Takes    most: how many to show of each rule; all when None. What is left out is counted.
    """
    return Document(
        f"Checks on the inputs of {place_name}", findings_blocks(findings, most=most), meta=Meta(place_name)
    )


def findings_blocks(findings: Sequence[Finding], *, most: int | None = None) -> tuple[Block, ...]:
    """The findings as blocks for any document."""
    held = counts(findings)
    figures = Figures(tuple(Figure(f"{name.capitalize()}s", held[name], "number") for name in held))
    if not findings:
        return (figures, Paragraph("The files were read, and the checks found nothing to report."))
    shown, left_out = _shown(findings, most)
    rows = tuple((KINDS.get(f.severity, f.severity), _words(f.rule), f.message, f.mend, f.where()) for f in shown)
    many = len(rows) >= FOLDED_FROM
    table = Table("Each finding", COLUMNS, rows, note=left_out, row_header=1, sheet="Findings", folded=many)
    return (figures, _by_rule(findings), table) if many else (figures, table)


def _by_rule(findings: Sequence[Finding]) -> Table:
    number: dict[tuple[str, str], int] = {}
    for found in findings:
        number[found.severity, found.rule] = number.get((found.severity, found.rule), 0) + 1
    rows = tuple((KINDS.get(kind, kind), _words(rule), count) for (kind, rule), count in number.items())
    columns = (Column("Kind"), Column("Check"), Column("Findings", "number"))
    return Table("What the checks found", columns, rows, row_header=1, sheet="Findings by check")


def _words(rule: str) -> str:
    return rule.replace("_", " ").replace("-", " ").capitalize()


def _shown(findings: Sequence[Finding], most: int | None) -> tuple[list[Finding], str]:
    if most is None:
        return list(findings), ""
    seen: dict[str, int] = {}
    shown: list[Finding] = []
    for finding in findings:
        seen[finding.rule] = seen.get(finding.rule, 0) + 1
        if seen[finding.rule] <= most:
            shown.append(finding)
    left = [f"{count - most} more of {rule.replace('_', ' ')}" for rule, count in seen.items() if count > most]
    return shown, f"Not shown: {'; '.join(left)}." if left else ""
