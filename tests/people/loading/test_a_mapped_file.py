"""Does a published file with names of its own load whole, through the mapping that the how-to shows?"""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from commonweal.core.parameters import library
from commonweal.people.loading.load import load_record
from commonweal.people.loading.loaded import Loaded
from commonweal.place.folder import Place

pytestmark = pytest.mark.published
HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "load-a-record.md"
FILE = "system_wide_dataset_synthetic_10k.csv"
SPEND, ACTIVITY, TOTAL = "util.Spend.", "util.Activity.", "Total"


@pytest.fixture(scope="module")
def published(published_data: Path) -> list[dict[str, str]]:
    with (published_data / "people" / FILE).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def loaded(published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("mapped")
    shown = re.search(r"```yaml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    mapping = folder / "mapping.yaml"
    mapping.write_text(shown.group(1), encoding="utf-8")
    (folder / "place").mkdir()
    place = Place(folder / "place", "Here", "Q", "Board", {}, ("X90001",), date(2023, 4, 1), {}, "", False)
    return load_record(place, [published_data / "people" / FILE], parameters=library(), mapping=mapping, tolerate=1)


def pence(pounds: str) -> int:
    return int((Decimal(pounds) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def test_everybody_is_in_the_record_and_no_row_is_set_aside(loaded, published):
    assert loaded.holds["persons"] == len({row["id.patient"] for row in published}) == 10_000
    assert [one.aside for one in loaded.files] == [0, 0]
    # One body mass index of the file is below eight, which nobody's is: it is left blank, and said.
    impossible = [
        n for n, row in enumerate(published, start=2) if row["att.BMI"] != "NA" and Decimal(row["att.BMI"]) < 8
    ]
    wrong = [(one.rule, one.column, list(one.first)) for one in loaded.counts if one.rule == "number-unreadable"]
    assert wrong == [("number-unreadable", "att.BMI", impossible)]
    assert loaded.errors == 1


def test_spend_is_that_of_the_file_to_the_penny_and_activity_to_the_item(loaded, published):
    held = pq.read_table(loaded.record.path / "activity", columns=["items", "cost_pence"])
    cells = [(name, row[name]) for row in published for name in row if TOTAL not in name]
    assert sum(held["cost_pence"].to_pylist()) == sum(pence(cell) for name, cell in cells if name.startswith(SPEND))
    assert sum(held["items"].to_pylist()) == sum(int(row[ACTIVITY + TOTAL]) for row in published) == 42_650
    assert held.num_rows == sum(name.startswith(ACTIVITY) and cell != "0" for name, cell in cells)


def test_flags_and_bands_are_counted_as_in_the_file(loaded, published):
    conditions = pq.read_table(loaded.record.files("conditions"))["condition"].to_pylist()
    for ours, theirs in (
        ("diabetes_2", "att.Diabetes"),
        ("ihd_nonmi", "att.CHD"),
        ("smi", "att.Psychosis_schizophrenia_bipolar"),
    ):
        assert conditions.count(ours) == sum(row[theirs] == "1" for row in published) > 0
    attributes = pq.read_table(loaded.record.files("attributes"))
    bands = attributes["efi_category"].to_pylist()
    assert bands.count("severe") == sum(row["att.EFI_classification"] == "Severe" for row in published)
    assert attributes["imd_decile"].null_count == sum(row["att.IMD_level"] == "NA" for row in published)
