"""What does a reader see of one measure compared between groups?"""

from __future__ import annotations

from commonweal.need.disclosure import DisclosedTotal, shown
from commonweal.need.inequality import GroupRate, Inequality, Limits
from commonweal.need.inequality_people import BY
from commonweal.web.document import (
    Bar,
    BarChart,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Meta,
    Notice,
    Paragraph,
    Table,
    plain,
)
from commonweal.web.values import number_text

NO_RATE = "not given"
MADE_UP = "The people of this record are made up: nothing here is about anybody."
ALL = "All"


def inequality_document(place: str, found: Inequality, *, synthetic: bool) -> Document:
    """One measure by group: rates with intervals, gradient and indices, and what they leave out.

    Takes    synthetic: whether the record's people are made up.
    """
    blocks: list[Block] = [Paragraph(_lead(found), lead=True)]
    if synthetic:
        blocks.append(Notice("illustrative", MADE_UP))
    if found.slope:
        blocks.append(Paragraph(_slope(found)))
    blocks.append(_rates(found))
    chart = _chart(found)
    if chart:
        blocks.append(chart)
    blocks += [Heading("What the intervals do not cover"), Bullets(_limits_of_sense(found))]
    title = f"{found.measure.label} by {BY[found.by]}"
    return Document(title, tuple(blocks), subtitle=found.period.label, meta=Meta(place=plain(place)))


def unit_text(found: Inequality) -> str:
    """What its rates are by."""
    if found.measure.money:
        return "£ per person and year"
    return f"per {found.measure.per:,} {'people' if found.measure.share else 'person-years'}"


def _lead(found: Inequality) -> str:
    if found.gradient:
        least = "everybody else" if found.by == "core20" else "the least deprived"
        return (
            f"The most deprived have **{_number(found.gradient)} times** the rate of {least} "
            f"(interval {_between(found.gradient)}), standardised for age and sex."
        )
    return (
        f"Rates {unit_text(found)}, crude and standardised for age and sex, each with the interval that chance leaves."
    )


def _slope(found: Inequality) -> str:
    text = (
        f"Slope index {_number(found.slope)} {unit_text(found)} ({_between(found.slope)}): the difference from "
        "the most to the least deprived end of a straight line through all groups; below nought, the most deprived "
        "have more."
    )
    if found.relative:
        between = _between(found.relative)
        text += f" Relative index {_number(found.relative)} ({between}): the least over the most deprived end."
    return text


def _rates(found: Inequality) -> Table:
    counted = [
        name
        for name, shows in (
            ("people", True),
            ("person_years", not found.measure.share),
            ("events", not found.measure.money),
        )
        if shows
    ]
    titles = {
        "people": "People",
        "person_years": "Person-years",
        "events": "At this level" if found.measure.share else "Events",
    }
    columns = [Column("Group")]
    columns += [Column(titles[name], "people", total=False) for name in counted]
    for group in ("Crude rate", "Standardised rate"):
        columns += [Column(part, "number", group=group, total=False) for part in ("Rate", "Lower", "Upper")]
    rows = tuple(_row(group, counted, found) for group in found.groups)
    total = (ALL, *(_total(found.totals.get(name), found) for name in counted), *([None] * 6))
    within = max((total.within for total in found.totals.values()), default=0)
    note = (
        f"Rates {unit_text(found)}. Counts of {found.rule.hidden_text} are hidden, others rounded to "
        f"{found.rule.base}; totals are of what is shown, and lie within {within:,} of the truth."
    )
    if not found.measure.share:
        note += " People are those with any day in the period, so that somebody who moves may be in two groups."
    return Table("Rates by group", tuple(columns), rows, total, note=note, sheet="Rates")


def _row(group: GroupRate, counted: list[str], found: Inequality) -> tuple[Cell, ...]:
    counts = (shown(getattr(group, name), found.rule) for name in counted)
    return (group.label, *counts, *_cells(group.crude), *_cells(group.standardised))


def _cells(limits: Limits | None) -> tuple[Cell, ...]:
    return (limits.value, limits.lower, limits.upper) if limits else (NO_RATE, None, None)


def _total(total: DisclosedTotal | None, found: Inequality) -> Cell:
    return None if total is None else shown(total.value, found.rule)


def _chart(found: Inequality) -> BarChart | None:
    bars = [Bar(group.label, (group.standardised.value,)) for group in found.groups if group.standardised]
    return BarChart(f"Standardised rate, {unit_text(found)}", tuple(bars), kind="number") if bars else None


def _limits_of_sense(found: Inequality) -> tuple[str, ...]:
    left_out = shown(found.not_standardised, found.rule)
    said = [
        f"Intervals of {number_text(found.confidence, 'share', 0)} say how far chance alone may move a figure. "
        + (
            "The cost of one person is taken to say nothing of another's."
            if found.measure.money
            else "Every event counts as independent of the others; where the same people come again and again, they "
            "should be wider."
        ),
        "They do not cover what the record gets wrong: care not recorded, people not registered, small areas and "
        "ethnic categories not known.",
        "Standardised rates take out age and sex, not illness: they compare use, not use by need.",
        f"People without age or sex are left out of standardised rates: {left_out}. A standardised rate is not given "
        f"on fewer than {found.least_events} events.",
    ]
    if found.by in ("deprivation", "decile", "core20"):
        said.append("Deprivation is that of the small area of residence, by the end of the period, not of the person.")
    if found.slope:
        said.append("The slope takes the groups to lie on a straight line.")
    return tuple(said)


def _number(limits: Limits | None) -> str:
    return number_text(limits.value, "number") if limits else ""


def _between(limits: Limits | None) -> str:
    return f"{number_text(limits.lower, 'number')} to {number_text(limits.upper, 'number')}" if limits else ""
