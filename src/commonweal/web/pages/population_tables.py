"""Which numbers stand beside each chart of the population?"""

from __future__ import annotations

from collections.abc import Sequence

from commonweal.need.at_a_glance import PopulationAtAGlance
from commonweal.need.at_a_glance_figures import Mix
from commonweal.need.at_a_glance_gradient import Gradient, Measured
from commonweal.web.document import Cell, Column, Table
from commonweal.web.pages.population_cells import Shown

PER_YEAR = "per 1,000 people"


def neighbourhoods_table(glance: PopulationAtAGlance, shown: Shown) -> Table:
    """Headline numbers by neighbourhood, in shares so that they compare."""
    names = ("older", "in_care_homes", "most_deprived", "several_conditions")
    columns = (
        Column("Neighbourhood"),
        Column("People", "people"),
        Column(f"Aged {glance.older_from} or more", "share", total=False),
        Column("In care homes", "people"),
        Column("Most deprived fifth", "share", total=False),
        Column("Several conditions", "share", total=False),
    )

    def cells(name: str, people: int | None, held: object) -> tuple[Cell, ...]:
        older, homes, deprived, several = (held[code] for code in names)  # type: ignore[index]
        return (
            name,
            shown.people(people),
            shown.share(older.share),
            shown.people(homes.people),
            shown.share(deprived.share),
            shown.share(several.share),
        )

    people = {mix.name: mix.people for mix in glance.levels}
    rows = tuple(cells(name, people[name], held) for name, held in glance.neighbourhoods.items())
    total = cells("All", glance.people, glance.measures)
    return Table("The population by neighbourhood", columns, rows, total, sheet="Population")


def pyramid_table(glance: PopulationAtAGlance, shown: Shown) -> Table:
    """People by age band and sex."""
    rows = tuple((band.label, shown.people(band.men), shown.people(band.women)) for band in glance.age_bands)
    columns = (Column("Age"), Column("Men and boys", "people"), Column("Women and girls", "people"))
    return Table("People by age and sex", columns, rows, sheet="Age and sex", folded=True)


def levels_table(glance: PopulationAtAGlance, shown: Shown) -> Table:
    """People by level of need and neighbourhood."""
    marking = Shown(glance, rule_illustrative=glance.levels_illustrative)
    return _mix_table("People by level of need", glance.levels, marking, "Levels of need")


def segments_table(glance: PopulationAtAGlance, shown: Shown) -> Table:
    """People by Core Segment and neighbourhood."""
    return _mix_table("People by Core Segment", glance.segments, shown, "Core Segments")


def _mix_table(caption: str, mixes: Sequence[Mix], shown: Shown, sheet: str) -> Table:
    """A people and a share column for each part."""
    columns = [Column("Neighbourhood")]
    for part in mixes[-1].parts:
        columns += [
            Column("People", "people", group=part.label),
            Column("Share", "share", group=part.label, total=False),
        ]
    rows = [_mix_row(mix, shown) for mix in mixes]
    return Table(caption, tuple(columns), tuple(rows[:-1]), rows[-1], sheet=sheet, folded=True)


def _mix_row(mix: Mix, shown: Shown) -> tuple[Cell, ...]:
    cells: list[Cell] = [mix.name]
    for part in mix.parts:
        cells += [shown.people(part.people), shown.share(part.share)]
    return tuple(cells)


def cost_curve_table(glance: PopulationAtAGlance, shown: Shown) -> Table:
    """The share of the cost at each share of people."""
    rows = tuple((point.people_share, shown.share(point.cost_share)) for point in glance.curve)
    columns = (
        Column("People, the costliest first", "share", places=0, total=False),
        Column("Share of the cost", "share", total=False),
    )
    return Table("How the cost is spread over people", columns, rows, sheet="Cost curve", folded=True)


def costs_table(glance: PopulationAtAGlance, shown: Shown) -> Table:
    """People, cost and cost per head by Core Segment."""
    columns = (
        Column("Core Segment"),
        Column("People", "people"),
        Column("Share of people", "share", total=False),
        Column("Cost", "pounds"),
        Column("Share of cost", "share", total=False),
        Column("Cost per head", "pounds", total=False),
    )
    rows = tuple(
        (
            held.segment,
            shown.people(held.people),
            shown.share(held.people_share),
            shown.number(held.cost),
            shown.share(held.share),
            shown.number(held.per_head),
        )
        for held in glance.costs
    )
    return Table("Cost by Core Segment", columns, rows, sheet="Cost by segment", folded=True)


def gradient_table(gradient: Gradient, shown: Shown) -> Table:
    """People, emergency admissions and their standardised rate by fifth of deprivation."""
    rate = f"Standardised, {PER_YEAR}"
    columns = (
        Column("Fifth of deprivation"),
        Column("People", "people"),
        Column("Admissions", "people"),
        Column("Rate", "number", group=rate, total=False),
        Column("From", "number", group=rate, total=False),
        Column("To", "number", group=rate, total=False),
    )
    rows = tuple(
        (fifth.label, shown.people(fifth.people), shown.people(fifth.admissions), *_measured(fifth.standardised, shown))
        for fifth in gradient.fifths
    )
    caption = "Emergency admissions by fifth of deprivation"
    return Table(caption, columns, rows, sheet="Admissions by deprivation", folded=True)


def _measured(held: Measured | None, shown: Shown) -> tuple[Cell, ...]:
    if held is None:
        return (None, None, None)
    return (shown.number(held.value), shown.number(held.lower), shown.number(held.upper))


def conditions_table(glance: PopulationAtAGlance, shown: Shown) -> Table:
    """The most frequent long-term conditions."""
    rows = tuple((part.label, shown.people(part.people), shown.share(part.share)) for part in glance.conditions)
    columns = (
        Column("Condition"),
        Column("People", "people", total=False),
        Column("Share of people", "share", total=False),
    )
    note = "A person with several conditions is counted with each."
    return Table("Long-term conditions", columns, rows, note=note, sheet="Conditions", folded=True)
