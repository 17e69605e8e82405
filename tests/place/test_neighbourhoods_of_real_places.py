"""Are real districts and boards formed, with a proof or a stated gap?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from commonweal.place.formation.neighbourhoods import Formation, PracticePoint, form_neighbourhoods

pytestmark = pytest.mark.published

SMALLEST, LARGEST = 30_000, 50_000


@pytest.fixture(scope="module")
def lines(published_data: Path) -> list[dict[str, str]]:
    path = published_data / "practices" / "need_weighted_populations_2022-23.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def practices(lines: list[dict[str, str]], column: str, values: list[str]) -> list[PracticePoint]:
    return [
        PracticePoint(
            line["Practice_Code"],
            line["GP_Practice_Name"],
            int(float(line["Patients"])),
            float(line["Latitude"]),
            float(line["Longitude"]),
            line["PCN_Code"],
            line["PCN_Name"],
        )
        for line in lines
        if line[column] in values
    ]


def formed(points: list[PracticePoint], keep_pcn: str = "ignore") -> Formation:
    """The plan, once it is seen that every practice is in it once and every neighbourhood is as large as it says."""
    formation = form_neighbourhoods(points, smallest=SMALLEST, largest=LARGEST, keep_pcn=keep_pcn)
    placed = [code for group in formation.neighbourhoods for code in group.practice_codes]
    assert sorted(placed) == sorted(point.code for point in points)
    people = {point.code: point.people for point in points}
    assert all(group.people == sum(people[code] for code in group.practice_codes) for group in formation.neighbourhoods)
    if formation.status != "relaxed":
        assert all(SMALLEST <= group.people <= LARGEST for group in formation.neighbourhoods)
    return formation


@pytest.mark.parametrize(
    "districts",
    [["E07000176"], ["E07000119", "E06000009"], ["E09000030"], ["E08000007"]],
    ids=["Rushcliffe", "Fylde and Blackpool", "Tower Hamlets", "Stockport"],
)
def test_real_districts_are_formed_with_proof(lines, districts):
    formation = formed(practices(lines, "LAD21", districts))
    assert formation.status == "proven optimum"
    assert len(formation.alternatives) == 10


@pytest.mark.slow
@pytest.mark.parametrize("keep", ["ignore", "prefer"])
def test_dudley_is_formed_with_proof_whether_or_not_its_networks_are_preferred(lines, keep):
    assert formed(practices(lines, "LAD21", ["E08000027"]), keep).status == "proven optimum"


@pytest.mark.slow
def test_dudleys_networks_cannot_all_be_kept_whole_and_the_notes_say_which(lines):
    formation = formed(practices(lines, "LAD21", ["E08000027"]), "always")
    assert formation.status == "relaxed"
    assert not formation.pcns_split
    assert any("kept whole" in note for note in formation.notes)


@pytest.mark.slow
@pytest.mark.parametrize("icb", ["QGH", "QMF", "QOP"])
def test_whole_boards_are_formed_within_a_few_per_cent_of_the_bound(lines, icb):
    formation = formed(practices(lines, "ICS22", [icb]))
    assert formation.gap is not None
    assert formation.gap < 0.05
