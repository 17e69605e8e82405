"""Which practices make up a place?

Practices are chosen from the published tables: by district, board, sub-location, network or practice, each by code or
name, or as the nearest to a point until enough people are reached.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.periods import financial_year
from commonweal.place.published.reading import Published

KINDS: Mapping[str, tuple[str, str, str]] = {
    "lad": ("lad_code", "lad_name", "district"),
    "icb": ("icb_code", "icb_name", "integrated care board"),
    "sub_icb": ("sub_icb_code", "sub_icb_name", "sub-location of a board"),
    "pcn": ("pcn_code", "pcn_name", "primary care network"),
    "practice": ("practice_code", "practice_name", "practice"),
}
EARTH_RADIUS_KM = 6371.0088
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for: codes or names of each kind, or a point and a number of people.

    A practice is chosen when it belongs to any of what is named, of whatever kind: kinds add up, they do not narrow.
    """

    lad: tuple[str, ...] = ()
    icb: tuple[str, ...] = ()
    sub_icb: tuple[str, ...] = ()
    pcn: tuple[str, ...] = ()
    practice: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    people: int = 0

    def as_rule(self) -> dict[str, Any]:
        """The selection as place.yaml holds it: only what was asked for."""
        rule: dict[str, Any] = {kind: list(named) for kind in KINDS if (named := getattr(self, kind))}
        if self.near is not None:
            rule |= {"near": list(self.near), "people": self.people}
        return rule


@dataclass(frozen=True, slots=True)
class Chosen:
    """The practices chosen, by code in order, and what is to be said about the choice."""

    practices: tuple[Row, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(row["practice_code"] for row in self.practices)

    @property
    def people(self) -> int:
        """Registered people in the need-weighted populations."""
        return sum(row["registered_people"] for row in self.practices)


def chosen_practices(published: Published, selection: Selection) -> Chosen:
    """The practices of a selection.

    Returns  practices of the need-weighted populations. One that closed before the baseline year began is left out
             with a finding; one that closed later is kept with a finding, since its people and money are in the
             baseline. Nearest practices are taken from those not known to have closed.
    Raises   InputError for a name nobody has, naming the nearest, and for a selection without practices.
    """
    _refuse_contradictions(selection)
    everyone = published.tables["practices"].to_pyarrow().to_pylist()
    named = _named(everyone, selection)
    if selection.near is not None:
        named |= {row["practice_code"]: row for row in _nearest(everyone, selection.near, selection.people)}
    rows = [named[code] for code in sorted(named)]
    start = financial_year(published.baseline_year).start if published.baseline_year else date.min
    listed = [row for row in rows if row["registered_people"] is not None]
    kept = [row for row in listed if row["closed"] is None or row["closed"] >= start]
    findings = [_without_need(row) for row in rows if row["registered_people"] is None]
    findings += [_closed_before(row, start) for row in listed if row not in kept]
    findings += [_closed_since(row) for row in kept if row["closed"] is not None]
    if not kept:
        raise InputError(
            "The selection holds no practice that can be funded.",
            mend="Choose another district, board, network or practice"
            + (f"; left out: {', '.join(row['practice_code'] for row in rows)}." if rows else "."),
        )
    return Chosen(tuple(kept), tuple(findings))


def _refuse_contradictions(selection: Selection) -> None:
    if selection.near is None:
        if not any(getattr(selection, kind) for kind in KINDS):
            raise InputError(
                "The selection is empty.",
                mend="Name at least one of --lad, --icb, --sub-icb, --pcn, --practice, or --near with --people.",
            )
        return
    latitude, longitude = selection.near
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InputError(f"{latitude},{longitude} is not a point on Earth.", mend="Write --near 53.79,-2.89.")
    if selection.people <= 0:
        raise InputError("--near needs a number of people to reach.", mend="Add --people, as in --people 120000.")


def _named(everyone: Sequence[Row], selection: Selection) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for kind, (code, name, word) in KINDS.items():
        for asked in getattr(selection, kind):
            rows = [row for row in everyone if _is(asked, row[code], row[name])]
            if not rows:
                raise _unknown(asked, everyone, code, name, word)
            found |= {row["practice_code"]: row for row in rows}
    return found


def _is(asked: str, code: str | None, name: str | None) -> bool:
    wanted = _plain(asked)
    return wanted in (_plain(code), _plain(name), _short(name))


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def _short(name: str | None) -> str:
    """A board's name as people say it: without NHS before and ICB behind."""
    return _plain(name).removeprefix("nhs ").removesuffix(" icb").removesuffix(" integrated care board")


def _unknown(asked: str, everyone: Sequence[Row], code: str, name: str, word: str) -> InputError:
    shown: dict[str, str] = {}
    for row in everyone:
        if row[code]:
            text = f"{row[name]} ({row[code]})" if row[name] else str(row[code])
            shown[_plain(row[code])] = text
            shown[_plain(row[name])] = text
    wanted = _plain(asked)
    near = difflib.get_close_matches(wanted, shown, n=len(shown), cutoff=0.6)
    # Codes of one area are all alike: of equally near ones, those that begin the same come first.
    near.sort(
        key=lambda known: (-difflib.SequenceMatcher(None, known, wanted).ratio(), -_shared_start(known, wanted), known)
    )
    likely = list(dict.fromkeys(shown[match] for match in near))[:3]
    mend = f"Did you mean {' or '.join(likely)}?" if likely else "Look the code up in the need-weighted populations."
    return InputError(f"There is no {word} '{asked}' in the published files.", mend=mend)


def _shared_start(first: str, second: str) -> int:
    return next(
        (n for n, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]),
        min(len(first), len(second)),
    )


def _nearest(everyone: Sequence[Row], near: tuple[float, float], people: int) -> Iterable[Row]:
    """The nearest practices with people, not known to have closed, until that many people are reached."""
    standing = [
        (distance_km(near, (row["latitude"], row["longitude"])), row["practice_code"], row)
        for row in everyone
        if row["registered_people"] and row["closed"] is None and None not in (row["latitude"], row["longitude"])
    ]
    reached = 0
    for _, _, row in sorted(standing, key=lambda held: held[:2]):
        if reached >= people:
            return
        reached += row["registered_people"]
        yield row
    if reached < people:
        raise InputError(
            f"All practices together have {reached:,} people, fewer than {people:,}.", mend="Ask for fewer people."
        )


def distance_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Great-circle distance between two points, each latitude and longitude in degrees."""
    lat1, lon1, lat2, lon2 = (math.radians(angle) for angle in (*first, *second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def _without_need(row: Row) -> Finding:
    message = f"{_who(row)} is chosen but not in the need-weighted populations; it is left out."
    mend = "Nothing if it has closed or opened since; otherwise use need-weighted populations that hold it."
    return Finding("warning", "not-in-need-file", "", None, "", message, mend, row["practice_code"])


def _closed_before(row: Row, start: date) -> Finding:
    message = f"{_who(row)} closed on {row['closed']}, before the baseline year began on {start}; it is left out."
    mend = "Nothing, if the day is right; otherwise correct the practice locations."
    return Finding("warning", "practice-closed", "", None, "", message, mend, row["practice_code"])


def _closed_since(row: Row) -> Finding:
    message = f"{_who(row)} closed on {row['closed']}; its people and money are in the baseline, so it is kept."
    mend = "Choose the place without it if its patients have left the place."
    return Finding("warning", "practice-closed", "", None, "", message, mend, row["practice_code"])


def _who(row: Row) -> str:
    return f"{row['practice_name']} ({row['practice_code']})" if row["practice_name"] else row["practice_code"]
