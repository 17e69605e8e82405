"""What does a reader see of person-based weights beside the published ones?"""

from __future__ import annotations

from collections.abc import Mapping

from commonweal.budget.person_based import ComponentWeights, PersonWeights
from commonweal.web.document import Block, Column, Document, Heading, Meta, Notice, Paragraph, Table

MADE_UP = (
    "The people of this record are made up: the weights show how the software works, and nothing of real practices."
)
READING = (
    "An index says how costly the care of a practice's people is expected to be, beside the place's average of 1. The "
    "person-based one is learned from what care of people of each kind cost in a year; the interval holds what "
    "estimating leaves open and the chance of the practice's own people, not whether the kinds were well chosen or the "
    "costs complete."
)


def person_weights_document(place_name: str, weights: PersonWeights, names: Mapping[str, str]) -> Document:
    """Both weights of each practice, component by component, and how much of the variation of cost each explains."""
    blocks: list[Block] = []
    if weights.synthetic:
        blocks.append(Notice("illustrative", MADE_UP))
    blocks += [Paragraph(READING), Paragraph(_learned(weights))]
    for held in weights.components:
        blocks += _component(held, weights, names)
    title = f"Need by the place's own people, {place_name}"
    return Document(
        title, tuple(blocks), subtitle=f"People of {weights.used_on.day} {weights.used_on:%B %Y}", meta=Meta(place_name)
    )


def target_notice(weights: PersonWeights) -> Notice:
    """What a reader of a budget must know whose targets rest on the place's own record."""
    text = (
        f"Targets of block lines follow what care of each practice's own people costs by record {weights.record}, "
        "in place of the published weighted populations; together the practices have the same weighted people."
    )
    if weights.synthetic:
        return Notice("illustrative", f"{text} {MADE_UP}")
    return Notice("information", text)


def _learned(weights: PersonWeights) -> str:
    tested = "What is explained is of the same year, learned from the year before it, so that nothing foretells itself."
    short = "The record is too short to test on another year, so nothing is said of what is explained."
    return f"Learned from the cost of {weights.learned_from.label}. {tested if weights.tested_on else short}"


def _component(held: ComponentWeights, weights: PersonWeights, names: Mapping[str, str]) -> list[Block]:
    label = held.component.replace("_", " ").capitalize()
    lines = ", ".join(line.replace("_", " ") for line in held.service_lines)
    blocks: list[Block] = [Heading(label), Paragraph(f"Cost of {lines}: £{held.yearly_cost:,.2f} a person and year.")]
    if held.explained:
        blocks.append(_explained(label, held, weights))
    return [*blocks, _practices(label, held, names)]


def _explained(label: str, held: ComponentWeights, weights: PersonWeights) -> Table:
    rows = tuple((row.weights.capitalize(), row.people, row.practices) for row in held.explained)
    published = (
        "A published person-based formula, England, 2011",
        weights.published["people"],
        weights.published["practices"],
    )
    columns = (Column("Weights"), Column("Between people", "share"), Column("Between practices", "share"))
    note = "Below nothing: worse than giving every person the same. The published formula was of hospital cost alone."
    caption = f"{label}: share of the variation of cost that is explained"
    return Table(caption, columns, (*rows, published), note=note, sheet=f"Explained {label}"[:31])


def _practices(label: str, held: ComponentWeights, names: Mapping[str, str]) -> Table:
    rows = tuple(
        (
            row.practice_code,
            names.get(row.practice_code, ""),
            row.people,
            row.published_index,
            row.person_index,
            row.difference,
            row.lower,
            row.upper,
            "yes" if row.beyond_chance else "",
        )
        for row in held.practices
    )
    columns = (
        Column("Practice", "code"),
        Column("Name"),
        Column("People", "people"),
        Column("Published", "number", places=3, group="Index", total=False),
        Column("Person-based", "number", places=3, group="Index", total=False),
        Column("Difference", "number", places=3, group="Index", total=False),
        Column("From", "number", places=3, group="Interval", total=False),
        Column("To", "number", places=3, group="Interval", total=False),
        Column("Beyond chance"),
    )
    return Table(f"{label}: practices both ways", columns, rows, sheet=f"Weights {label}"[:31])
