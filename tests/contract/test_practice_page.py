"""What does joining mean for one practice?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.contract.practice_income import PublishedIncome, published_income
from commonweal.contract.practice_page import PracticePage, practice_page, practice_page_rows
from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.core.periods import financial_year
from commonweal.core.tables import definitions
from commonweal.place.folder import new_place
from commonweal.place.inputs import Inputs, place_inputs
from commonweal.place.participation.events import OPTIONS, History
from commonweal.place.participation.states import give_notice, participate, reactivate
from commonweal.place.selection import Selection

START = date(2026, 4, 1)
NOBODY = History(("A1", "A2"), contract_start=START)
LINES = {
    "global_sum": Decimal("800000.10"),
    "pms_balance": Decimal("-12.34"),
    "qof": Decimal("140000.00"),
    "minor_surgery": Decimal("9000.00"),
    "premises": Decimal("90000.00"),
    "pcn_participation": Decimal("15000.00"),
    "pcn_workforce": Decimal("200000.00"),
    "covid_immunisation": Decimal("500.55"),
    "deductions": Decimal("-130000.00"),
}
IN_TOTAL = ("global_sum", "pms_balance", "qof", "minor_surgery", "premises", "pcn_participation")
INCOME = PublishedIncome(
    financial_year("2022-23"),
    LINES,
    {
        "total": Decimal("1053987.76"),
        "total_less_deductions": Decimal("923987.76"),
        "total_with_covid": Decimal("1054488.31"),
        "total_with_networks": Decimal("1253987.76"),
    },
)


def page_of(history: History = NOBODY, on: date = START, parameters: Parameters | None = None) -> PracticePage:
    return practice_page("A1", "The Practice", INCOME, history, parameters or library(), on=on)


def test_every_published_line_is_on_the_page_with_a_destination_under_every_option() -> None:
    page = page_of()
    assert {line.payment_line: line.amount.amount for line in page.lines} == LINES
    for line in page.lines:
        assert set(line.destinations) == set(OPTIONS)
        for end in line.destinations.values():
            assert end.sentence
            assert end.meaning
            assert end.status in ("published", "illustrative")
            assert end.source.title


def test_every_published_total_is_the_sum_of_the_lines_it_adds() -> None:
    found = {held.payment_total: held for held in page_of().reconciliations}
    assert set(found) == set(INCOME.totals)
    assert all(held.difference.amount == 0 for held in found.values())
    assert found["total"].published.amount == page_of().total_of().amount


def test_a_total_that_its_lines_do_not_reach_shows_the_difference() -> None:
    wrong = PublishedIncome(INCOME.year, LINES, {"total": Decimal("1053987.77")})
    page = practice_page("A1", "The Practice", wrong, NOBODY, library(), on=START)
    assert page.reconciliations[0].difference.amount == Decimal("0.01")


@pytest.mark.parametrize("groups", [("in_total",), ("in_total", "pcn"), ("in_total", "covid", "pcn", "deductions")])
@pytest.mark.parametrize("option", OPTIONS)
def test_what_goes_to_each_destination_sums_to_the_total(option: str, groups: tuple[str, ...]) -> None:
    page = page_of()
    gone = page.going_to(option, groups)  # type: ignore[arg-type]
    assert sum(line.amount for line in gone.values()) == page.total_of(groups).amount


def test_the_virtual_option_changes_no_income_of_the_practice() -> None:
    assert set(page_of().going_to("virtual")) == {"stays_with_practice"}


def test_the_partial_option_keeps_core_income_and_moves_qof_and_enhanced_services() -> None:
    ends = {line.payment_line: line.destinations["partial"].goes_to for line in page_of().lines}
    assert ends["global_sum"] == "stays_with_practice"
    assert ends["qof"] == "moves_to_performance_pay"
    assert ends["minor_surgery"] == "moves_to_mcp_paid_under_integration_agreement"


def test_network_money_goes_to_the_network_but_taking_part_is_paid_to_the_practice() -> None:
    ends = {line.payment_line: line.destinations["virtual"].goes_to for line in page_of().lines}
    assert ends["pcn_workforce"] == "paid_to_network"
    assert ends["pcn_participation"] == "stays_with_practice"


def test_a_scope_that_differs_from_the_usual_sentence_is_what_the_page_says() -> None:
    own = read_parameters(
        "scope:\n  label: Own\n  meaning: m\n  unit: u\n  values:\n    2026-04-01:\n      status: given\n"
        "      source: {title: Contract}\n      value:\n"
        "        - {option: partial, service_line: premises, share_in_scope: '0.25', pooled_view: '0',"
        " stays_with_practices: '0.75'}\n",
        "own.yaml",
    )
    page = page_of(parameters=Parameters({**library(), **own}))
    premises = next(line for line in page.lines if line.payment_line == "premises").destinations["partial"]
    assert premises.goes_to == "as_the_scope_says"
    assert "25 %" in premises.sentence
    assert premises.source.title == "Contract"


def test_every_sentence_says_who_says_so_and_examples_are_marked() -> None:
    page = page_of()
    told = [*page.pension_access, *page.way_back.values(), *page.way_back_dates.rules]
    for option in OPTIONS:
        assert [sentence.topic for sentence in page.staff[option]] == [
            "Employer",
            "Staff",
            "Transfer of staff",
            "Pension access",
            "What you sign",
        ]
        told += page.staff[option]
    for sentence in told:
        assert sentence.text
        assert sentence.source.title
        assert sentence.illustrative == (sentence.status == "illustrative")
    assert any(sentence.illustrative for sentence in told)
    assert any(sentence.status == "published" for sentence in told)


def test_the_way_back_of_a_practice_outside_is_worked_out_as_if_it_joined_on_the_day() -> None:
    page = page_of()
    dates = page.way_back_dates
    assert (page.state, page.since) == ("independent", None)
    assert dates.supposed
    assert dates.joined == START
    first, second = dates.windows[:2]
    assert (first.reactivate_on, first.last_day_for_notice) == (date(2028, 4, 1), date(2027, 4, 1))
    assert (first.list_goes_to, second.list_goes_to) == ("practice", "MCP")


def test_the_way_back_of_a_full_practice_counts_from_the_day_it_joined() -> None:
    history = participate(NOBODY, "A1", "full", date(2026, 7, 1))
    history = give_notice(history, "A1", date(2027, 1, 5), date(2028, 7, 1), True)
    dates = page_of(history, date(2027, 2, 1)).way_back_dates
    assert not dates.supposed
    assert dates.joined == date(2026, 7, 1)
    assert dates.notice_for == date(2028, 7, 1)
    assert dates.windows[0].reactivate_on == date(2028, 7, 1)


def test_a_practice_that_has_been_back_has_no_second_way_back() -> None:
    history = participate(NOBODY, "A1", "full", START)
    history = give_notice(history, "A1", START, date(2028, 4, 1), True)
    history = reactivate(history, "A1", date(2028, 4, 1))
    dates = page_of(history, date(2028, 5, 1)).way_back_dates
    assert (dates.reactivations_left, dates.windows) == (0, ())


def test_an_unknown_practice_or_payment_line_is_refused() -> None:
    with pytest.raises(InputError):
        practice_page("Z9", "Nobody", INCOME, NOBODY, library(), on=START)
    odd = PublishedIncome(INCOME.year, {"bonus": Decimal(1)}, {})
    with pytest.raises(ParameterProblem, match="bonus"):
        practice_page("A1", "The Practice", odd, NOBODY, library(), on=START)


def test_rows_have_the_columns_of_the_table_definition() -> None:
    assert list(practice_page_rows(page_of())[0]) == [column.name for column in definitions()["practice_page"]]


@given(
    st.dictionaries(
        st.sampled_from([row["code"] for row in library()["payment_lines"].on(START).value]),
        st.decimals(min_value=-(10**5), max_value=10**6, places=2),
    )
)
def test_no_line_is_lost_whatever_is_paid(lines: dict[str, Decimal]) -> None:
    page = practice_page("A1", "P", PublishedIncome(INCOME.year, lines, {}), NOBODY, library(), on=START)
    everything = ("in_total", "covid", "pcn", "deductions")
    assert page.total_of(everything).amount == sum(lines.values())
    for option in OPTIONS:
        assert sum(x.amount for x in page.going_to(option, everything).values()) == sum(lines.values())


FILES = ("need_weighted_populations_2022-23.csv", "gp_payments_2022-23.csv")


@pytest.fixture(scope="module")
def dudley(published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    folder = tmp_path_factory.mktemp("published")
    for name in FILES:
        (folder / name).symlink_to(published_data / "practices" / name)
    place = new_place(
        folder / "dudley",
        name="Dudley",
        practices_from=folder,
        selection=Selection(lad=("Dudley",)),
        contract_start=START,
    )
    return place_inputs(place)


@pytest.mark.published
def test_every_practice_of_dudley_reconciles_to_every_published_total(dudley: Inputs) -> None:
    history = History(dudley.codes, contract_start=START)
    incomes = published_income(dudley)
    assert len(incomes) == len(dudley.codes) > 30
    reconciled = 0
    for code, income in incomes.items():
        page = practice_page(code, dudley.names[code], income, history, library(), on=START)
        assert len(page.reconciliations) == len(income.totals)
        assert all(held.difference.amount == 0 for held in page.reconciliations), code
        reconciled += len(page.reconciliations)
    assert reconciled >= 6 * (len(incomes) - 1), "nearly every practice is paid and publishes all six totals"
