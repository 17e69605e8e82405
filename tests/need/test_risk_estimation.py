"""Are risks learned, tested and given on dates that do not look ahead, and said in words and figures that hold?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import library
from commonweal.need.risk.calibration import Recalibration
from commonweal.need.risk.dates import risk_dates
from commonweal.need.risk.design import Design, DesignColumn
from commonweal.need.risk.estimation import drawn
from commonweal.need.risk.models import LOGISTIC, Coefficients, RiskModel
from commonweal.need.risk.publishing import PublishedRisk, publish_risk, published_risk
from commonweal.need.risk.reasons import reasons
from commonweal.people.record import read_record

from .people_at_risk import END, START, make_record
from .small_record import with_value

ON = date(2026, 4, 1)
PRACTICES = ("X90001", "X90002", "X90003")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record of some thousands of made-up people."""
    folder = tmp_path_factory.mktemp("place")
    make_record(folder, PRACTICES, people=10_000)
    return folder


@pytest.fixture(scope="module")
def published(place: Path) -> PublishedRisk:
    """Their risks."""
    return publish_risk(place, model="both", seed=1, parameters=library())


def test_the_dates_follow_each_other_and_the_outcome_of_learning_ends_as_the_test_begins():
    dates = risk_dates(START, END, library())
    assert (dates.learn, dates.test, dates.apply) == (date(2024, 4, 1), date(2025, 4, 1), date(2026, 4, 1))
    assert [dates.since_for(day) for day in (dates.learn, dates.test, dates.apply)] == [
        date(2023, 4, 1),
        date(2024, 4, 1),
        date(2025, 4, 1),
    ]


def test_a_day_before_the_end_is_treated_as_if_nothing_after_it_were_known():
    dates = risk_dates(date(2020, 4, 1), END, library(), on=date(2025, 7, 1))
    assert (dates.learn, dates.test) == (date(2023, 7, 1), date(2024, 7, 1))


@pytest.mark.parametrize(
    ("start", "on", "said"),
    [
        (START, date(2026, 3, 15), "first day of a month"),
        (START, date(2026, 5, 1), "after the record"),
        (date(2023, 11, 1), None, "30 months"),
    ],
)
def test_a_day_or_a_record_that_cannot_be_is_refused_with_what_to_do(start: date, on: date | None, said: str):
    with pytest.raises(InputError, match=said):
        risk_dates(start, END, library(), on=on)


def test_everybody_registered_has_a_risk_but_for_who_opted_out_and_ranks_run_from_the_highest(
    place: Path, published: PublishedRisk
):
    risks = pq.read_table(published.path / "risk.parquet")
    record = read_record(place).path
    out = {row["person"] for row in pq.read_table(record / "attributes.parquet").to_pylist() if row["opted_out"]}
    assert out
    assert out.isdisjoint(risks["person"].to_pylist())
    by_rank = risks.sort_by("rank")
    assert by_rank["rank"].to_pylist() == list(range(1, risks.num_rows + 1))
    assert by_rank["risk"].to_pylist() == sorted(risks["risk"].to_pylist(), reverse=True)
    assert 0 < min(risks["risk"].to_pylist()) < max(risks["risk"].to_pylist()) < 1


def test_only_those_at_highest_risk_are_given_reasons_and_never_more_than_the_most(published: PublishedRisk):
    risks = pq.read_table(published.path / "risk.parquet").sort_by("rank")
    share, most = (library()[name].on(ON).number() for name in ("risk_reasons_for_share", "risk_most_reasons"))
    given = [text is not None for text in risks["reasons"].to_pylist()]
    assert sum(given) == round(float(share) * risks.num_rows)
    assert given == sorted(given, reverse=True)
    assert max(len(text.split("; ")) for text in risks["reasons"].to_pylist() if text) <= most


def test_the_model_finds_what_the_made_up_people_hide(published: PublishedRisk):
    for model in published.record["models"]:
        assert 0.62 < model["whole"]["auroc_low"] < model["whole"]["auroc"] < model["whole"]["auroc_high"] < 0.85
        assert float(model["whole"]["slope"]) == pytest.approx(1, abs=0.35)
        assert float(model["whole"]["foretold"]) == pytest.approx(float(model["whole"]["observed"]), rel=0.25)


def test_the_same_record_gives_the_same_folder_byte_for_byte(place: Path, published: PublishedRisk):
    before = {
        path.relative_to(published.path): path.read_bytes() for path in published.path.rglob("*") if path.is_file()
    }
    again = publish_risk(place, model="both", seed=1, parameters=library())
    assert again.path == published.path
    assert before == {
        path.relative_to(again.path): path.read_bytes() for path in again.path.rglob("*") if path.is_file()
    }


def test_a_card_is_saved_with_each_model_and_says_what_it_is_not_for(published: PublishedRisk):
    assert [path.parent.name for path in published.cards] == ["lightgbm", "logistic"]
    for path in published.cards:
        text = path.read_text(encoding="utf-8")
        for wanted in ("Refusing, delaying or ending", "2025-04-01", "made up", "SPARRA", "By group", "Features"):
            assert wanted in text
        held = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        assert held["performance"]["model"] == path.parent.name
        assert {"purpose", "limits", "not_for", "dates", "features", "outcome"} <= set(held)


