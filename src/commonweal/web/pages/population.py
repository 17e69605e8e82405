"""What does a reader see of a place's population at a glance?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from commonweal.need.at_a_glance import PopulationAtAGlance
from commonweal.web.document import Block, Bullets, Figure, Figures, Heading, Notice, Paragraph
from commonweal.web.pages.population_cells import Shown, share_text
from commonweal.web.pages.population_charts import (
    conditions_chart,
    cost_curve_drawing,
    costs_chart,
    gradient_drawing,
    levels_drawings,
    pyramid_drawing,
    segments_drawings,
)
from commonweal.web.pages.population_tables import (
    conditions_table,
    cost_curve_table,
    costs_table,
    gradient_table,
    levels_table,
    neighbourhoods_table,
    pyramid_table,
    segments_table,
)
from commonweal.web.values import cell_text

# The share of people that most is published about: the costliest 5 %.
HEADLINE_SHARE = Decimal("0.05")


def population_blocks(glance: PopulationAtAGlance) -> tuple[Block, ...]:
    """A place's population at a glance: what the record is, headline figures, then each chart with its numbers."""
    shown = Shown(glance)
    return (
        record_notice(glance),
        population_figures(glance),
        neighbourhoods_table(glance, shown),
        Heading("Age and sex"),
        pyramid_drawing(glance),
        pyramid_table(glance, shown),
        *_need(glance, shown),
        *_cost(glance, shown),
        *_gradient(glance, shown),
        *_conditions(glance, shown),
        Heading("How to read these numbers"),
        Bullets(_reading(glance)),
    )


def record_notice(glance: PopulationAtAGlance) -> Notice:
    """What the record is, said before anything is shown of it."""
    period = f"{_day(glance.record_start)} to {_day_before(glance.record_end)}"
    if glance.synthetic:
        text = (
            "**These people are made up.** Nobody here is real, and nothing here may be used to decide about anyone's "
            f"care. The record holds made-up care from {period}. Every figure made from it is marked."
        )
        return Notice("illustrative", text, "A synthetic population")
    text = (
        f"These figures come from the linked record of the people registered with this place's practices. It holds "
        f"care from {period}, under pseudonyms; small numbers are not shown."
    )
    return Notice("information", text, "The linked record")


def population_figures(glance: PopulationAtAGlance) -> Figures:
    """The numbers that a reader needs before any other."""
    shown = Shown(glance)
    older, homes = glance.measures["older"], glance.measures["in_care_homes"]
    levels = Shown(glance, rule_illustrative=glance.levels_illustrative)
    highest = glance.levels[-1].parts[-1]
    deprived, several = glance.measures["most_deprived"], glance.measures["several_conditions"]
    return Figures(
        (
            Figure("Registered people", shown.people(glance.people), "people", f"on {_day(glance.on)}"),
            Figure(f"Aged {glance.older_from} or more", shown.share(older.share), "share", shown.note(older.people)),
            Figure("Living in care homes", shown.people(homes.people), "people", _of_all(homes.share)),
            Figure(
                "In the most deprived fifth of areas", shown.share(deprived.share), "share", shown.note(deprived.people)
            ),
            Figure(several_conditions(glance), shown.share(several.share), "share", shown.note(several.people)),
            Figure("At the highest level of need", levels.share(highest.share), "share", levels.note(highest.people)),
            Figure("Cost of their care", shown.number(glance.cost), "pounds", "in the year before"),
            Figure("Cost per head", shown.number(glance.cost_per_head), "pounds", "in the year before"),
        )
    )


def population_headlines(glance: PopulationAtAGlance) -> tuple[Figure, ...]:
    """The one or two figures that stand on the first page of a report."""
    shown = Shown(glance)
    several = glance.measures["several_conditions"]
    source = "of made-up people" if glance.synthetic else "from the linked record"
    found = [Figure(several_conditions(glance), shown.share(several.share), "share", source)]
    for point in glance.costliest:
        if point.people_share == HEADLINE_SHARE:
            label = f"Of the cost, spent on the costliest {share_text(point.people_share, 0)} of people"
            found.append(Figure(label, shown.share(point.cost_share), "share", source))
    return tuple(found)


