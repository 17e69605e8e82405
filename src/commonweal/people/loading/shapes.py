"""Which shape has a file of people, and where does each of its columns stand?

A file is recognised by its headings, whatever their case, never by its name. The shapes and their headings are in
tables/flows.yaml; a mapping gives a file other names, and says what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from commonweal.core.errors import InputError
from commonweal.core.tables import ColumnDefinition, TableDefinition, definitions

PREFIX = "flow_"
SHAPE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "persons": "people",
        "registrations": "registrations",
        "attributes": "system-wide dataset, attributes",
        "activity": "system-wide dataset, activity",
        "admitted_care": "admitted patient care",
        "emergency_care": "emergency care",
        "outpatients": "outpatients",
        "community": "community services",
        "mental_health": "mental health contacts",
        "mental_health_stays": "mental health stays",
        "social_care": "adult social care",
    }
)
# Flow that a row of activity says it came from; parameters/points_of_delivery.yaml explains the codes.
SOURCE_OF_SHAPE: Mapping[str, str] = MappingProxyType(
    {
        "activity": "swd",
        "admitted_care": "sus_apc",
        "emergency_care": "sus_ae",
        "outpatients": "sus_op",
        "community": "csds",
        "mental_health": "mhsds",
        "mental_health_stays": "mhsds",
        "social_care": "asc_cld",
    }
)
PERSON_KEYS = ("nhs_number", "person_id")
# What identifies a person: read into the identity folder, and into nothing else.
IDENTIFYING = (*PERSON_KEYS, "given_name", "family_name", "birth_date", "address", "postcode")
# Fewer shared headings than this share of a shape's own say that the file is something else, not a damaged shape.
RESEMBLANCE = 0.5


@dataclass(frozen=True, slots=True)
class Recognised:
    """A shape and where its columns stand.

    positions    column -> positions of its headings in the file; several for flags and diagnoses
    headings     column -> its heading, for messages
    fixed        column -> the text that every row has, from the mapping
    values       column -> text in the file -> text it is read as, from the mapping
    key_space    what the source's own keys of persons are told apart by; set where nhs_number holds no NHS number
    not_read     headings that belong to no column
    """

    shape: str
    positions: Mapping[str, tuple[int, ...]]
    headings: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    key_space: str = ""
    not_read: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The shape in words."""
        return SHAPE_NAMES[self.shape]

    @property
    def definition(self) -> TableDefinition:
        """The shape's table in tables/flows.yaml."""
        return definitions()[PREFIX + self.shape]

    @property
    def columns(self) -> dict[str, ColumnDefinition]:
        """The columns that the file has or the mapping fixes, by name."""
        return {c.name: c for c in self.definition if c.name in self.positions or c.name in self.fixed}


def recognised(headings: Sequence[str], *, name: str) -> Recognised:
    """The shape that headings belong to.

    Raises   InputError naming the columns that the nearest shape lacks; it never repeats what the file says, since
             the first row of a file without headings is somebody's.
    """
    tried = [(shape, *_placed(headings, _definition(shape))) for shape in SHAPE_NAMES]
    whole = [(_required(shape), len(positions), shape) for shape, positions, missing in tried if not missing]
    if whole:
        shape = max(whole)[2]
        return _recognised(shape, headings, next(found for named, found, _ in tried if named == shape))
    shape, _, missing = max(tried, key=lambda found: (_resemblance(found[0], found[2]), -len(found[2])))
    if _resemblance(shape, missing) < RESEMBLANCE:
        raise InputError(
            "The columns are those of no known shape, or the headings are missing.",
            where=name,
            mend="Give it the headings of a shape in docs/how-to/load-a-record.md, or name a --mapping.",
        )
    raise _lacking(name, shape, missing)


