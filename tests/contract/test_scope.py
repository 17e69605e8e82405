"""How much of each service line is in the MCP's budget, under which option?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.budget.service_lines import service_lines
from commonweal.contract.scope import scope_on, scope_shares, shares_in_pooled_view, shares_kept
from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import library
from commonweal.place.participation.events import OPTIONS, Option

DAY = date(2026, 4, 1)
LINES = service_lines(library(), on=DAY)
CODES = ("A1", "A2", "A3")


@pytest.mark.parametrize("name", ["scope", "dudley_scope"])
@given(taken=st.dictionaries(st.sampled_from(CODES), st.sampled_from(OPTIONS)))
def test_every_share_lies_between_nothing_and_all_and_those_that_stay_out_have_none(
    name: str, taken: dict[str, Option]
) -> None:
    scope = scope_on(library(), DAY, name=name)
    for of in (scope_shares, shares_kept, shares_in_pooled_view):
        shares = of(scope, taken, CODES, LINES)
        assert set(shares) == {line.code for line in LINES}
        for column in shares.values():
            assert column.keys == CODES
            assert all(0 <= value <= 1 for value in column.by_key().values())
    for column in scope_shares(scope, taken, CODES, LINES).values():
        assert all(column.by_key()[code] == 0 for code in CODES if taken.get(code, "virtual") == "virtual")


@pytest.mark.parametrize("name", ["scope", "dudley_scope"])
def test_core_general_practice_is_in_the_budget_under_full_only(name: str) -> None:
    scope = scope_on(library(), DAY, name=name)
    shares = [scope.row(option, "core_general_practice").share_in_scope for option in OPTIONS]
    assert shares == [0, 0, 1]


def test_qof_enhanced_services_and_non_core_care_move_in_under_partial() -> None:
    scope = scope_on(library(), DAY)
    for line in ("qof", "enhanced_services", "prescribing", "community", "mental_health", "urgent_care"):
        assert scope.row("partial", line).share_in_scope == 1, line


def test_a_practice_that_stays_out_keeps_its_own_income() -> None:
    kept = shares_kept(scope_on(library(), DAY), {"A1": "full"}, CODES, LINES)["core_general_practice"].by_key()
    assert kept == {"A1": 0, "A2": 1, "A3": 1}


def test_a_share_that_depends_on_an_illustrative_row_says_so() -> None:
    scope = scope_on(library(), DAY)
    shares = scope_shares(scope, dict.fromkeys(CODES, "partial"), CODES, LINES)
    assert shares["outpatients"].status == "illustrative"
    assert shares["core_general_practice"].status == "published"


def _row(option: str, line: str, in_scope: str, kept: str) -> str:
    return (
        f"{{option: {option}, service_line: {line}, share_in_scope: '{in_scope}', pooled_view: '0', "
        f"stays_with_practices: '{kept}'}}"
    )


def _own(folder: Path, rows: str) -> Path:
    folder.mkdir(exist_ok=True)
    text = f"""
scope:
  label: Own scope
  meaning: m
  unit: share
  values:
    2026-04-01:
      status: given
      source: {{title: "Contract, Schedule 1"}}
      value:
{rows}
"""
    (folder / "scope.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_place_replaces_the_rows_it_writes_and_keeps_the_others(tmp_path: Path) -> None:
    row = f"        - {_row('partial', 'outpatients', '0.4', '0')}"
    own = scope_on(library().overridden_by(_own(tmp_path / "contract", row)), DAY)
    assert own.row("partial", "outpatients").share_in_scope == Decimal("0.4")
    assert own.row("partial", "outpatients").status == "given"
    assert own.row("full", "outpatients") == scope_on(library(), DAY).row("full", "outpatients")


def test_a_line_may_move_in_for_one_practice_alone(tmp_path: Path) -> None:
    row = _row("partial", "premises", "1", "0").replace("}", ", practice_code: A2}")
    own = scope_on(library().overridden_by(_own(tmp_path / "contract", f"        - {row}")), DAY)
    taken: dict[str, Option] = dict.fromkeys(CODES, "partial")
    assert scope_shares(own, taken, CODES, LINES)["premises"].by_key() == {"A1": 0, "A2": 1, "A3": 0}
    assert shares_kept(own, taken, CODES, LINES)["premises"].by_key() == {"A1": 1, "A2": 0, "A3": 1}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (_row("partial", "qof", "1.2", "0"), "outside 0 to 1"),
        (_row("partial", "qof", "-0.1", "0"), "outside 0 to 1"),
        (_row("partial", "qof", "some", "0"), "not a number"),
        (_row("partial", "qof", "0.6", "0.6"), "more than the whole"),
        (_row("virtual", "qof", "0.5", "0.5"), "pays no budget"),
        (_row("half", "qof", "0.5", "0.5"), "names no option"),
    ],
)
def test_a_scope_that_cannot_be_is_refused_with_its_place(tmp_path: Path, row: str, message: str) -> None:
    parameters = library().overridden_by(_own(tmp_path / "contract", f"        - {row}"))
    with pytest.raises(ParameterProblem, match=message) as caught:
        scope_on(parameters, DAY)
    assert "scope.yaml" in str(caught.value)


def test_the_scope_in_use_can_be_dudleys(tmp_path: Path) -> None:
    (tmp_path / "in_use.yaml").write_text(
        "scope_in_use:\n  label: l\n  meaning: m\n  unit: u\n  values:\n"
        "    2026-04-01: {value: dudley_scope, status: given, source: {title: Contract}}\n",
        encoding="utf-8",
    )
    assert scope_on(library().overridden_by(tmp_path), DAY).label == library()["dudley_scope"].label
