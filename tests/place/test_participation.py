"""Which practice takes part, how, and when may it take its contract back?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from commonweal.core.errors import InputError, RuleBreach
from commonweal.core.parameters import library, read_parameters
from commonweal.core.periods import months_later
from commonweal.place.participation.events import History
from commonweal.place.participation.states import (
    give_notice,
    leave,
    options_on,
    participate,
    participation_on,
    reactivate,
    spells,
    way_back,
)
from commonweal.place.participation.way_back import (
    ParticipationBreach,
    earliest_window,
    is_window,
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


def test_a_practice_without_events_is_independent_on_every_day(nobody: History) -> None:
    assert participation_on(nobody, "A10001", date(2030, 1, 1)).state == "independent"
    assert options_on(nobody, date(2030, 1, 1)) == {}


def test_a_state_holds_from_its_first_day_until_the_day_before_the_next(nobody: History) -> None:
    history = participate(nobody, "A10001", "virtual", JOINED)
    history = participate(history, "A10001", "partial", date(2027, 4, 1))
    assert participation_on(history, "A10001", JOINED - timedelta(days=1)).option is None
    assert participation_on(history, "A10001", JOINED).option == "virtual"
    assert participation_on(history, "A10001", date(2027, 3, 31)).option == "virtual"
    assert participation_on(history, "A10001", date(2027, 4, 1)).option == "partial"


def test_one_mcp_holds_practices_of_every_option_and_practices_that_stay_out(full: History) -> None:
    history = participate(full, "A10002", "partial", JOINED)
    assert options_on(history, JOINED) == {"A10001": "full", "A10002": "partial"}


def test_an_unknown_practice_is_refused_with_a_mend(nobody: History) -> None:
    with pytest.raises(InputError, match=r"Z99999.*place\.yaml"):
        participate(nobody, "Z99999", "full", JOINED)


def test_an_unknown_option_is_refused(nobody: History) -> None:
    with pytest.raises(InputError, match="virtual, partial, full"):
        participate(nobody, "A10001", "sideways", JOINED)  # type: ignore[arg-type]


def _breach_of(act: Callable[[], History]) -> ParticipationBreach:
    with pytest.raises(RuleBreach) as caught:
        act()
    assert isinstance(caught.value, ParticipationBreach)
    assert caught.value.rule in str(caught.value)
    if caught.value.earliest:
        assert f"Earliest lawful date: {caught.value.earliest}" in str(caught.value)
    return caught.value


def test_a_change_inside_a_month_waits_for_the_first_of_the_next(nobody: History) -> None:
    breach = _breach_of(lambda: participate(nobody, "A10001", "partial", date(2026, 12, 2)))
    assert breach.earliest == date(2027, 1, 1)


def test_nobody_takes_part_before_the_contract_starts(nobody: History) -> None:
    breach = _breach_of(lambda: participate(nobody, "A10001", "partial", date(2026, 3, 1)))
    assert breach.earliest == JOINED


def test_the_same_option_twice_is_refused(full: History) -> None:
    assert _breach_of(lambda: participate(full, "A10001", "full", date(2027, 4, 1))).earliest is None


def test_two_changes_on_one_day_are_refused(full: History) -> None:
    breach = _breach_of(lambda: participate(full, "A10001", "partial", JOINED))
    assert breach.earliest == date(2026, 5, 1)


def test_a_practice_out_of_the_mcp_cannot_leave_it(nobody: History) -> None:
    _breach_of(lambda: leave(nobody, "A10001", JOINED))


@pytest.mark.parametrize("option", ["virtual", "partial"])
def test_a_practice_whose_contract_is_its_own_leaves_freely(nobody: History, option: str) -> None:
    history = participate(nobody, "A10001", option, JOINED)  # type: ignore[arg-type]
    history = leave(history, "A10001", date(2026, 9, 1))
    assert participation_on(history, "A10001", date(2026, 9, 1)).state == "independent"


def test_partial_becomes_full_freely(nobody: History) -> None:
    history = participate(nobody, "A10001", "partial", JOINED)
    history = participate(history, "A10001", "full", date(2026, 7, 1))
    assert participation_on(history, "A10001", date(2026, 7, 1)).option == "full"
    held = way_back(history, "A10001", date(2026, 7, 1))
    assert held is not None
    assert held.joined == date(2026, 7, 1)


@pytest.mark.parametrize("act", ["partial", "virtual", "leave"])
def test_full_is_left_only_by_the_way_back(full: History, act: str) -> None:
    day = date(2027, 4, 1)
    if act == "leave":
        breach = _breach_of(lambda: leave(full, "A10001", day))
    else:
        breach = _breach_of(lambda: participate(full, "A10001", act, day))  # type: ignore[arg-type]
    assert breach.earliest == date(2028, 4, 1)  # notice of 12 months from 1 April 2027 just reaches month 24


def test_notice_of_twelve_months_for_a_window_is_accepted(full: History) -> None:
    history = give_notice(full, "A10001", date(2027, 4, 1), date(2028, 4, 1), True)
    held = participation_on(history, "A10001", date(2027, 4, 1))
    assert (held.state, held.option, held.end) == ("notice", "full", date(2028, 4, 1))


def test_notice_a_day_too_late_names_the_rule_its_source_and_the_next_window(full: History) -> None:
    breach = _breach_of(lambda: give_notice(full, "A10001", date(2027, 4, 2), date(2028, 4, 1), True))
    parameter = library()["reactivation_notice_months"]
    assert breach.rule == parameter.label
    assert breach.source == str(parameter.on(JOINED).source)
    assert breach.earliest == date(2030, 4, 1)


def test_a_day_that_is_no_window_names_the_next_one(full: History) -> None:
    breach = _breach_of(lambda: give_notice(full, "A10001", date(2026, 6, 1), date(2027, 10, 1), True))
    assert breach.rule == library()["reactivation_window_months"].label
    assert breach.earliest == date(2028, 4, 1)


def test_notice_lacking_a_partners_agreement_is_refused(full: History) -> None:
    breach = _breach_of(lambda: give_notice(full, "A10001", date(2026, 6, 1), date(2028, 4, 1), False))
    assert breach.rule == library()["all_partners_agree"].label
    assert breach.earliest == date(2028, 4, 1)


def test_a_second_notice_waits_until_the_first_is_spent(full: History) -> None:
    history = give_notice(full, "A10001", date(2026, 6, 1), date(2028, 4, 1), True)
    breach = _breach_of(lambda: give_notice(history, "A10001", date(2026, 7, 1), date(2030, 4, 1), True))
    assert breach.earliest == date(2028, 4, 1)


@pytest.mark.parametrize("option", [None, "virtual", "partial"])
def test_notice_needs_a_suspended_contract(nobody: History, option: str | None) -> None:
    history = participate(nobody, "A10001", option, JOINED) if option else nobody  # type: ignore[arg-type]
    assert _breach_of(lambda: give_notice(history, "A10001", JOINED, date(2028, 4, 1), True)).earliest is None


def test_reactivation_without_notice_names_the_window_that_notice_would_reach(full: History) -> None:
    breach = _breach_of(lambda: reactivate(full, "A10001", date(2028, 4, 1)))
    assert breach.earliest == date(2030, 4, 1)


def test_reactivation_on_another_day_than_notice_stands_for_names_that_day(full: History) -> None:
    history = give_notice(full, "A10001", date(2026, 6, 1), date(2028, 4, 1), True)
    assert _breach_of(lambda: reactivate(history, "A10001", date(2028, 3, 1))).earliest == date(2028, 4, 1)


def _back(history: History, code: str = "A10001") -> History:
    history = give_notice(history, code, date(2026, 6, 1), date(2028, 4, 1), True)
    return reactivate(history, code, date(2028, 4, 1))


def test_a_reactivated_practice_is_out_of_the_mcp(full: History) -> None:
    history = _back(full)
    assert [spell.state for spell in spells(history, "A10001")] == ["full", "notice", "reactivated"]
    assert options_on(history, date(2028, 3, 31)) == {"A10001": "full"}
    assert options_on(history, date(2028, 4, 1)) == {}


def test_a_contract_is_taken_back_once_only(full: History) -> None:
    history = participate(_back(full), "A10001", "full", date(2028, 5, 1))
    breach = _breach_of(lambda: give_notice(history, "A10001", date(2028, 6, 1), date(2030, 5, 1), True))
    assert breach.rule == library()["reactivations_most"].label
    assert breach.earliest is None
    held = way_back(history, "A10001", date(2028, 6, 1))
    assert held is not None
    assert (held.reactivations_left, held.windows) == (0, ())


def test_a_reactivated_practice_may_be_partial_from_the_same_day(full: History) -> None:
    history = participate(_back(full), "A10001", "partial", date(2028, 4, 1))
    assert participation_on(history, "A10001", date(2028, 4, 1)).option == "partial"


def test_a_notice_that_is_not_followed_by_reactivation_lapses(full: History) -> None:
    history = give_notice(full, "A10001", date(2026, 6, 1), date(2028, 4, 1), True)
    assert participation_on(history, "A10001", date(2028, 4, 1)).state == "full"
    again = give_notice(history, "A10001", date(2028, 6, 1), date(2030, 4, 1), True)
    assert [spell.state for spell in spells(again, "A10001")] == ["full", "notice", "full", "notice", "full"]


def test_the_list_follows_the_gp_at_the_first_window_and_stays_with_the_mcp_later(full: History) -> None:
    held = way_back(full, "A10001", JOINED, number=3)
    assert held is not None
    assert [window.list_goes_to for window in held.windows] == ["practice", "MCP", "MCP"]
    assert [window.reactivate_on for window in held.windows] == [date(2028, 4, 1), date(2030, 4, 1), date(2032, 4, 1)]
    assert [window.last_day_for_notice for window in held.windows] == [
        date(2027, 4, 1),
        date(2029, 4, 1),
        date(2031, 4, 1),
    ]


def test_there_is_no_way_back_where_no_contract_is_suspended(nobody: History) -> None:
    history = participate(nobody, "A10001", "partial", JOINED)
    assert way_back(history, "A10001", JOINED) is None
    assert way_back(history, "A10002", JOINED) is None


def test_the_terms_are_those_in_force_on_the_day_of_joining(nobody: History) -> None:
    changed = """