def several_conditions(glance: PopulationAtAGlance) -> str:
    """What having several long-term conditions is called."""
    number = {2: "Two", 3: "Three", 4: "Four"}.get(glance.several, str(glance.several))
    return f"{number} or more long-term conditions"


def _of_all(share: Decimal | None) -> str:
    return f"{share_text(share)} of all" if share is not None else ""


def _need(glance: PopulationAtAGlance, shown: Shown) -> tuple[Block, ...]:
    levels = (
        "The care model has four levels of need. A person is at the highest level whose rule applies to them: level 4 "
        "for care homes, the end of life and the heaviest multimorbidity or frailty, among others."
    )
    segments = (
        "Core Segments go by the Cambridge Multimorbidity Score, from CS1, without any of its conditions or with very "
        "light ones, to CS5, the heaviest multimorbidity."
    )
    return (
        Heading("Level of need"),
        Paragraph(levels),
        *levels_drawings(glance),
        levels_table(glance, shown),
        Heading("Core Segments"),
        Paragraph(segments),
        *segments_drawings(glance),
        segments_table(glance, shown),
    )


def _cost(glance: PopulationAtAGlance, shown: Shown) -> tuple[Block, ...]:
    found: list[Block] = [Heading("What care costs, and for whom")]
    if not glance.cost:
        return (*found, Paragraph("The record holds no costs for the year."))
    words = f"Care of {_day(glance.year_start)} to {_day_before(glance.on)}, of people registered at its end."
    found.append(Paragraph(words))
    if glance.curve:
        found += [cost_curve_drawing(glance), cost_curve_table(glance, shown)]
    return (*found, costs_chart(glance), costs_table(glance, shown))


def _gradient(glance: PopulationAtAGlance, shown: Shown) -> tuple[Block, ...]:
    heading = Heading("Deprivation and emergency admissions")
    if glance.gradient is None:
        return (heading, Paragraph("No small area of residence is known, so nothing can be said by deprivation."))
    drawing, table = gradient_drawing(glance, glance.gradient), gradient_table(glance.gradient, shown)
    return (heading, drawing, table)


def _conditions(glance: PopulationAtAGlance, shown: Shown) -> tuple[Block, ...]:
    heading = Heading("The most frequent long-term conditions")
    if not glance.conditions:
        return (heading, Paragraph("The record holds no long-term conditions that may be shown."))
    return (heading, conditions_chart(glance), conditions_table(glance, shown))


def _reading(glance: PopulationAtAGlance) -> tuple[str, ...]:
    return (
        f"**Small numbers.** Counts of {glance.hidden_text} are not shown, others are rounded to the nearest "
        f"{glance.rounded_to}, and totals and shares are made from the rounded counts. So two totals of the same "
        "people may differ by a few.",
        "**Who is counted.** People registered with this place's practices on the day. The care of people who died or "
        "moved away during the year is not in these figures.",
        "**What is not known.** People of unknown age or sex are not in the pyramid; people of unknown age, sex or "
        "small area are not among the emergency admissions.",
        "**Opting out.** People who opted out of uses beyond direct care are counted: no figure here is about one "
        "person.",
        "**Emergency admissions** are standardised for age and sex to all people of the place; the intervals (95%) say "
        "how far chance alone could move them.",
        "**Cost** is what the record says each piece of care of the year cost; care without a cost counts as nothing. "
        "It is not the budget, which is of a later year and holds care that no record of persons shows.",
    )


def _day_before(day: date) -> str:
    return _day(day - timedelta(days=1))


def _day(day: date) -> str:
    return cell_text(day, "date")
