"""How unequal is care or need between the groups of a place's own people?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from ibis.backends import BaseBackend

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period, months_later
from commonweal.need.inequality import Inequality, inequality, inequality_terms
from commonweal.need.inequality_counts import inequality_counts, measure
from commonweal.need.inequality_people import CORE20, NOT_CORE20, inequality_people, with_groups
from commonweal.need.kept import kept_person_need
from commonweal.people.record import Record
from commonweal.place.folder import Place

DEFAULT_MEASURE, DEFAULT_BY = "emergency", "deprivation"
MONTHS = 12


def place_inequality(
    place: Place,
    record: Record,
    engine: BaseBackend,
    *,
    parameters: Parameters,
    measure_code: str = DEFAULT_MEASURE,
    by: str = DEFAULT_BY,
    start: date | None = None,
    end: date | None = None,
) -> Inequality:
    """One measure compared between the groups of a place's people.

    Takes    start, end: the period, the last day not included; the last twelve months of the record when neither is
             given. For a share of people (a level of need) the day before `end` is what counts.
    Returns  as `inequality`; for a share the period is that one day.
    Raises   InputError for a measure or grouping that there is not, or a period that the record does not hold.
    """
    asked = asked_period(record, start, end)
    of = measure(measure_code, parameters, on=asked.start)
    period = _day_before(asked.end) if of.share else asked
    homes = {code: held.practice_codes for code, held in place.neighbourhoods.items()}
    tables = record.tables(engine)
    if of.share:
        people = kept_person_need(place.path, record, engine, on=period.start, parameters=parameters)
    else:
        people = inequality_people(tables, start=period.start, end=period.end)
    grouped = with_groups(people, by=by, parameters=parameters, on=period.start, neighbourhoods=homes)
    counts = inequality_counts(grouped, tables["activity"], of=of)
    return inequality(
        engine.to_pyarrow(counts).to_pylist(),
        of=of,
        by=by,
        period=period,
        labels=group_labels(by, place, parameters, on=period.start),
        terms=inequality_terms(parameters, on=period.start),
    )


def asked_period(record: Record, start: date | None, end: date | None) -> Period:
    """The period asked for, or the last twelve months that a record holds.

    Raises   InputError when the record does not hold all of it, or it has no day.
    """
    after = end or (min(months_later(start, MONTHS), record.end) if start else record.end)
    first = start or max(record.start, months_later(after, -MONTHS))
    if after <= first:
        raise InputError(f"From {first} to {after} there is no day.", mend="End the period after it starts.")
    if first < record.start or after > record.end:
        raise InputError(
            f"The record holds {_days(record.start, record.end)}, not all of {_days(first, after)}.",
            mend="Ask for days inside it; --to is the first day that is not counted.",
        )
    return Period(first, after, _days(first, after))


def group_labels(by: str, place: Place, parameters: Parameters, *, on: date) -> Mapping[str, str]:
    """What the groups of a grouping are called, in the order in which they are shown."""
    if by == "deprivation":
        return _ranks("fifth", 5)
    if by == "decile":
        return _ranks("tenth", 10)
    if by == "core20":
        return {CORE20: "Most deprived fifth of England", NOT_CORE20: "Everybody else"}
    if by == "sex":
        return {"F": "Women and girls", "M": "Men and boys"}
    if by == "age":
        return {row["from_age"]: row["label"] for row in parameters["inequality_age_bands"].on(on).value}
    if by == "ethnicity":
        return {row["group"]: row["label"] for row in parameters["ethnicity_groups"].on(on).value}
    if by == "neighbourhood":
        return {code: held.name for code, held in place.neighbourhoods.items()}
    return _same(place.practice_codes)


def _ranks(part: str, of: int) -> dict[str, str]:
    ends = {1: f"1 (most deprived {part})", of: f"{of} (least deprived {part})"}
    return {str(rank): ends.get(rank, str(rank)) for rank in range(1, of + 1)}


def _same(codes: Sequence[str]) -> dict[str, str]:
    return {code: code for code in codes}


def _day_before(end: date) -> Period:
    day = end - timedelta(days=1)
    return Period(day, end, day.isoformat())


def _days(start: date, end: date) -> str:
    return f"{start} to {end - timedelta(days=1)}"