reactivation_window_months:
  label: Reactivation window
  meaning: m
  unit: months
  values:
    2016-12-01: {value: "24", status: illustrative, source: {title: first}}
    2027-01-01: {value: "36", status: illustrative, source: {title: second}}
"""
    parameters = type(library())({**library(), **read_parameters(changed, "own.yaml")})
    early = participate(nobody, "A10001", "full", JOINED, parameters=parameters)
    late = participate(early, "A10002", "full", date(2027, 4, 1), parameters=parameters)
    first, second = (way_back(late, code, date(2027, 4, 1), parameters=parameters) for code in ("A10001", "A10002"))
    assert first is not None
    assert second is not None
    assert first.windows[0].reactivate_on == date(2028, 4, 1)
    assert second.windows[0].reactivate_on == date(2030, 4, 1)


def test_an_earlier_event_may_be_recorded_later_when_the_whole_stays_lawful(nobody: History) -> None:
    history = participate(nobody, "A10001", "partial", date(2027, 4, 1))
    history = participate(history, "A10001", "virtual", JOINED)
    assert [spell.option for spell in spells(history, "A10001")] == ["virtual", "partial"]


def test_an_earlier_event_that_would_make_a_later_one_unlawful_is_refused(nobody: History) -> None:
    history = participate(nobody, "A10001", "partial", date(2027, 4, 1))
    _breach_of(lambda: participate(history, "A10001", "full", JOINED))


def test_the_day_of_joining_itself_is_no_window() -> None:
    terms = terms_on(library(), JOINED)
    assert earliest_window(JOINED, JOINED, terms) == months_later(JOINED, 24)
    assert not is_window(JOINED, JOINED, terms)
