"""What must always hold of participation, whatever is tried?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.core.errors import RuleBreach
from commonweal.core.parameters import library
from commonweal.core.periods import months_later
from commonweal.place.participation.events import Event, History
from commonweal.place.participation.states import (
    give_notice,
    options_on,
    participate,
    participation_on,
    recorded_with,
    spells,
)
from commonweal.place.participation.way_back import (
    ParticipationBreach,
    is_window,
    last_day_for_notice,
    list_goes_to,
    terms_on,
)

CODES = ("A10001", "A10002", "A10003")

CODES = ("A10001", "A10002", "A10003")
JOINED = date(2026, 4, 1)


@pytest.fixture
def nobody() -> History:
    return History(CODES, contract_start=JOINED)


@pytest.fixture
def full(nobody: History) -> History:
    return participate(nobody, "A10001", "full", JOINED)


FIRSTS = st.integers(0, 120).map(lambda number: months_later(JOINED, number))
DAYS = st.one_of(FIRSTS, st.integers(0, 3650).map(lambda number: JOINED + timedelta(days=number)))
WINDOWS = st.integers(0, 5).map(lambda number: months_later(JOINED, 24 * number))


@st.composite
def attempts(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(["participates", "participates", "notice", "reactivates", "leaves"]))
    code = draw(st.sampled_from(CODES))
    if kind == "participates":
        return Event(code, "participates", draw(DAYS), draw(st.sampled_from(["virtual", "partial", "full"])))
    if kind == "notice":
        wanted = draw(st.one_of(WINDOWS, DAYS))
        return Event(code, "notice", draw(DAYS), None, wanted, draw(st.sampled_from([True, True, False])))
    return Event(code, kind, draw(st.one_of(WINDOWS, FIRSTS)))  # type: ignore[arg-type]


def _accepted(tried: list[Event]) -> History:
    history = History(CODES, contract_start=JOINED)
    for event in tried:
        try:
            history = recorded_with(history, event)
        except RuleBreach:
            continue
    return history


@settings(max_examples=300, deadline=None)
@given(st.lists(attempts(), max_size=25))
def test_no_sequence_of_accepted_events_ever_breaks_a_rule(tried: list[Event]) -> None:
    history = _accepted(tried)
    terms = terms_on(library(), JOINED)
    for code in CODES:
        held = spells(history, code)
        for before, after in pairwise(held):
            assert before.end == after.start, "states follow each other without a gap or an overlap"
            assert before.start < before.end
            if before.option == "full" and after.option != "full":
                assert (before.state, after.state) == ("notice", "reactivated") or before.state == "notice"
        joined = None
        back = 0
        for event in sorted((e for e in history.events if e.practice_code == code), key=lambda e: (e.start, e.event)):
            if event.event == "participates":
                joined = event.start if event.option == "full" else None
            if event.event == "reactivates":
                back += 1
        assert back <= terms.reactivations_most.value
        assert joined is None or joined >= JOINED
        assert all(spell.start.day == 1 for spell in held if spell.state != "notice")
        for spell in held:
            if spell.state == "notice" and spell.end is not None:
                assert months_later(spell.start, 12) <= spell.end


@settings(max_examples=200, deadline=None)
@given(st.lists(attempts(), max_size=12), DAYS)
def test_options_on_a_day_are_those_of_the_states_on_it(tried: list[Event], day: date) -> None:
    history = _accepted(tried)
    for code in CODES:
        assert options_on(history, day).get(code) == participation_on(history, code, day).option


@settings(max_examples=100, deadline=None)
@given(st.lists(attempts(), min_size=1, max_size=12), st.data())
def test_the_order_of_recording_changes_nothing_where_every_order_is_lawful(
    tried: list[Event], data: st.DataObject
) -> None:
    events = list(_accepted(tried).events)
    if not events:
        return
    shuffled = data.draw(st.permutations(events))
    history = History(CODES, contract_start=JOINED)
    try:
        for event in shuffled:
            history = recorded_with(history, event)
    except RuleBreach:
        return
    assert [spells(history, code) for code in CODES] == [spells(_accepted(events), code) for code in CODES]


def test_events_of_different_practices_may_be_recorded_in_any_order() -> None:
    events = [Event(code, "participates", JOINED, "full") for code in CODES]
    found = {tuple(sorted(options_on(_accepted(list(order)), JOINED).items())) for order in permutations(events)}
    assert len(found) == 1


@settings(max_examples=200, deadline=None)
@given(DAYS, st.one_of(WINDOWS, DAYS))
def test_the_earliest_lawful_date_named_for_a_notice_is_lawful_and_none_before_it_is(
    noticed: date, wanted: date
) -> None:
    full = participate(History(CODES), "A10001", "full", JOINED)
    earliest = _earliest_named(full, noticed, wanted)
    give_notice(full, "A10001", noticed, earliest, True)
    for number in range(1, 12):
        window = months_later(JOINED, 24 * number)
        assert is_window(JOINED, window, terms_on(library(), JOINED))
        if window < earliest and wanted != earliest:
            with pytest.raises(ParticipationBreach):
                give_notice(full, "A10001", noticed, window, True)


def _earliest_named(full: History, noticed: date, wanted: date) -> date:
    """The day named when notice is refused; the day asked for when it is accepted."""
    try:
        give_notice(full, "A10001", noticed, wanted, True)
    except ParticipationBreach as breach:
        return breach.earliest or date.max
    return wanted


@given(
    st.integers(-400, 400).map(lambda number: JOINED + timedelta(days=number)),
    st.sampled_from([JOINED, JOINED + timedelta(days=9)]),
)
def test_the_earliest_lawful_date_named_for_taking_part_is_lawful(wanted: date, opening: date) -> None:
    history = History(CODES, contract_start=opening)
    try:
        participate(history, "A10001", "full", wanted)
    except ParticipationBreach as breach:
        earliest = breach.earliest or date.max
    else:
        earliest = wanted
    taken = participate(history, "A10001", "full", earliest)
    assert spells(taken, "A10001")[0].start == earliest >= wanted
    assert earliest >= opening
    assert (earliest - max(wanted, opening)).days <= 31


@given(st.integers(1, 6), st.integers(0, 11))
def test_the_last_day_for_notice_is_in_time_and_the_day_after_is_not(number: int, month: int) -> None:
    joined = months_later(JOINED, month)
    terms = terms_on(library(), joined)
    window = months_later(joined, 24 * number)
    last = last_day_for_notice(window, terms)
    full = participate(History(CODES), "A10001", "full", joined)
    give_notice(full, "A10001", last, window, True)
    with pytest.raises(ParticipationBreach):
        give_notice(full, "A10001", last + timedelta(days=1), window, True)
    assert list_goes_to(joined, window, terms) == ("practice" if number == 1 else "MCP")
