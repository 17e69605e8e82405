"""Is the made-up country like the real one, in the same bytes every time, and clean?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import correlation

import pytest

from commonweal.core.findings import counts
from commonweal.place.checks.run import check
from commonweal.place.demonstration import write_demonstration_files
from commonweal.place.folder import Place
from commonweal.place.inputs import Inputs, place_inputs
from commonweal.place.population import practice_populations
from commonweal.place.published.reading import Published
from commonweal.place.verification import verify_practice_payments, verify_weighted_populations


@pytest.fixture(scope="module")
def inputs(made_up_place: Place) -> Inputs:
    return place_inputs(made_up_place)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(made_up_files: Path, tmp_path: Path) -> None:
    again = write_demonstration_files(tmp_path / "again")
    other = write_demonstration_files(tmp_path / "other", seed=7)
    assert {p.name: p.read_bytes() for p in again} == {p.name: p.read_bytes() for p in made_up_files.iterdir()}
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(again, other, strict=True) if "member" not in a.name)


def test_the_district_has_120_000_people_in_14_practices(inputs: Inputs) -> None:
    assert sum(inputs.listed_people.values()) == 120_000
    assert len(inputs.codes) == 14
    assert not any(inputs.absent.values())


def test_one_network_of_the_district_is_out_of_the_band(inputs: Inputs) -> None:
    people: dict[str, int] = {}
    for code, row in inputs.practice_rows.items():
        people[row["pcn_code"]] = people.get(row["pcn_code"], 0) + inputs.listed_people[code]
    assert sum(not 30_000 <= size <= 50_000 for size in people.values()) == 1


def test_checks_find_nothing_wrong_and_one_list_that_moved(inputs: Inputs) -> None:
    found = check(inputs)
    assert counts(found)["error"] == 0
    assert [finding.rule for finding in found if finding.severity == "warning"] == ["list-moved"]


@pytest.mark.parametrize("year", ["2021-22", "2022-23"])
def test_everything_in_the_payments_can_be_recomputed(made_up_files: Path, year: str) -> None:
    verified = verify_practice_payments(made_up_files / f"gp_payments_{year}.csv")
    assert (verified.matched, verified.rows) == (verified.of, ())


def test_everything_in_the_weighted_populations_can_be_recomputed(made_up_files: Path) -> None:
    verified = verify_weighted_populations(made_up_files / "need_weighted_populations.csv")
    assert (verified.matched, verified.rows) == (verified.of, ())


def test_practices_are_paid_about_as_much_a_head_as_real_ones(inputs: Inputs) -> None:
    """England paid GBP 164.64 a head in 2022-23."""
    counted = {row["code"] for row in inputs.parameters["payment_lines"].values[-1].value if row["in_total"]}
    total = sum(amount for line, amount in inputs.national.payments.items() if line in counted)
    assert abs(total / inputs.national.registered_people - Decimal("164.64")) < 4


def test_one_quarter_passes_a_tolerance_of_one_per_cent(inputs: Inputs) -> None:
    sums = {day: Decimal(sum(held.values())) for day, held in inputs.list_counts.items()}
    reference = sums[date(2026, 4, 1)]
    beyond = [
        day for day, people in sums.items() if day > date(2026, 4, 1) and abs(people / reference - 1) > Decimal("0.01")
    ]
    assert beyond == [date(2027, 1, 1)]


def test_the_people_of_practices_differ_in_age_sex_and_deprivation(inputs: Inputs) -> None:
    people = practice_populations(inputs)
    assert {sum(held.people for held in people)} == {sum(inputs.list_counts[date(2026, 4, 1)].values())}
    for of in (
        lambda held: held.male_share,
        lambda held: held.aged_at_least[65],
        lambda held: held.aged_30_to_74,
        lambda held: held.deprivation_score,
    ):
        assert len({of(held) for held in people}) == 14
    for held in people:
        shares = [held.aged_at_least[age] for age in (16, 17, 18, 50, 65)]
        assert shares == sorted(shares, reverse=True)


def test_where_need_is_higher_people_are_more_deprived(made_up: Published) -> None:
    """As in England, where scores and need for health inequalities correlate at 0.84; 60 practices vary around it."""
    need, score = (
        {row["practice_code"]: row for row in made_up.tables[name].to_pyarrow().to_pylist()}
        for name in ("need_populations", "practice_deprivation")
    )
    per_head = [float(need[code]["health_inequalities"] / need[code]["projected_people"]) for code in sorted(need)]
    assert correlation(per_head, [float(score[code]["score"]) for code in sorted(need)]) > 0.5


def test_nothing_made_up_can_be_taken_for_real(made_up_files: Path) -> None:
    """Practice codes begin with X9, postcodes with ZZ99: neither is given out."""
    for row in (made_up_files / "practice_locations.csv").read_text().splitlines()[1:]:
        code, _, postcode, *_ = row.split(",")
        assert code.startswith("X9")
        assert postcode.startswith("ZZ99 ")
