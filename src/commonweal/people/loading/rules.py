"""What can be wrong with a row of a person's care, and what becomes of the row?

Each rule says whether a row is kept, kept with the cell left blank or mended, or set aside: written with all that its
file said into the identity folder, where it can be looked at, corrected and loaded again. Findings count rows; they
never say what a row says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from commonweal.core.findings import Finding, Severity, in_order

ASIDE = "aside"
FLAG = "flag_"
# Outcomes after which a row that is kept says all that its file said.
AS_IT_IS = ("kept", "kept, under a pseudonym of that key", "set aside")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule finds, how bad it is, what becomes of the row, and the mend."""

    severity: Severity
    meaning: str
    outcome: str
    mend: str


_AT_SOURCE = "Correct it at its source and load the file again."
_LOAD_ASIDE = "Correct the rows set aside and load them again."
_NOTHING = "Nothing, if it is so."
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "nhs-number-missing": Rule("error", "No NHS number and no other key", "set aside", _AT_SOURCE),
        "nhs-number-malformed": Rule("error", "NHS number that is not ten digits", "set aside", _AT_SOURCE),
        "nhs-number-check-digit": Rule("error", "NHS number with a wrong check digit", "set aside", _AT_SOURCE),
        "nhs-number-of-nobody": Rule(
            "warning", "Number that stands for an invalid patient", "set aside", "Nothing: no person is meant."
        ),
        "person-by-own-key": Rule(
            "warning",
            "No usable NHS number, but a key of the source's own",
            "kept, under a pseudonym of that key",
            "Load a file of people with names and dates of birth, so that they can be linked.",
        ),
        "person-linked": Rule(
            "note", "No NHS number, but linked by name, date of birth and postcode", "kept", _NOTHING
        ),
        "date-missing": Rule("error", "No day that can be read", "set aside", _AT_SOURCE),
        "date-unreadable": Rule("error", "Something that is no day", "left blank", _AT_SOURCE),
        "end-before-start": Rule("error", "Ends before it begins", "set aside", _LOAD_ASIDE),
        "outside-period": Rule(
            "warning", "Outside the period asked for", "set aside", "Load them with another --from and --to."
        ),
        "pod-unknown": Rule(
            "error", "Point of delivery that is not known", "set aside", "Give it a known one in a --mapping."
        ),
        "pod-level-unknown": Rule(
            "warning",
            "Second or third level of point of delivery that is not known",
            "kept, with that level blank",
            "Give it a known one in a --mapping.",
        ),
        "two-spellings": Rule("note", "Point of delivery spelt in another way", "read as the known code", "Nothing."),
        "code-in-small-letters": Rule("note", "Code in small letters", "read in capitals", "Nothing."),
        "code-malformed": Rule("warning", "Code that is not in the form of one", "left blank", _AT_SOURCE),
        "hrg-malformed": Rule("warning", "HRG that is not in the form of one", "left blank", _AT_SOURCE),
        "diagnosis-malformed": Rule(
            "warning", "Diagnosis that is not in the form of ICD-10", "kept without it", _AT_SOURCE
        ),
        "sex-unknown": Rule("warning", "Sex that is no known code", "left blank", _AT_SOURCE),
        "ethnicity-unknown": Rule("warning", "Ethnic category that is no known code", "left blank", _AT_SOURCE),
        "age-impossible": Rule("error", "Age or date of birth that cannot be", "left blank", _AT_SOURCE),
        "number-unreadable": Rule("error", "Something that is no possible number", "left blank", _AT_SOURCE),
        "text-unknown": Rule("warning", "Something that the column does not hold", "left blank", _AT_SOURCE),
        "cost-negative": Rule("error", "Cost of less than nothing", "kept without a cost", _AT_SOURCE),
        "cost-frequency-unknown": Rule(
            "warning", "Unit cost that does not say what it is for", "kept without a cost", _AT_SOURCE
        ),
        "attendance-unknown": Rule("warning", "Attendance outcome that is not known", "left blank", _AT_SOURCE),
        "not-seen": Rule("note", "Appointment at which nobody was seen", "set aside", "Nothing: no care was given."),
        "practice-not-of-place": Rule(
            "warning", "Practice outside the place", "set aside", "Nothing, if it is not to be in the place."
        ),
        "not-registered": Rule(
            "warning",
            "Person never registered with a practice of the place",
            "set aside",
            "Load the registrations, then this file again.",
        ),
        "not-registered-that-day": Rule("note", "Person not registered on the day", "kept", _NOTHING),
        "no-registrations": Rule(
            "warning",
            "Care that cannot be checked against registrations, as there are none",
            "kept",
            "Load registrations.",
        ),
        "registrations-overlap": Rule(
            "warning", "Registration that ends after the person's next one begins", "cut short on that day", _AT_SOURCE
        ),
        "registrations-same-day": Rule(
            "warning", "Registration that begins on the day of the person's next one", "set aside", _AT_SOURCE
        ),
        "registration-of-no-day": Rule("warning", "Registration that ends on the day it begins", "set aside", _NOTHING),
        "after-death": Rule("error", "Care long after the person died", "set aside", _LOAD_ASIDE),
        "soon-after-death": Rule("note", "Care within weeks after the person died", "kept", _NOTHING),
        "before-birth": Rule("error", "Care before the month of the person's birth", "set aside", _LOAD_ASIDE),
        "death-before-birth": Rule("error", "Death before birth", "both left blank", _AT_SOURCE),
        "duplicate": Rule(
            "warning", "Row that is there already", "set aside; one is kept", "Nothing, if they are the same."
        ),
        "month-sent-again": Rule(
            "note", "Row of a month that was sent again later", "set aside; the latest counts", "Nothing."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule on a table's rows: the heading it is about, the rows it is true of, and whether those are set aside."""

    rule: str
    column: str
    is_so: ir.BooleanValue
    aside: ir.BooleanValue | bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule in one file: how many rows, how many of them set aside, and which are the first."""

    rule: str
    file: str
    column: str
    rows: int
    aside: int
    first: tuple[int, ...]

    def finding(self) -> Finding:
        """The finding in words."""
        rule = RULES[self.rule]
        outcome = rule.outcome if self.aside in (0, self.rows) else f"{self.aside:,} of them set aside"
        if self.aside == 0 and rule.outcome == "set aside":
            outcome = "kept"
        more = f" First rows: {', '.join(map(str, self.first))}." if len(self.first) > 1 else ""
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        message = f"{rule.meaning}: {rows}, {outcome}.{more}"
        return Finding(
            rule.severity, self.rule, self.file, self.first[0] if self.first else None, self.column, message, rule.mend
        )


def flagged(table: ir.Table, flags: Sequence[Flag]) -> ir.Table:
    """The table with a column for each flag, and `aside`: the first rule that sets the row aside, null where none does.

    Takes    flags: on the table's own columns.
    Returns  every row and column of the table, and flag_0, flag_1, ... and aside.
    """
    marked = {f"{FLAG}{n}": flag.is_so.fill_null(False) for n, flag in enumerate(flags)}
    taken = [
        ((flag.is_so & flag.aside).fill_null(False), ibis.literal(flag.rule))
        for flag in flags
        if flag.aside is not False
    ]
    aside = ibis.cases(*taken, else_=ibis.null("string")) if taken else ibis.null("string")
    return table.mutate(**marked, **{ASIDE: aside})


def counted(table: ir.Table, flags: Sequence[Flag], *, file: str, most: int, in_months: bool = False) -> list[Counted]:
    """How many rows each flag is true of, and the first rows.

    Takes    table: as `flagged` returns, with `row`; most: how many rows are named; in_months: whether a row of the
             file may stand in several months and is to be counted once.
    """
    sums: dict[str, ir.Scalar] = {}
    for n in range(len(flags)):
        is_so = table[f"{FLAG}{n}"]
        for name, held in ((f"n{n}", is_so), (f"a{n}", is_so & table[ASIDE].notnull())):
            sums[name] = table.row.nunique(where=held) if in_months else held.sum()
    held = table.aggregate(**sums).to_pyarrow().to_pylist()[0] if flags else {}
    found = []
    for n, flag in enumerate(flags):
        if held[f"n{n}"]:
            rows = table.filter(table[f"{FLAG}{n}"]).select("row").distinct().order_by("row").limit(most)
            first = tuple(row["row"] for row in rows.to_pyarrow().to_pylist())
            found.append(Counted(flag.rule, file, flag.column, held[f"n{n}"], held[f"a{n}"] or 0, first))
    return found


def together(counts: Iterable[Counted], *, most: int) -> list[Counted]:
    """The same rule of the same file and column as one."""
    held: dict[tuple[str, str, str], Counted] = {}
    for one in counts:
        key = (one.rule, one.file, one.column)
        other = held.get(key)
        if other is not None:
            first = tuple(sorted({*other.first, *one.first})[:most])
            one = Counted(*key, other.rows + one.rows, other.aside + one.aside, first)
        held[key] = one
    return list(held.values())


def findings(counts: Iterable[Counted], more: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """The findings in order, with those of whole files."""
    return tuple(in_order([*(one.finding() for one in counts), *more]))


def errors(counts: Iterable[Counted]) -> int:
    """How many rows are in error."""
    return sum(one.rows for one in counts if RULES[one.rule].severity == "error")
