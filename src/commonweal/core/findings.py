"""What is wrong with the inputs, where, and how is it mended?

Checks collect findings and report them together; nothing is dropped silently and nothing crashes on the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found.

    file, row, column   where: the file's name, the row as a spreadsheet counts it (the header is row 1), the
                        column's published name; empty or None where the finding is about the whole file
    rule                the check's stable name, in the field's words, for filtering
    message             what is wrong; never a person-level value
    mend                what to do
    """

    severity: Severity
    rule: str
    file: str
    row: int | None
    column: str
    message: str
    mend: str
    practice_code: str = ""

    def where(self) -> str:
        """File, row and column in words."""
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column '{self.column}'")
        return ", ".join(part for part in parts if part)

    def as_row(self) -> dict[str, object]:
        """The finding as a flat row, for JSON and CSV."""
        return asdict(self)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, then rule, file and row: the same order on every run."""
    return sorted(
        findings,
        key=lambda f: (SEVERITIES.index(f.severity), f.rule, f.file, f.row or 0, f.column, f.practice_code),
    )


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings of each severity."""
    return {severity: sum(f.severity == severity for f in findings) for severity in SEVERITIES}
