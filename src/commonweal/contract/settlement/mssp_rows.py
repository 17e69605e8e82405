"""What does a row of the Medicare Shared Savings Program's public use file say that a settlement needs?

Source   Performance Year Financial and Quality Results, Centers for Medicare and Medicaid Services.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from commonweal.core.errors import InputError
from commonweal.core.parameters import library

FIRST_YEAR, FLAGGED_FROM, SIX_MONTHS_IN = 2014, 2016, 2019
NEEDED = ("performance_year", "track", "n_ab", "minsavperc", "abtotbnchmk", "abtotexp", "earnsaveloss")
SECOND_HALF = ("7/1/2019", "07/01/2019", "2019-07-01")
CLAUSE_OF_TRACK = {
    "T1": "track_1",
    "1": "track_1",
    "T1+": "track_1_plus",
    "1+": "track_1_plus",
    "T2": "track_2",
    "2": "track_2",
    "T3": "enhanced",
    "3": "enhanced",
    "EN": "enhanced",
    "ENHANCED": "enhanced",
    "A": "basic_a_b",
    "B": "basic_a_b",
    "C": "basic_c",
    "D": "basic_d",
    "E": "basic_e",
}


def mssp_clause(row: Mapping[str, str], where: str = "") -> tuple[int, str]:
    """The year of a row and the name of the clause of its track.

    Raises   InputError for a track that is not known, or a year before the programme's first that can be settled.
    """
    year = int(number(row, "performance_year", where))
    name = CLAUSE_OF_TRACK.get(_track(row))
    if name is None or year < FIRST_YEAR:
        raise InputError(
            f"track '{_track(row)}' of {year} is not known.",
            where=where,
            mend=f"Tracks are {', '.join(CLAUSE_OF_TRACK)}, from {FIRST_YEAR}.",
        )
    return year, name


def _track(row: Mapping[str, str]) -> str:
    track = (row.get("track") or "").strip().upper().replace("-", " ")
    for word in ("BASIC", "TRACK", "LEVEL"):
        track = track.removeprefix(word).strip()
    return track


def mssp_inputs(row: Mapping[str, str], year: int, where: str = "") -> dict[str, Any]:
    """The inputs of a settlement from a row of the public use file.

    A blank quality score is 1: the first year of an agreement was paid for reporting. Before 2016 the file does not
    say whether the standard was met; a share of nothing says that it was not. The organisation's revenue is not
    published; a column `revenue` that somebody added is used.
    """
    quality = number(row, "qualscore", where, Decimal(1))
    share = number(row, "finalsharerate", where, Decimal(1))
    met = number(row, "met_qps", where, Decimal(1 if share else 0) if year < FLAGGED_FROM else Decimal(1))
    revenue = number(row, "revenue", where, Decimal(-1))
    part = _value("settlement_six_month_relief") if _six_months(row, year, where) else None
    return {
        "benchmark": number(row, "abtotbnchmk", where),
        "expenditure": number(row, "abtotexp", where),
        "beneficiaries": number(row, "n_ab", where),
        "elected": number(row, "minsavperc", where),
        "quality": quality,
        "standard_met": met,
        "alternative_standard": number(row, "met_altqps", where, Decimal(0)),
        "reduced_share": number(row, "reducedss", where, Decimal(0)),
        "relief": abs(number(row, "disadj", where, Decimal(0))),
        "relief_part": part,
        "revenue": revenue if revenue >= 0 else None,
        "guardrail": _guardrail(row, where),
        "agreement_year": _agreement_year(row, year, where),
    }


def _six_months(row: Mapping[str, str], year: int, where: str) -> bool:
    """Whether a row of 2019 is that of six months: its benchmark is half of that per person × person-years."""
    if year != SIX_MONTHS_IN:
        return False
    per_person = number(row, "updatedbnchmk", where, Decimal(0))
    person_years = number(row, "n_ab_year_py", where, Decimal(0))
    if not (per_person and person_years):
        return (row.get("current_start_date") or "").strip().startswith(SECOND_HALF)
    ratio = _value("settlement_six_month_ratio")
    return per_person * person_years > ratio * number(row, "abtotbnchmk", where)


def _value(name: str) -> Decimal:
    return library()[name].on(date(SIX_MONTHS_IN, 12, 31)).number()


def _guardrail(row: Mapping[str, str], where: str) -> Decimal:
    # Flagged, and nothing generated: neither paid nor owing. Flagged with something generated: the benchmark in the row
    # is the one recomputed, and settles as any other.
    closed = number(row, "guardrail", where, Decimal(0)) and not number(row, "gensaveloss", where, Decimal(0))
    return Decimal(1 if closed else 0)


def _agreement_year(row: Mapping[str, str], year: int, where: str) -> Decimal:
    # Without a start the last, widest limit holds.
    start = (row.get("current_start_date") or "").split(" ")[0].rpartition("/")[2]
    return Decimal(max(1, year - int(start) + 1)) if start.isdigit() else Decimal(3)


def number(row: Mapping[str, str], column: str, where: str, blank: Decimal | None = None) -> Decimal:
    """The number in a column of a row, or what a blank stands for.

    Raises   InputError for anything else.
    """
    text = (row.get(column) or "").strip().replace(",", "").replace("$", "")
    if not text and blank is not None:
        return blank
    try:
        if (value := Decimal(text)).is_finite():
            return value
    except InvalidOperation:
        pass
    raise InputError(f"{column} '{text}' is no number.", where=where, mend="Mend the value.")