def placed(
    shape: str,
    headings: Sequence[str],
    renamed: Mapping[str, Sequence[str]],
    fixed: Mapping[str, str],
    *,
    name: str,
) -> Recognised:
    """A file's columns as a mapping says: a column's headings are those named for it, else those of the shape.

    Raises   InputError for a heading that the file lacks, or a column that neither file nor mapping gives.
    """
    tidy = [_tidy(heading) for heading in headings]
    positions, missing = _placed(headings, _definition(shape))
    for column, wanted in renamed.items():
        absent = [heading for heading in wanted if _tidy(heading) not in tidy]
        if absent:
            message = f"The mapping reads {column} from '{absent[0]}', which the file does not have."
            raise InputError(message, where=name, mend="Correct the mapping.")
        positions[column] = tuple(tidy.index(_tidy(heading)) for heading in wanted)
    found = {*positions, *fixed}
    left = [column for column in missing if column not in found]
    if set(PERSON_KEYS) & found:
        left = [column for column in left if column not in PERSON_KEYS]
    if left:
        raise _lacking(name, shape, left)
    return _recognised(shape, headings, {c: at for c, at in positions.items() if c not in fixed}, fixed)


def _recognised(
    shape: str,
    headings: Sequence[str],
    positions: Mapping[str, tuple[int, ...]],
    fixed: Mapping[str, str] | None = None,
) -> Recognised:
    used = {at for places in positions.values() for at in places}
    shown = {column: headings[places[0]] for column, places in positions.items()}
    left = tuple(heading for at, heading in enumerate(headings) if at not in used and heading)
    return Recognised(shape, positions, shown, fixed=fixed or {}, not_read=left)


def _definition(shape: str) -> TableDefinition:
    return definitions()[PREFIX + shape]


def _placed(headings: Sequence[str], form: TableDefinition) -> tuple[dict[str, tuple[int, ...]], list[str]]:
    """Where each column of a shape stands, and the columns that a file of the shape must have but this one lacks."""
    tidy = [_tidy(heading) for heading in headings]
    positions: dict[str, tuple[int, ...]] = {}
    for column in form:
        found = _positions(tidy, column)
        if found:
            positions[column.name] = found
    missing = [c.name for c in form if not c.optional and c.name not in positions]
    if not set(PERSON_KEYS) & set(positions):
        missing.insert(0, PERSON_KEYS[0])
    return positions, missing


def _positions(tidy: Sequence[str], column: ColumnDefinition) -> tuple[int, ...]:
    """Of numbered headings all, in their order; of a flag all that raise it; of others the first that is there."""
    found = []
    for heading in column.published_as:
        pattern = _pattern(heading)
        matches = [(match, at) for at, text in enumerate(tidy) if (match := pattern.fullmatch(text))]
        found.append([at for match, at in sorted(matches, key=lambda m: (*map(int, m[0].groups()), m[1]))])
    if column.type == "boolean":
        return tuple(at for places in found for at in places)
    return tuple(
        next((places if "{n" in column.published_as[n] else places[:1] for n, places in enumerate(found) if places), [])
    )


def _required(shape: str) -> int:
    return 1 + sum(not column.optional for column in _definition(shape))


def _resemblance(shape: str, missing: Sequence[str]) -> float:
    return 1 - len(missing) / _required(shape)


def _lacking(name: str, shape: str, missing: Sequence[str]) -> InputError:
    form = _definition(shape)
    shown = [next(c.published_as[0] for c in form if c.name == column) for column in missing]
    columns = ", ".join(f"'{heading}'" for heading in shown)
    return InputError(
        f"looks like {SHAPE_NAMES[shape]} but lacks the column{'s' if len(shown) > 1 else ''} {columns}.",
        where=name,
        mend="Give the column its heading, or say in a --mapping under which name it stands.",
    )


def _tidy(heading: str) -> str:
    return re.sub(r"[\s_.-]+", " ", heading).strip().casefold()


@lru_cache(maxsize=1024)
def _pattern(heading: str) -> re.Pattern[str]:
    text = re.escape(_tidy(heading))
    text = text.replace(re.escape("{nn}"), r"(\d{1,2})").replace(re.escape("{n}"), r"(\d{1,2})")
    return re.compile(text)