def test_nothing_said_of_the_models_names_anybody(place: Path, published: PublishedRisk):
    persons = {
        str(person) for person in pq.read_table(read_record(place).path / "persons.parquet")["person"].to_pylist()
    }
    for path in published.path.rglob("*"):
        if path.suffix in {".json", ".md", ".txt"}:
            words = set(path.read_text(encoding="utf-8").replace(",", " ").replace('"', " ").split())
            assert persons.isdisjoint(words), path.name


def test_no_count_of_few_people_is_shown_and_no_statistic_made_of_one(published: PublishedRisk):
    groups = [group for model in published.record["models"] for group in model["groups"]]
    counts = [group[name] for group in groups for name in ("people", "admitted")]
    counts += [top[name] for group in groups for top in group["top_shares"] for name in ("people", "admitted")]
    assert None in counts
    assert all(count is None or count == 0 or (count >= 5 and count % 5 == 0) for count in counts)
    assert all(group["auroc"] is None for group in groups if group["admitted"] is None)


def test_a_model_that_is_too_good_to_be_true_is_reported_as_such(place: Path):
    strict = with_value("risk_implausible_auroc", "0.60")
    found = publish_risk(place, model=LOGISTIC, seed=1, parameters=strict)
    assert any("too good to be true" in warning for warning in found.record["warnings"])
    published_before = published_risk(place)
    assert published_before.path == found.path


def test_a_choice_that_is_none_is_an_error_that_names_the_parameter(place: Path):
    with pytest.raises(ParameterProblem, match="risk_death_counts_as"):
        publish_risk(place, model=LOGISTIC, seed=1, parameters=with_value("risk_death_counts_as", "perhaps"))


def test_a_draw_depends_on_the_person_and_the_seed_alone():
    persons = np.arange(10_000, dtype=np.int64)
    draw = drawn(persons, 1)
    assert np.array_equal(drawn(persons[::-1], 1)[::-1], draw)
    assert not np.array_equal(drawn(persons, 2), draw)
    assert np.histogram(draw, bins=10, range=(0, 1))[0] == pytest.approx(np.full(10, 1000), abs=120)


PEOPLE: dict[str, list[Any]] = {
    "emergency_3m": [0, 1, 0],
    "emergency_12m": [2, 1, 0],
    "bed_days_12m": [9, 0, 0],
    "polypharmacy_repeat": [12, None, 3],
    "items_12m": [80, 10, 0],
    "age": [93, 47, 30],
    "imd_decile": [2, 9, 1],
    "nh_rh": [True, False, None],
    "condition_hf": [True, False, False],
    "smoking": ["never", "current", None],
    "sex": ["F", "M", "F"],
}


def reasons_of(weights: dict[str, float], most: str = "9") -> list[str]:
    """The reasons of the people above under a model that adds so much for each feature there is any of."""
    columns = tuple(DesignColumn(name, "any") for name in weights if name not in ("smoking", "sex"))
    columns += tuple(
        DesignColumn(name, "is", word) for name, word in (("smoking", "current"), ("sex", "F")) if name in weights
    )
    coefficients = Coefficients(0.0, tuple(weights[column.feature] for column in columns))
    model = RiskModel(LOGISTIC, Design(columns, True), coefficients, Recalibration(0.0, 1.0))
    parameters = with_value("risk_most_reasons", most)
    return reasons(model, pa.table(PEOPLE), parameters, on=ON, since=date(2025, 4, 1))


def test_reasons_are_in_words_the_weightiest_first():
    found = reasons_of({"emergency_12m": 3.0, "condition_hf": 2.0, "polypharmacy_repeat": 1.0})
    assert found == [
        "Two emergency admissions in the last year; Heart failure; Takes 12 repeat medicines",
        "One emergency admission in the last year",
        "Takes 3 repeat medicines",
    ]


def test_no_more_reasons_are_given_than_the_most():
    assert reasons_of({"emergency_12m": 3.0, "condition_hf": 2.0, "age": 1.0}, most="2")[0].count(";") == 1


def test_what_lowers_a_risk_is_never_a_reason_for_it():
    assert reasons_of({"emergency_12m": -3.0, "condition_hf": 1.0})[0] == "Heart failure"


def test_items_are_said_where_the_number_of_medicines_is_not_known():
    assert reasons_of({"items_12m": 1.0})[1] == "10 prescription items in the last year"


def test_age_is_said_in_bands_and_sex_never():
    assert reasons_of({"age": 1.0, "sex": 9.0}) == ["Aged 90 or over", "Aged 45 to 49", "Aged 30 to 34"]


def test_deprivation_is_said_of_the_most_deprived_areas_alone_and_smoking_of_smokers():
    area = "Lives in one of the most deprived three tenths of areas"
    assert reasons_of({"imd_decile": 2.0, "smoking": 1.0}) == [area, "Smoking: current", area]
