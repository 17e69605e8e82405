"""Is every number of policy dated, explained and cited, and does every published payment have its place?"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

PARAMETERS = files("commonweal") / "parameters"
PRACTICES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "practices"
STATUSES = {"published", "derived", "illustrative"}
OPTIONS = {"virtual", "partial", "full"}
PAYMENT_YEARS = ("2018-19", "2021-22", "2022-23")
LAST_COLUMN_ABOUT_THE_PRACTICE = "Number of Weighted Patients (Last Known Figure)"


def _parameters() -> dict[str, dict[str, Any]]:
    """Every parameter of the library, by file and name."""
    found = {}
    for path in sorted(PARAMETERS.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".yaml"):
            for name, parameter in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                found[f"{path.name.removesuffix('.yaml')}.{name}"] = parameter
    return found


EVERY_PARAMETER = _parameters()
EVERY_VALUE = [
    pytest.param(entry, id=f"{name} from {start}")
    for name, parameter in EVERY_PARAMETER.items()
    for start, entry in parameter["values"].items()
]


def _latest(name: str) -> Any:
    values = EVERY_PARAMETER[name]["values"]
    return values[max(values)]["value"]


def _rows_of(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]


def _payments(year: str) -> tuple[list[str], list[dict[str, str]]]:
    path = PRACTICES / f"gp_payments_{year}.csv"
    if not path.exists():
        pytest.skip(f"the published payments of {year} are not here: {path.name}")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        headings = [heading.strip() for heading in reader.fieldnames or []]
        rows = [{heading.strip(): cell for heading, cell in row.items()} for row in reader]
    return headings, rows


def _payment_headings(headings: list[str]) -> list[str]:
    return headings[headings.index(LAST_COLUMN_ABOUT_THE_PRACTICE) + 1 :]


def _amount(cell: str) -> Decimal:
    return Decimal(cell.strip() or "0")


@pytest.mark.parametrize("name", EVERY_PARAMETER)
def test_a_parameter_says_what_it_is_and_in_what_unit(name: str) -> None:
    parameter = EVERY_PARAMETER[name]
    for key in ("label", "meaning", "unit"):
        assert isinstance(parameter.get(key), str), f"{name} has no {key}"
        assert parameter[key].strip(), f"{name} has an empty {key}"
    assert parameter.get("values"), f"{name} has no values"
    assert set(parameter) == {"label", "meaning", "unit", "values"}, f"{name} has keys nobody reads"


def test_no_two_files_have_a_parameter_of_the_same_name() -> None:
    counted = Counter(name.partition(".")[2] for name in EVERY_PARAMETER)
    assert {name for name, times in counted.items() if times > 1} == set()


@pytest.mark.parametrize("name", EVERY_PARAMETER)
def test_the_values_of_a_parameter_are_in_the_order_of_their_first_days(name: str) -> None:
    starts = list(EVERY_PARAMETER[name]["values"])
    assert all(type(start) is date for start in starts), f"{name} has a value without a date"
    assert starts == sorted(starts)


@pytest.mark.parametrize("entry", EVERY_VALUE)
def test_a_value_has_a_status_and_a_source_and_a_derived_one_its_arithmetic(entry: dict[str, Any]) -> None:
    assert entry.get("value") is not None
    assert entry["status"] in STATUSES
    assert entry["source"]["title"].strip()
    if entry["status"] == "derived":
        assert entry.get("how", "").strip(), "derived, and does not say how"
    assert set(entry) <= {"value", "status", "source", "how", "note", "price_base_year"}


@pytest.mark.parametrize("entry", EVERY_VALUE)
def test_a_number_is_written_as_a_decimal_in_quotes(entry: dict[str, Any]) -> None:
    loose = [leaf for leaf in _leaves(entry["value"]) if isinstance(leaf, (int, float)) and not isinstance(leaf, bool)]
    assert not loose, f"numbers without quotes: {loose}"


@pytest.mark.parametrize(
    "name", [name for name in EVERY_PARAMETER if EVERY_PARAMETER[name]["unit"].startswith("share")]
)
def test_a_share_is_between_none_and_all(name: str) -> None:
    for entry in EVERY_PARAMETER[name]["values"].values():
        for leaf in _leaves(entry["value"]):
            try:
                number = Decimal(leaf)
            except InvalidOperation:
                continue
            assert Decimal(0) <= number <= Decimal(1), f"{name}: {leaf}"


@pytest.mark.parametrize("entry", EVERY_VALUE)
def test_a_row_with_a_status_of_its_own_has_one_of_the_three(entry: dict[str, Any]) -> None:
    for row in _rows_of(entry["value"]):
        assert row.get("status", "published") in STATUSES
        if "source" in row:
            assert row["source"]["title"].strip()


@pytest.mark.parametrize("name", ["scope.scope", "scope.dudley_scope"])
def test_every_scope_has_each_service_line_once_under_each_option(name: str) -> None:
    lines = {line["code"] for line in _latest("service_lines.service_lines")}
    counted = Counter((row["option"], row["service_line"]) for row in _latest(name))
    assert set(counted) == {(option, line) for option in OPTIONS for line in lines}
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("name", ["scope.scope", "scope.dudley_scope"])
def test_no_scope_gives_more_of_a_service_line_than_there_is(name: str) -> None:
    for row in _latest(name):
        in_budget, pooled, stays = (
            Decimal(row[key]) for key in ("share_in_scope", "pooled_view", "stays_with_practices")
        )
        assert 0 <= in_budget <= 1
        assert 0 <= pooled <= 1
        assert 0 <= stays <= 1
        assert in_budget + stays <= 1, row
        assert in_budget <= pooled, row


def test_the_virtual_option_puts_nothing_in_the_budget_of_the_mcp() -> None:
    assert {row["share_in_scope"] for row in _latest("scope.scope") if row["option"] == "virtual"} == {"0"}


def test_every_pound_of_a_practice_stays_with_it_or_is_in_the_budget() -> None:
    from_practices = {line["service_line"] for line in _latest("payment_lines.payment_lines")} - {None}
    for row in _latest("scope.scope"):
        if row["service_line"] in from_practices:
            assert Decimal(row["share_in_scope"]) + Decimal(row["stays_with_practices"]) == 1, row


def test_every_service_line_not_paid_to_practices_has_a_national_cost() -> None:
    blocks = {line["code"] for line in _latest("service_lines.service_lines") if line["baseline"] == "block"}
    costs = {name.partition(".")[2] for name in EVERY_PARAMETER if name.startswith("national_costs.")}
    assert blocks == costs


@pytest.mark.parametrize("name", [name for name in EVERY_PARAMETER if name.startswith("national_costs.")])
def test_a_national_cost_is_in_the_prices_of_the_year_it_begins_and_that_year_has_a_deflator(name: str) -> None:
    deflators = EVERY_PARAMETER["growth.gdp_deflator"]["values"]
    for start, entry in EVERY_PARAMETER[name]["values"].items():
        assert entry["price_base_year"] == f"{start.year}-{(start.year + 1) % 100:02d}"
        assert start in deflators


def test_what_is_paid_on_of_a_service_line_is_not_more_than_the_line() -> None:
    lines = {line["code"] for line in _latest("service_lines.service_lines")}
    paid_on: Counter[str] = Counter()
    for row in _latest("statement.subcontract_shares"):
        paid_on[row["service_line"]] += Decimal(row["share"])
    assert set(paid_on) == lines
    assert all(share <= 1 for share in paid_on.values())
    assert set(_latest("statement.payment_arrears_months")) == lines


def test_a_practice_manager_finds_every_service_line_of_a_practice_under_every_option() -> None:
    lines = {line["service_line"] for line in _latest("payment_lines.payment_lines")} - {None}
    rows = _latest("practice_manager.income_lines")
    counted = Counter((row["option"], row["service_line"]) for row in rows)
    assert set(counted) == {(option, line) for option in OPTIONS for line in lines}
    assert set(counted.values()) == {1}
    assert {row["goes_to"] for row in rows} <= set(_latest("practice_manager.destinations"))


def test_what_a_practice_manager_reads_agrees_with_the_scope() -> None:
    stays = {(row["option"], row["service_line"]): row["stays_with_practices"] for row in _latest("scope.scope")}
    for row in _latest("practice_manager.income_lines"):
        kept = row["goes_to"] in {"stays_with_practice", "paid_to_network"}
        assert (stays[row["option"], row["service_line"]] == "1") == kept, row


def test_a_payment_line_belongs_to_a_service_line_and_one_group() -> None:
    lines = {line["code"] for line in _latest("service_lines.service_lines")}
    rows = _latest("payment_lines.payment_lines")
    assert max(Counter(row["code"] for row in rows).values()) == 1
    assert max(Counter(name for row in rows for name in row["names"]).values()) == 1
    for row in rows:
        assert row["in_total"] == (row["group"] == "in_total")
        assert row["is_deduction"] == (row["group"] == "deductions")
        assert row["is_deduction"] or row["service_line"] in lines
        assert all(name == name.strip() for name in row["names"])


@pytest.mark.published
@pytest.mark.parametrize("year", PAYMENT_YEARS)
def test_every_payment_column_of_the_published_file_is_mapped_once(year: str) -> None:
    headings, _ = _payments(year)
    mapped = Counter(
        [name for row in _latest("payment_lines.payment_lines") for name in row["names"]]
        + [name for row in _latest("payment_lines.payment_totals") for name in row["names"]]
        + [row["name"] for row in _latest("payment_lines.payment_averages")]
    )
    assert {heading: mapped[heading] for heading in _payment_headings(headings) if mapped[heading] != 1} == {}


@pytest.mark.published
@pytest.mark.parametrize("year", PAYMENT_YEARS)
def test_the_lines_of_each_total_that_a_year_publishes_sum_to_it(year: str) -> None:
    headings, practices = _payments(year)
    compared = 0
    for total in _latest("payment_lines.payment_totals"):
        published = next((name for name in total["names"] if name in headings), None)
        if published is None:
            continue
        added = [
            name
            for line in _latest("payment_lines.payment_lines")
            if line["group"] in total["adds"]
            for name in line["names"]
            if name in headings
        ]
        equal = sum(sum(_amount(row[name]) for name in added) == _amount(row[published]) for row in practices)
        assert equal >= len(practices) * Decimal("0.999"), f"{total['code']}: {equal} of {len(practices)} practices"
        compared += 1
    # 2018-19 publishes two totals, later years all of them.
    assert compared >= 2
