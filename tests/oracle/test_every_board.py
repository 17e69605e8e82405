"""Does the whole way through hold for every integrated care board in England, and for all of England at once?

The sums for England are compared with the benchmark's plain pandas program, which shares no arithmetic with the budget.
"""

from __future__ import annotations

import runpy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.core.periods import financial_year, month
from commonweal.opened import OpenPlace
from commonweal.place.folder import Place
from commonweal.place.formation.forming import form_place
from commonweal.place.inputs import place_inputs
from commonweal.place.published.reading import Published, published_paths, read_published
from commonweal.place.selection import Selection, chosen_practices

pytestmark = [pytest.mark.published, pytest.mark.slow]

YEAR = financial_year("2026-27")
BOARDS_IN_ENGLAND = 42


@pytest.fixture(scope="module")
def published(published_data: Path) -> Published:
    return read_published(duckdb_engine(), published_paths(published_data / "practices"))


def boards(published: Published) -> list[tuple[str, str]]:
    table = published.tables["need_populations"].select("icb_code", "icb_name").distinct().order_by("icb_code")
    return [(row["icb_code"], row["icb_name"]) for row in table.to_pyarrow().to_pylist()]


def chosen(published: Published, selection: Selection) -> tuple[str, ...]:
    return tuple(sorted(row["practice_code"] for row in chosen_practices(published, selection).practices))


def opened(published: Published, folder: Path, name: str, *, codes: tuple[str, ...], board: str = "") -> OpenPlace:
    place = Place(
        path=folder,
        name=name,
        commissioner_code=board,
        commissioner_name=name,
        rule={},
        practice_codes=codes,
        contract_start=date(2026, 4, 1),
        formation={"keep_pcn": "ignore", "must_be_together": (), "never_together": ()},
        payments_year=published.baseline_year,
        allow_years_apart=False,
    )
    return OpenPlace(place, year=YEAR, inputs=place_inputs(place, published=published))


def test_every_boards_budget_options_and_statement_conserve_and_balance(published, tmp_path):
    found = boards(published)
    assert len(found) == BOARDS_IN_ENGLAND
    people = Decimal(0)
    for code, name in found:
        held = opened(published, tmp_path, name, codes=chosen(published, Selection(icb=(code,))), board=code)
        people += sum(held.inputs.projected_people.values())
        for option in held.options():
            whole = option.whole
            parts = (whole.in_budget, whole.performance_pay, whole.stays_with_practices, whole.existing_contracts)
            assert sum(part.amount for part in parts) == held.care.total.amount > 0, name
        assert held.statements(month("2026-04"))[-1].balance.difference.amount == 0, name
    everyone = published.tables["need_populations"].projected_people.sum().to_pyarrow().as_py()
    closed_before = everyone - people
    assert 0 <= closed_before < 10_000


def test_england_in_all_is_what_a_plain_pandas_program_makes_of_the_same_files(published, published_data, tmp_path):
    plain = runpy.run_path(str(Path(__file__).resolve().parents[2] / "bench" / "england.py"))["plain"]
    expected = plain(published_data / "practices")
    paid = published.tables["payment_practices"]
    both = published.tables["need_populations"].semi_join(
        paid.filter(paid.financial_year == published.baseline_year), "practice_code"
    )
    codes = tuple(both.order_by("practice_code").practice_code.to_pyarrow().to_pylist())
    held = opened(published, tmp_path, "England", codes=codes)
    assert len(codes) == expected["practices"]
    assert float(held.care.total.amount) == pytest.approx(expected["cost of care"], abs=5)
    for name in ("virtual", "partial", "full"):
        amount = float(getattr(held.options(), name).whole.in_budget.amount)
        assert amount == pytest.approx(expected[name], abs=5)


@pytest.mark.parametrize("district", ["Rushcliffe", "Stockport", "Dudley", "Tower Hamlets"])
def test_neighbourhoods_of_real_districts_are_within_the_bounds_or_say_why_not(published, tmp_path, district):
    held = opened(published, tmp_path, district, codes=chosen(published, Selection(lad=(district,))))
    formation = form_place(held.inputs, held.parameters, save=False).formation
    assert sum(len(n.practice_codes) for n in formation.neighbourhoods) == len(held.place.practice_codes)
    if formation.status == "relaxed":
        assert formation.notes
    else:
        assert all(30_000 <= n.people <= 50_000 for n in formation.neighbourhoods)
