"""Which charts show a population, and what does each say to who cannot see it?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.need.at_a_glance import PopulationAtAGlance
from commonweal.need.at_a_glance_figures import CostPoint, Mix
from commonweal.need.at_a_glance_gradient import Gradient
from commonweal.web.charts.concentration import concentration_picture
from commonweal.web.charts.intervals import intervals_picture
from commonweal.web.charts.pyramid import pyramid_picture
from commonweal.web.charts.stacked import stacked_picture
from commonweal.web.document import Bar, BarChart, Drawing
from commonweal.web.pages.population_cells import count_text, share_text
from commonweal.web.picture import Picture

# As many bars as stand on one page of paper, readable.
BARS_TOGETHER = 12


def pyramid_drawing(glance: PopulationAtAGlance) -> Drawing:
    """The age-sex pyramid."""
    bands = tuple((band.label, band.men, band.women) for band in glance.age_bands)
    older = glance.measures["older"]
    words = (
        "Men and boys to the left, women and girls to the right, the oldest at the top. "
        f"{share_text(older.share)} of people are aged {glance.older_from} or more."
    )
    picture = pyramid_picture(bands, left="Men and boys", right="Women and girls", hidden=glance.hidden_text)
    return _drawing(glance, "People by age and sex", words, picture)


def levels_drawings(glance: PopulationAtAGlance) -> tuple[Drawing, ...]:
    """Levels of need of each neighbourhood and of all."""
    words = f"Of all people: {_parts_words(glance.levels[-1])}."
    if glance.levels_illustrative:
        words += " The rules that give people their levels are illustrative."
    return _mix_drawings(glance, "People by level of need", words, glance.levels)


def segments_drawings(glance: PopulationAtAGlance) -> tuple[Drawing, ...]:
    """Core Segments of each neighbourhood and of all."""
    words = f"Of all people: {_parts_words(glance.segments[-1])}."
    return _mix_drawings(glance, "People by Core Segment", words, glance.segments)


def _mix_drawings(glance: PopulationAtAGlance, title: str, words: str, mixes: Sequence[Mix]) -> tuple[Drawing, ...]:
    """All together at the foot of the neighbourhoods; of many neighbourhoods, in as many pictures as fit on pages."""
    # The same number of people beside every bar of a neighbourhood, whatever its parts add up to once rounded.
    people = {mix.name: count_text(mix.people, glance.hidden_text) for mix in glance.levels}
    wholes = [(f"{mix.name}, {people[mix.name]} people", [part.share for part in mix.parts]) for mix in mixes]
    names = [part.label for part in mixes[-1].parts]
    sheets = [wholes[at : at + BARS_TOGETHER] for at in range(0, len(wholes), BARS_TOGETHER)]
    titles = [title] if len(sheets) == 1 else [f"{title} ({at} of {len(sheets)})" for at in range(1, len(sheets) + 1)]
    return tuple(
        _drawing(glance, name, words, stacked_picture(sheet, names)) for name, sheet in zip(titles, sheets, strict=True)
    )


def _parts_words(mix: Mix) -> str:
    return ", ".join(f"{part.label} {share_text(part.share)}" for part in mix.parts)


def cost_curve_drawing(glance: PopulationAtAGlance) -> Drawing:
    """How much of the cost the costliest people have."""
    said = "; ".join(
        f"the costliest {_whole(point)} of people, {share_text(point.cost_share)}" for point in glance.costliest
    )
    words = f"Share of the year's cost: {said}." if said else "The costliest people are too few to be shown."
    picture = concentration_picture(
        [(point.people_share, point.cost_share) for point in glance.curve],
        [(point.people_share, point.cost_share) for point in glance.costliest],
        equal="if everyone cost the same",
        across="Share of people, the costliest first",
        up="Share of the cost",
    )
    return _drawing(glance, "How the cost is spread over people", words, picture)


def _whole(point: CostPoint) -> str:
    return share_text(point.people_share, 0)


def costs_chart(glance: PopulationAtAGlance) -> BarChart:
    """Cost per head of each Core Segment."""
    bars = tuple(Bar(held.segment, (held.per_head,)) for held in glance.costs if held.per_head is not None)
    return BarChart("Cost per head by Core Segment", bars, illustrative=glance.synthetic)


def gradient_drawing(glance: PopulationAtAGlance, gradient: Gradient) -> Drawing:
    """Standardised emergency admissions by fifth of deprivation, with intervals."""
    rows = [
        (fifth.label, *((held.value, held.lower, held.upper) if held else (None, None, None)))
        for fifth in gradient.fifths
        for held in (fifth.standardised,)
    ]
    across = "Emergency admissions per 1,000 people in the year"
    title = "Emergency admissions by deprivation, standardised for age and sex"
    picture = intervals_picture(rows, across=across, hidden="too few to show")
    return _drawing(glance, title, _gradient_words(gradient), picture)


def _gradient_words(gradient: Gradient) -> str:
    words = "A dot for the rate of each fifth of small areas, a line for its 95% interval."
    if gradient.ratio is None:
        return words
    ratio = gradient.ratio
    return (
        f"{words} The rate of the most deprived fifth is {_plain(ratio.value)} times that of the least deprived "
        f"({_plain(ratio.lower)} to {_plain(ratio.upper)})."
    )


def _plain(number: Decimal) -> str:
    return f"{number:f}"


def conditions_chart(glance: PopulationAtAGlance) -> BarChart:
    """The most frequent long-term conditions by people who have them."""
    bars = tuple(Bar(part.label, (Decimal(part.people),)) for part in glance.conditions if part.people is not None)
    return BarChart("People with each condition", bars, kind="people", illustrative=glance.synthetic)


def _drawing(glance: PopulationAtAGlance, title: str, words: str, picture: Picture) -> Drawing:
    made_up = " The people are made up." if glance.synthetic else ""
    return Drawing(title, words + made_up, picture, narrow=True)
