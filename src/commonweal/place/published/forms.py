"""Which published form is a file, and which year's?

A file is recognised by its headings, never by its name. The forms and their headings are in
tables/published_forms.yaml; headings of payment lines, totals and averages are in parameters/payment_lines.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.core.periods import financial_year
from commonweal.core.tables import ColumnDefinition, TableDefinition, definitions

FORM_NAMES: Mapping[str, str] = {
    "need_populations": "need-weighted populations of practices",
    "payment_practices": "NHS Payments to General Practice",
    "locations": "practice locations",
    "memberships": "practice membership",
    "list_counts": "Patients Registered at a GP Practice (totals)",
    "practice_demographics": "practice lists by age and sex",
    "practice_age_bands": "practice lists by age",
    "practice_deprivation": "practice deprivation scores",
}
PAYMENTS = "payment_practices"
# Their columns do not say when the people were counted; their names may.
COUNTED_IN_A_MONTH = ("practice_demographics", "practice_age_bands")

# Fewer shared headings than this share of a form's own say that the file is something else, not a damaged form.
RESEMBLANCE = 0.5


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form, where each of its columns stands in the file, and what the headings themselves say.

    positions   column of the form -> position in the file
    lines, totals, averages   payments only: code (or published heading, for averages) -> positions
    year        the financial year that the headings say, or what they suggest for payments; empty when nothing
    unread      headings that belong to no column of the form
    """

    form: str
    positions: Mapping[str, int]
    year: str = ""
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    totals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    averages: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The form's name in words."""
        return FORM_NAMES[self.form]


def recognised(headings: Sequence[str], *, name: str) -> Recognised | None:
    """The form that headings belong to.

    Takes    headings in file order; name: the file's, for messages.
    Returns  None when they resemble no form.
    Raises   InputError naming the form they most resemble and the columns they lack.
    """
    tried = [(form, *_placed(headings, definitions()[form])) for form in FORM_NAMES]
    whole = [(len(positions), form, positions) for form, positions, missing in tried if not missing]
    if whole:
        _, form, positions = max(whole, key=lambda found: found[0])
        return _read_further(headings, form, positions, name)
    form, positions, missing = max(tried, key=lambda found: _resemblance(found[0], found[2]))
    if _resemblance(form, missing) < RESEMBLANCE:
        return None
    raise _lacking(name, form, [_heading_shown(column) for column in missing])


def _lacking(name: str, form: str, headings: Sequence[str]) -> InputError:
    columns = ", ".join(f"'{heading}'" for heading in headings)
    return InputError(
        f"looks like {FORM_NAMES[form]} but lacks the column{'s' if len(headings) > 1 else ''} {columns}.",
        where=name,
        mend="Download the file again, or give the column back its published heading.",
    )


def _resemblance(form: str, missing: Sequence[ColumnDefinition]) -> float:
    required = sum(bool(c.published_as) and not c.optional for c in definitions()[form])
    return 1 - len(missing) / required


def _placed(headings: Sequence[str], form: TableDefinition) -> tuple[dict[str, int], list[ColumnDefinition]]:
    """Where each column of a form stands, and the columns a file of the form must have but this one lacks."""
    tidy = [_tidy(heading) for heading in headings]
    positions: dict[str, int] = {}
    for column in form:
        patterns = [_pattern(heading) for heading in column.published_as]
        found = next((tidy.index(h) for p in patterns for h in tidy if p.fullmatch(h)), None)
        if found is not None:
            positions[column.name] = found
    missing = [c for c in form if c.published_as and not c.optional and c.name not in positions]
    return positions, missing


def _read_further(headings: Sequence[str], form: str, positions: Mapping[str, int], name: str) -> Recognised:
    used = set(positions.values())
    if form != PAYMENTS:
        unread = tuple(h for n, h in enumerate(headings) if n not in used and h)
        return Recognised(form, positions, year=_year_in_headings(headings, form, positions), unread=unread)
    lines = _family(headings, {row["code"]: row["names"] for row in _rows("payment_lines")})
    totals = _family(headings, {row["code"]: row["names"] for row in _rows("payment_totals")})
    averages = _family(headings, {row["name"]: [row["name"]] for row in _rows("payment_averages")})
    missing = [code for code in _rows("payment_lines_always_published") if code not in lines]
    if missing:
        names = {row["code"]: row["names"][0] for row in _rows("payment_lines")}
        raise _lacking(name, form, [names[code] for code in missing])
    for family in (lines, totals, averages):
        used.update(position for places in family.values() for position in places)
    unread = tuple(h for n, h in enumerate(headings) if n not in used and h)
    return Recognised(form, positions, _year_suggested(headings), lines, totals, averages, unread)


def _family(headings: Sequence[str], named: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
    code_of = {_tidy(name): code for code, names in named.items() for name in names}
    found: dict[str, tuple[int, ...]] = {}
    for position, heading in enumerate(headings):
        code = code_of.get(_tidy(heading))
        if code is not None:
            found[code] = (*found.get(code, ()), position)
    return found


def _year_in_headings(headings: Sequence[str], form: str, positions: Mapping[str, int]) -> str:
    dated = [c for c in definitions()[form] if any("{year}" in text for text in c.published_as)]
    for column in dated:
        for text in column.published_as:
            match = _pattern(text).fullmatch(_tidy(headings[positions[column.name]]))
            if match and "year" in match.groupdict():
                return financial_year(match["year"]).label
    return ""


def _year_suggested(headings: Sequence[str]) -> str:
    """The one known year whose payment files have these headings."""
    tidy = {_tidy(heading) for heading in headings}
    years = [
        row["financial_year"]
        for row in _rows("payment_file_years")
        if all(_tidy(h) in tidy for h in row["has"]) and not any(_tidy(h) in tidy for h in row["lacks"])
    ]
    return years[0] if len(years) == 1 else ""


def year_in_name(name: str) -> str:
    """The financial year that a file name says, as in `payments_2022-23.csv`; empty when none or several."""
    found = set()
    for first, second in re.findall(r"(?<!\d)(20\d\d)[-_/](\d\d|20\d\d)(?!\d)", name):
        if (int(first) + 1) % 100 == int(second) % 100:
            found.add(financial_year(f"{first}-{second}").label)
    return found.pop() if len(found) == 1 else ""


def month_in_name(name: str) -> str:
    """The month that a file name says, as in `practice_age_bands_2020-04.csv`; empty when none or several."""
    found = set(re.findall(r"(?<!\d)(20\d\d)[-_](0[1-9]|1[0-2])(?![\d])", name))
    return "-".join(found.pop()) if len(found) == 1 else ""


def _tidy(heading: str) -> str:
    return " ".join(heading.replace("_", " ").split()).casefold()


@lru_cache(maxsize=512)
def _pattern(heading: str) -> re.Pattern[str]:
    text = re.escape(_tidy(heading))
    text = text.replace(re.escape("{year}"), r"(?P<year>\d{4}[-/ ]\d{2,4})").replace(re.escape("{yy}"), r"\d{2}")
    return re.compile(text)


def _heading_shown(column: ColumnDefinition) -> str:
    return column.published_as[0].replace("{year}", "2022/23").replace("{yy}", "22")


def _rows(parameter: str) -> list:
    # What headings mean does not depend on the day; the latest reading holds for every file.
    return library()[parameter].on(date.max).value
