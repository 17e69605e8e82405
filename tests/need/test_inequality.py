"""Are groups compared as they may be shown, and is what is hidden really hidden?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from commonweal.core.parameters import library
from commonweal.core.periods import Period
from commonweal.need.inequality import Inequality, Limits, inequality, inequality_terms
from commonweal.need.inequality_counts import Measure, measures
from commonweal.need.inequality_of_place import group_labels
from commonweal.need.inequality_records import inequality_record, inequality_rows
from commonweal.place.folder import Place
from commonweal.web.html import page_html
from commonweal.web.pages.inequality import inequality_document
from commonweal.web.pdf import write_pdf
from commonweal.web.workbook import write_workbook

START = date(2025, 4, 1)
YEAR = Period(START, date(2026, 4, 1), "2025-26")
TERMS = replace(inequality_terms(library(), on=START), repetitions=2000)
MEASURES = measures(library(), on=START)
EMERGENCY = MEASURES["emergency"]
FIFTHS = {str(fifth): f"fifth {fifth}" for fifth in range(1, 6)}


def strata(
    group: str | None, *held: tuple[str | None, int | None, int, float, int], squares: float = 0
) -> list[dict[str, Any]]:
    """Rows of a group: sex, band, people, person-years, amount."""
    return [
        {
            "group": group,
            "sex": sex,
            "standard_age": age,
            "people": people,
            "days": round(years * 365.25),
            "amount": amount,
            "squares": squares,
        }
        for sex, age, people, years, amount in held
    ]


def compared(rows: Sequence[dict[str, Any]], *, by: str = "deprivation", of: Measure = EMERGENCY) -> Inequality:
    """The groups compared."""
    return inequality(rows, of=of, by=by, period=YEAR, labels=FIFTHS, terms=TERMS)


def fifths(events: Sequence[int]) -> list[dict[str, Any]]:
    """Five fifths of a thousand person-years each in one stratum."""
    return [row for i, e in enumerate(events, 1) for row in strata(str(i), ("F", 30, 1000, 1000.0, e))]


def test_rates_and_gradient_by_hand():
    found = compared(fifths([200, 175, 150, 125, 100]))
    first = found.groups[0]
    assert (first.people, first.person_years, first.events) == (1000, 1000, 200)
    assert first.crude is not None
    assert first.crude.value == Decimal(200)
    # One stratum: standardised and crude are the same.
    assert first.standardised is not None
    assert first.standardised.value == Decimal(200)
    # 2 x exp(+-1.96 x sqrt(1/200 + 1/100)).
    assert found.gradient == Limits(Decimal("2.00"), Decimal("1.57"), Decimal("2.54"))
    # A straight line from 212.5 at the most to 87.5 at the least deprived end.
    assert found.slope is not None
    assert found.slope.value == Decimal(-125)
    assert found.relative is not None
    assert found.relative.value == Decimal("0.412")
    assert found.totals["events"].value == 750


def test_a_standardised_rate_takes_on_the_standard_age_structure():
    # Band 30: 6,500 people; band 90 and over: 1,000. Rates 10 and 400 per 1,000.
    rows = strata("1", ("F", 30, 1000, 1000.0, 10), ("F", 90, 1000, 1000.0, 400))
    (group,) = compared(rows).groups
    assert group.standardised is not None
    assert group.standardised.value == Decimal("62.0")
    assert group.crude is not None
    assert group.crude.value == Decimal(205)


def test_a_hidden_count_hides_everything_made_from_it():
    found = compared(fifths([200, 175, 150, 125, 7]))
    last = found.groups[-1]
    assert (last.people, last.person_years, last.events) == (1000, 1000, None)
    assert last.crude is None
    assert last.standardised is None
    assert (found.gradient, found.slope, found.relative) == (None, None, None)


def test_a_group_of_few_people_shows_nothing():
    found = compared([*fifths([200]), *strata("2", ("F", 30, 6, 6.0, 40))])
    few = found.groups[1]
    assert (few.people, few.person_years, few.crude, few.standardised) == (None, None, None, None)


def test_too_few_events_have_a_crude_rate_and_no_standardised_one():
    # Eight are shown as ten, and a standardised rate needs ten.
    (group,) = compared(fifths([8])).groups
    assert group.events == 10
    assert group.crude is not None
    assert group.crude.value == Decimal(10)
    assert group.standardised is None


@pytest.mark.parametrize("other", range(1, 8))
def test_what_is_hidden_could_be_anything_that_is_hidden(other: int):
    """Every number printed is the same, whichever of one to seven the hidden count is."""
    printed = inequality_record(compared(fifths([200, 175, 3, 125, 100])))
    assert inequality_record(compared(fifths([200, 175, other, 125, 100]))) == printed


def test_crude_rates_and_totals_are_of_what_is_shown():
    # 198 and 202 events are both shown as 200, and print the same crude rate.
    one, other = (compared(fifths([events])).groups[0] for events in (198, 202))
    assert one.crude == other.crude
    assert compared(fifths([198, 3])).totals["events"].value == 205


def test_people_without_age_or_sex_are_counted_and_not_standardised():
    rows = strata("1", ("F", 30, 1000, 1000.0, 100), (None, 30, 20, 20.0, 20), ("F", None, 20, 20.0, 20))
    found = compared(rows)
    assert found.groups[0].events == 140
    assert found.groups[0].standardised is not None
    assert found.groups[0].standardised.value == Decimal(100)
    assert found.not_standardised == 40


def test_people_whose_group_is_not_known_come_last_and_have_no_rank():
    found = compared([*strata(None, ("F", 30, 1000, 1000.0, 50)), *fifths([200, 175, 150, 125, 100])])
    assert (found.groups[-1].group, found.groups[-1].label) == (None, "Not known")
    assert found.gradient is not None
    assert found.gradient.value == Decimal("2.00")


def test_a_missing_fifth_leaves_no_slope():
    found = compared([row for row in fifths([200, 175, 150, 125, 100]) if row["group"] != "3"])
    assert found.gradient is not None
    assert found.slope is None


def test_an_order_is_needed_for_a_gradient():
    assert compared(fifths([200, 100]), by="practice").gradient is None


def test_core20_has_a_gradient_and_no_slope():
    rows = [*strata("core20", ("M", 60, 1000, 1000.0, 150)), *strata("rest", ("M", 60, 4000, 4000.0, 400))]
    found = compared(rows, by="core20")
    assert found.gradient is not None
    assert found.gradient.value == Decimal("1.50")
    assert found.slope is None


def test_cost_is_pounds_a_head_rounded_as_a_sum():
    # GBP 123,456.78 is shown as 123,000, over 1,000 person-years.
    rows = strata("1", ("F", 30, 1000, 1000.0, 12_345_678), squares=1e8)
    (group,) = compared(rows, of=MEASURES["cost"]).groups
    assert group.events is None
    assert group.crude is not None
    assert group.crude.value == Decimal(123)
    assert group.standardised is not None
    # A standard error of sqrt(10^8) / 1,000 = GBP 10.
    assert group.standardised == Limits(Decimal(123), Decimal(104), Decimal(143))


def test_a_share_is_of_people_on_the_day():
    rows = strata("1", ("F", 30, 400, 0.0, 100))
    (group,) = compared(rows, of=MEASURES["ongoing_need"]).groups
    assert (group.people, group.person_years, group.events) == (400, None, 100)
    assert group.crude is not None
    assert group.crude.value == Decimal("25.0")


def test_the_order_of_the_rows_does_not_matter():
    rows = fifths([200, 175, 150, 125, 100])
    assert inequality_record(compared(rows)) == inequality_record(compared(rows[::-1]))


def test_a_record_holds_nothing_but_text_and_whole_numbers():
    written = json.loads(json.dumps(inequality_record(compared(fifths([200, 175, 150, 125, 100]))), default=str))
    assert written["gradient"]["value"] == "2.00"
    assert "float" not in {type(x).__name__ for row in inequality_rows(compared(fifths([200]))) for x in row.values()}


def test_a_page_says_hidden_counts_in_words_and_that_people_are_made_up():
    document = inequality_document("Wherrydale", compared(fifths([200, 175, 3, 125, 100])), synthetic=True)
    text = " ".join(str(block) for block in document.blocks)
    assert "1 to 7" in text
    assert "made up" in text
    assert "independent" in text


def test_every_printer_says_that_a_count_is_hidden(tmp_path):
    document = inequality_document("Wherrydale", compared(fifths([200, 175, 3, 125, 100])), synthetic=False)
    assert "1 to 7" in page_html(document)
    write_workbook(tmp_path / "rates.xlsx", document)
    sheet = openpyxl.load_workbook(tmp_path / "rates.xlsx")["Rates"]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"1 to 7", "not given"} <= cells
    write_pdf(tmp_path / "rates.pdf", document)
    assert (tmp_path / "rates.pdf").stat().st_size > 1000


def test_labels_are_in_the_order_of_the_groups(tmp_path):
    place = Place(tmp_path, "P", "", "", {}, ("A", "B"), START, {}, "2022-23", False)
    held = {
        by: list(group_labels(by, place, library(), on=START)) for by in ("deprivation", "decile", "age", "practice")
    }
    assert held["deprivation"] == list("12345")
    assert held["decile"] == [str(n) for n in range(1, 11)]
    assert held["age"][0] == "0"
    assert held["practice"] == ["A", "B"]
