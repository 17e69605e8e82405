"""Does the population's page say what it shows, in words as in pictures, and mark what is made up?"""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from commonweal.need.at_a_glance import PopulationAtAGlance
from commonweal.web.charts.concentration import concentration_picture
from commonweal.web.charts.intervals import intervals_picture
from commonweal.web.charts.pyramid import pyramid_picture
from commonweal.web.charts.sheet import RAMP, WIDTH, ink_on, ramp, text_width, ticks
from commonweal.web.charts.stacked import stacked_picture
from commonweal.web.document import (
    BarChart,
    Block,
    Cell,
    Document,
    Drawing,
    Figures,
    Illustrative,
    Notice,
    Paragraph,
    Table,
)
from commonweal.web.html import page_html
from commonweal.web.pages.population import population_blocks, population_headlines
from commonweal.web.pages.population_charts import levels_drawings
from commonweal.web.picture import Area, Disc, Picture, Stroke, Words
from commonweal.web.values import figure_text


@pytest.fixture(scope="module")
def record() -> SimpleNamespace:
    """The makers of a made-up record."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("population_record.py"))))


@pytest.fixture(scope="module")
def made_up(record: SimpleNamespace) -> PopulationAtAGlance:
    return record.glance()


@pytest.fixture(scope="module")
def loaded(record: SimpleNamespace) -> PopulationAtAGlance:
    return record.glance(synthetic=False)


def numbers(blocks: tuple[Block, ...]) -> Iterator[Cell]:
    """Every number in figures and tables, but for the shares of people that a curve is drawn at."""
    for block in blocks:
        if isinstance(block, Figures):
            yield from (item.value for item in block.items)
        if isinstance(block, Table):
            for row in block.all_rows():
                yield from row[1:]


def test_made_up_people_are_said_to_be_made_up_before_anything_is_shown(made_up: PopulationAtAGlance) -> None:
    first = population_blocks(made_up)[0]
    assert isinstance(first, Notice)
    assert (first.kind, first.title) == ("illustrative", "A synthetic population")
    assert "These people are made up" in first.text
    assert "1 April 2023 to 31 March 2026" in first.text


def test_every_number_of_made_up_people_is_marked_and_every_chart_says_so(made_up: PopulationAtAGlance) -> None:
    blocks = population_blocks(made_up)
    shown = [held for held in numbers(blocks) if isinstance(held, Illustrative | int | Decimal) and held]
    assert len(shown) > 100
    assert all(isinstance(held, Illustrative) for held in shown)
    assert all("made up" in block.description for block in blocks if isinstance(block, Drawing))
    assert all(block.illustrative for block in blocks if isinstance(block, BarChart))


def test_of_a_loaded_record_only_what_rests_on_an_illustrative_rule_is_marked(loaded: PopulationAtAGlance) -> None:
    blocks = population_blocks(loaded)
    first = blocks[0]
    assert isinstance(first, Notice)
    assert (first.kind, first.title) == ("information", "The linked record")
    marked = [block.caption for block in blocks if isinstance(block, Table) and block.illustrative]
    assert marked == ["People by level of need"]


def test_every_chart_has_its_numbers_in_a_table_beside_it(made_up: PopulationAtAGlance) -> None:
    blocks = population_blocks(made_up)
    charts = [at for at, block in enumerate(blocks) if isinstance(block, Drawing | BarChart)]
    assert len(charts) == 7
    assert all(isinstance(blocks[at + 1], Table) for at in charts)


def test_each_chart_says_in_words_what_it_shows(made_up: PopulationAtAGlance) -> None:
    words = {block.title: block.description for block in population_blocks(made_up) if isinstance(block, Drawing)}
    older = made_up.measures["older"].share
    assert older is not None
    assert f"{older * 100:.1f}% of people are aged 65 or more" in words["People by age and sex"]
    assert "4 Highest needs" in words["People by level of need"]
    assert "the costliest 5% of people" in words["How the cost is spread over people"]
    assert made_up.gradient is not None
    assert made_up.gradient.ratio is not None
    admissions = words["Emergency admissions by deprivation, standardised for age and sex"]
    assert f"{made_up.gradient.ratio.value:f} times" in admissions


def test_few_people_are_words_and_never_a_number(made_up: PopulationAtAGlance) -> None:
    """One person in a hundred lives in a care home: six people of 600, some in each neighbourhood."""
    (table,) = [
        block
        for block in population_blocks(made_up)
        if isinstance(block, Table) and block.caption == "The population by neighbourhood"
    ]
    homes = [column.label for column in table.columns].index("In care homes")
    assert [row[homes] for row in table.rows] == ["1 to 7", "1 to 7"]


def test_a_record_of_nothing_but_registrations_has_a_page(record: SimpleNamespace) -> None:
    bare = record.glance(activity=(), conditions=(), attributes=())
    words = [block.text for block in population_blocks(bare) if isinstance(block, Paragraph)]
    assert "The record holds no costs for the year." in words
    assert "No small area of residence is known, so nothing can be said by deprivation." in words
    assert "The record holds no long-term conditions that may be shown." in words


def test_a_record_of_nobody_has_a_page(record: SimpleNamespace) -> None:
    page = page_html(Document("Population", population_blocks(record.glance(people=0))))
    assert "Registered people" in page


def test_names_of_neighbourhoods_are_printed_as_they_are(made_up: PopulationAtAGlance) -> None:
    page = page_html(Document("Population", population_blocks(made_up)))
    assert "N1 Wherry [Staithe]" in page
    assert "N2 Withy &amp; Meadows" in page


def test_many_neighbourhoods_are_drawn_in_pictures_that_fit_on_a_page(made_up: PopulationAtAGlance) -> None:
    """Thirty neighbourhoods and all together are bars in three pictures, with titles of their own."""
    many = replace(made_up, levels=(*(made_up.levels[0],) * 30, made_up.levels[-1]))
    drawings = levels_drawings(many)
    assert [drawing.title for drawing in drawings] == [f"People by level of need ({n} of 3)" for n in (1, 2, 3)]
    names = [text for drawing in drawings for text in words_of(drawing.picture) if text.endswith(" people")]
    assert (len(names), names[-1].split(",")[0]) == (31, "All")


def test_the_first_page_of_a_report_says_whose_figures_these_are(
    made_up: PopulationAtAGlance, loaded: PopulationAtAGlance
) -> None:
    for glance, whose in ((made_up, "of made-up people"), (loaded, "from the linked record")):
        figures = population_headlines(glance)
        assert [figure.note for figure in figures] == [whose] * 2
        assert all(figure_text(figure).endswith("%") for figure in figures)


# Charts


def bars(picture: Picture) -> list[tuple[float, float, str]]:
    """Left, right and colour of each rectangle, from top to bottom."""
    held = [shape for shape in picture.shapes if isinstance(shape, Area)]
    return [(min(x for x, _ in area.points), max(x for x, _ in area.points), area.colour) for area in held]


def words_of(picture: Picture) -> list[str]:
    return [shape.text for shape in picture.shapes if isinstance(shape, Words)]


PICTURES = {
    "pyramid": pyramid_picture(
        [("0-4", 1200, 1100), ("5-9", 600, 0), ("90+", None, 40)], left="Men", right="Women", hidden="1 to 7"
    ),
    "stacked": stacked_picture(
        [("North", [Decimal("0.9"), Decimal("0.08"), Decimal("0.02")]), ("South", [None, Decimal(0), Decimal("0.5")])],
        ("one", "two", "three"),
    ),
    "concentration": concentration_picture(
        [(Decimal("0.05"), Decimal("0.5")), (Decimal("0.06"), Decimal("0.52")), (Decimal(1), Decimal(1))],
        [(Decimal("0.05"), Decimal("0.5")), (Decimal("0.06"), Decimal("0.52"))],
        equal="equal",
        across="people",
        up="cost",
    ),
    "intervals": intervals_picture(
        [("first", Decimal(120), Decimal(110), Decimal(131)), ("second", None, None, None)],
        across="rate",
        hidden="too few",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_of_a_chart_lies_off_its_sheet(name: str) -> None:
    picture = PICTURES[name]
    points: list[tuple[float, float]] = []
    for shape in picture.shapes:
        if isinstance(shape, Words):
            wide = text_width(shape.text, shape.size)
            left = {"start": shape.x, "middle": shape.x - wide / 2, "end": shape.x - wide}[shape.anchor]
            points += [(left, shape.y), (left + wide, shape.y)]
        elif isinstance(shape, Disc):
            points += [(shape.x - shape.radius, shape.y), (shape.x + shape.radius, shape.y)]
        else:
            points += shape.points
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in points)
    assert picture.width == WIDTH


def test_bars_of_a_pyramid_are_as_long_as_there_are_people() -> None:
    """1,200 and 600 men are bars of two to one; few people are words and nobody is nothing."""
    oldest, *others = bars(PICTURES["pyramid"])
    (men_5, women_0), (men_0,) = others[1:3], others[0:1]
    lengths = sorted(round(right - left, 3) for left, right, _ in (oldest, men_5, men_0, women_0))
    assert lengths[-1] == pytest.approx(2 * lengths[1])
    assert len(bars(PICTURES["pyramid"])) == 4
    assert "1 to 7" in words_of(PICTURES["pyramid"])


def test_a_stacked_bar_fills_its_width_and_names_what_is_too_narrow_above_it() -> None:
    held = [bar for bar in bars(PICTURES["stacked"]) if bar[1] - bar[0] != 13]
    assert [(left, right) for left, right, _ in held[:3]] == [
        (0, pytest.approx(360)),
        (pytest.approx(360), pytest.approx(392)),
        (pytest.approx(392), pytest.approx(400)),
    ]
    # What is hidden gets no room, so what is left fills the second bar.
    assert [(left, right) for left, right, _ in held[3:]] == [(0, 400)]
    assert {"90%", "8%", "2%"} <= set(words_of(PICTURES["stacked"]))


def test_a_point_of_the_cost_curve_stands_where_its_shares_say() -> None:
    picture = PICTURES["concentration"]
    disc = next(shape for shape in picture.shapes if isinstance(shape, Disc))
    curve = next(shape for shape in picture.shapes if isinstance(shape, Stroke) and len(shape.points) > 2)
    (x0, y0), (x1, y1) = curve.points[0], curve.points[-1]
    assert (disc.x, disc.y) == (pytest.approx(x0 + (x1 - x0) * 0.05), pytest.approx((y0 + y1) / 2))
    assert disc.label == "5% of people: 50%"


def test_names_of_points_that_lie_close_do_not_cover_each_other() -> None:
    heights = [shape.y for shape in PICTURES["concentration"].shapes if isinstance(shape, Words) and ":" in shape.text]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 12


def test_a_value_stands_within_its_interval_and_a_hidden_one_is_words() -> None:
    picture = PICTURES["intervals"]
    (disc,) = [shape for shape in picture.shapes if isinstance(shape, Disc)]
    level = next(s for s in picture.shapes if isinstance(s, Stroke) and s.points[0][1] == s.points[1][1] == disc.y)
    left, right = level.points[0][0], level.points[1][0]
    assert (disc.x - left) / (right - left) == pytest.approx((120 - 110) / (131 - 110))
    assert "second: too few" in words_of(picture)


@pytest.mark.parametrize(
    ("highest", "expected"), [("3.2", "0 1 2 3 4"), ("1200", "0 500 1000 1500"), ("0", "0 1"), ("131", "0 50 100 150")]
)
def test_an_axis_has_round_steps_up_to_its_highest_value(highest: str, expected: str) -> None:
    assert " ".join(f"{step.normalize():f}" for step in ticks(Decimal(highest))) == expected


def brightness(colour: str) -> float:
    """Relative luminance, as the Web Content Accessibility Guidelines define it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_shades_keep_their_order_without_colour_and_words_can_be_read_on_them() -> None:
    """4.5 to 1 is what the guidelines ask of text; from shade to shade a third as much light is plain to see."""
    shades = [brightness(colour) for colour in RAMP]
    assert shades == sorted(shades, reverse=True)
    assert all(contrast(one, other) > 1.3 for one, other in pairwise(RAMP))
    assert all(contrast(colour, ink_on(colour)) >= 4.5 for colour in RAMP)
    assert [ramp(4)[0], ramp(4)[-1], ramp(1)] == [RAMP[0], RAMP[-1], (RAMP[3],)]
