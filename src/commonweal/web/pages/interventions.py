"""What does a reader see of the interventions there are, and of one of them?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from commonweal.plan.interventions.intervention import Intervention
from commonweal.plan.interventions.parts import Condition, IsAtRisk, IsFrom, IsSo
from commonweal.plan.interventions.records import REGRESSION, intervention_rows, interventions_rows
from commonweal.web.document import Block, Bullets, Column, Document, Heading, Notice, Paragraph, Table, plain

GRADES = {
    "randomised": "randomised trial",
    "matched": "matched or other controls",
    "before_and_after": "before and after, no controls",
    "elicitation": "what experts believe",
    "opinion": "opinion, or none found",
}
CERTAIN = "certain"


def interventions_document(held: Mapping[str, Intervention]) -> Document:
    """The interventions, what each changes and how good its evidence is."""
    columns = (Column("Intervention", "code"), Column("What it is"), Column("Changes"), Column("Evidence"))
    rows = tuple(
        (row["intervention"], row["label"], _words(row["activity"]), GRADES[row["evidence"]])
        for row in interventions_rows(held)
    )
    return Document("Interventions", (Table("Interventions", columns, rows),))


def intervention_document(held: Intervention, on: date) -> Document:
    """One intervention whole, from whom it is for to what it will be tested on, with its terms on a day."""
    blocks: list[Block] = [Paragraph(plain(held.meaning or held.label), lead=True)]
    if held.regression_to_the_mean:
        blocks.append(Notice("warning", REGRESSION, title="Regression to the mean"))
    blocks += [Heading("For whom"), Bullets(_for_whom(held, on))]
    blocks.append(_effects(held, on))
    blocks.append(_costs(held, on))
    if held.moves:
        columns = (Column("Avoided"), Column("Becomes"), Column("How many for one"))
        rows = tuple((_words(move.avoided), _words(move.becomes), _said(held, move.ratio, on)) for move in held.moves)
        blocks.append(Table("Where the work goes", columns, rows))
    if held.assumes:
        blocks += [Heading("What it assumes"), Bullets(tuple(plain(text) for text in held.assumes))]
    evidence = held.evidence
    blocks += [Heading("Evidence"), Paragraph(f"{plain(evidence.summary)} Grade: {GRADES[evidence.grade]}.")]
    blocks.append(Bullets(tuple(plain(f"{cited.title}. {cited.where}".strip()) for cited in evidence.sources)))
    blocks += [Heading("What it will be tested on"), Paragraph(_statement(held, on))]
    blocks.append(_terms(held, on))
    return Document(held.label, tuple(blocks))


def _for_whom(held: Intervention, on: date) -> tuple[str, ...]:
    if not held.for_whom:
        return ("Everyone registered",)
    return tuple(plain(_condition(held, part, on)) for part in held.for_whom)


def _condition(held: Intervention, part: Condition, on: date) -> str:
    name = _words(part.has)
    if isinstance(part, IsSo):
        return f"{name}: {part.so}"
    if isinstance(part, IsFrom):
        ends = [("from", part.at_least), ("below", part.below)]
        return f"{name} " + " ".join(f"{word} {_said(held, term, on)}" for word, term in ends if term)
    if isinstance(part, IsAtRisk):
        return f"{name} of emergency admission: the highest {_said(held, part.highest, on)} of the people"
    return f"{name}: {', '.join(part.one_of)}"


def _effects(held: Intervention, on: date) -> Table:
    columns = (
        Column("Activity"),
        Column("Part that can change"),
        Column("Avoided of it"),
        Column("Lag"),
        Column("Shares with"),
    )
    rows = tuple(
        (
            _words(effect.activity),
            _said(held, effect.of, on) if effect.of else "all",
            _said(held, effect.share, on),
            _said(held, effect.lag, on),
            _words(effect.overlaps) or "nothing",
        )
        for effect in held.effects
    )
    return Table("What it changes", columns, rows)


def _costs(held: Intervention, on: date) -> Table:
    columns = (Column("Cost"), Column("For each"), Column("Role"), Column("How much"))
    rows = tuple(
        (cost.label, cost.per, _words(cost.role or "") or "money", _said(held, cost.amount, on)) for cost in held.costs
    )
    return Table("What it costs", columns, rows)


def _statement(held: Intervention, on: date) -> str:
    said = held.statement
    of = "those reached" if said.population == "reached" else "everyone registered"
    return plain(
        f"{held.terms[said.share].label}: {_said(held, said.share, on)}, among {of}, after "
        f"{_said(held, said.months, on)}; tested by {_words(said.method).lower()}."
    )


def _said(held: Intervention, term: str, on: date) -> str:
    """A term in words: what is believed in the middle, its 80 % range where there is doubt, and its unit."""
    row = next(row for row in intervention_rows(held, on) if row["term"] == term)
    doubt = "" if row["percentile_10"] is None else f" ({_range(row)})"
    unit = "" if row["unit"] == "share" else f" {row['unit']}"
    return f"{row['middle']}{doubt}{unit}"


def _terms(held: Intervention, on: date) -> Table:
    columns = (Column("Term"), Column("Value", "code"), Column("80 % range", "code"), Column("Unit"), Column("Status"))
    rows = tuple(
        (row["label"], row["middle"], _range(row), row["unit"], row["status"]) for row in intervention_rows(held, on)
    )
    return Table(f"Terms on {on:%-d %B %Y}", columns, rows)


def _range(row: Mapping[str, Any]) -> str:
    if row["percentile_10"] is None:
        return CERTAIN
    return f"{row['percentile_10']} to {row['percentile_90']}"


def _words(code: str) -> str:
    text = code.replace("_", " ").replace("gp ", "GP ")
    return text[:1].upper() + text[1:]
