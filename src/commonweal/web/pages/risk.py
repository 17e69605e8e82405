"""What does a reader see of an estimate of risk?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from commonweal.web.document import (
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Meta,
    Notice,
    Paragraph,
    SummaryList,
    Table,
    plain,
)

HIDDEN = "hidden"
MODEL_NAMES = {"logistic": "Logistic regression", "lightgbm": "Trees (LightGBM)"}
RATE = Column("Admitted", "share", places=1, total=False)


def risk_document(place: str, record: Mapping[str, Any], cards: Sequence[str]) -> Document:
    """How good each model is, for everybody and by group, beside what others have published.

    Takes    record: as risk_record() returns; cards: where the model cards are.
    """
    dates = record["dates"]
    blocks: list[Block] = [Notice("warning", plain(text)) for text in record["warnings"]]
    blocks.append(Paragraph(_lead(record), lead=True))
    blocks.append(_people(record))
    for model in record["models"]:
        blocks += _model(model, by_group=model["model"] == record["applied"])
    blocks.append(_anchors(record["anchors"]))
    blocks.append(Paragraph("A high risk says who is likely to be admitted, not whose admission can be avoided."))
    blocks += [Paragraph(f"Model card: {plain(path)}") for path in cards]
    subtitle = f"{place}, people registered on {dates['applied_on']}"
    return Document("Risk of an emergency admission", tuple(blocks), subtitle=subtitle, meta=Meta(place=place))


def _lead(record: Mapping[str, Any]) -> str:
    dates = record["dates"]
    return (
        f"Risk of an emergency admission in the {dates['months_ahead']} months from {dates['applied_on']}. Learned on "
        f"{dates['learned_on']}, tested on {dates['tested_on']}; nothing after each day was known to it. Risks come "
        f"from **{MODEL_NAMES[record['applied']]}** ({record['applied_because']})."
    )


def _people(record: Mapping[str, Any]) -> Block:
    rows = tuple((name.replace("_", " ").capitalize(), _hidden(count)) for name, count in record["people"].items())
    return SummaryList(rows, "people")


def _model(model: Mapping[str, Any], *, by_group: bool) -> Iterator[Block]:
    whole = model["whole"]
    yield Heading(MODEL_NAMES[model["model"]])
    yield _calibration(model)
    yield _top_shares(whole["top_shares"])
    yield _tenths(model["tenths"])
    if not by_group:
        yield Paragraph("By group it is in its model card.")
        return
    if all(tenth["observed"] is not None and tenth["foretold"] is not None for tenth in model["tenths"]):
        bars = tuple(Bar(f"Tenth {t['tenth']}, {word}", (t[key],)) for t in model["tenths"] for word, key in _PAIRS)
        yield BarChart("Foretold and admitted, by tenth of risk", bars, kind="share")
    yield _groups(model["groups"])
    yield _group_tops(model["groups"])


_PAIRS = (("foretold", "foretold"), ("admitted", "observed"))


def _calibration(model: Mapping[str, Any]) -> Table:
    whole, before = model["whole"], model["before_recalibration"]
    between = "" if whole["auroc_low"] is None else f"{whole['auroc_low']} to {whole['auroc_high']}"
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Pairs ranked rightly (AUROC)", _hidden(whole["auroc"]), between, "0.5 is chance, 1 is perfect"),
        (
            "Calibration in the large",
            _hidden(whole["in_the_large"]),
            f"{_text(before['in_the_large'])} before",
            "0 at best",
        ),
        ("Calibration slope", _hidden(whole["slope"]), f"{_text(before['slope'])} before", "1 at best"),
        ("Brier score", _hidden(whole["brier"]), f"{_text(before['brier'])} before", "0 at best"),
    )
    columns = (
        Column("Measure"),
        Column("Value", "number", places=4, total=False),
        Column("Interval, or before recalibration"),
        Column("How to read it"),
    )
    return Table("How well it ranks and how true its risks are, on the test", columns, rows)


def _top_shares(tops: Sequence[Mapping[str, Any]]) -> Table:
    keys = ("people", "admitted", "lowest_risk", "ppv", "sensitivity")
    published = ("published_ppv", "published_sensitivity")
    rows = tuple(
        (f"{top['share'] * 100:.1f} %", *(_hidden(top[key]) for key in keys), *(top[key] for key in published))
        for top in tops
    )
    columns = (
        Column("Highest risk"),
        Column("People", "people", total=False),
        Column("Admitted", "people", total=False),
        Column("Lowest risk", "share", places=1, total=False),
        Column("Of them admitted", "share", places=1, total=False),
        Column("Of all admitted", "share", places=1, total=False),
        Column("SPARRA: of them", "share", places=0, total=False),
        Column("SPARRA: of all", "share", places=0, total=False),
    )
    note = "SPARRA version 4, Scotland: emergency admission or death; another population, and 8.9 % had the event."
    return Table("Those at highest risk", columns, rows, note=note, sheet="Highest risk")


def _tenths(tenths: Sequence[Mapping[str, Any]]) -> Table:
    keys = ("people", "foretold", "admitted", "observed")
    rows = tuple((f"{tenth['tenth']}", *(_hidden(tenth[key]) for key in keys)) for tenth in tenths)
    columns = (
        Column("Tenth of risk"),
        Column("People", "people", total=False),
        Column("Foretold", "share", places=1, total=False),
        Column("Admitted", "people", total=False),
        Column("Came true", "share", places=1, total=False),
    )
    return Table("Foretold and come true, lowest risk first", columns, rows, sheet="Tenths")


def _groups(groups: Sequence[Mapping[str, Any]]) -> Table:
    keys = ("people", "observed", "foretold", "auroc", "in_the_large", "slope", "brier")
    rows = tuple((_group(held), *(_hidden(held[key]) for key in keys)) for held in groups)
    columns = (
        Column("Group"),
        Column("People", "people", total=False),
        Column("Came true", "share", places=1, total=False),
        Column("Foretold", "share", places=1, total=False),
        Column("AUROC", "number", places=3, total=False),
        Column("In the large", "number", places=2, total=False),
        Column("Slope", "number", places=2, total=False),
        Column("Brier", "number", places=4, total=False),
    )
    note = "Counts of few people are hidden and others rounded. Deprivation 1 is the most deprived tenth."
    return Table("For whom it holds", columns, rows, note=note, sheet="Groups")


def _group_tops(groups: Sequence[Mapping[str, Any]]) -> Table:
    shares = [top["share"] for top in groups[0]["top_shares"]] if groups else []
    columns = [Column("Group")]
    for share in shares:
        heading = f"Top {share * 100:.1f} %"
        columns += [Column("Of them", "share", places=0, group=heading, total=False)]
        columns += [Column("Of all", "share", places=0, group=heading, total=False)]
    rows = tuple(
        (_group(held), *(_hidden(top[key]) for top in held["top_shares"] for key in ("ppv", "sensitivity")))
        for held in groups
    )
    note = "Of the group's people among the whole population's highest risks: how many of them were admitted, and what "
    note += "part of all the group's admitted they are."
    return Table("Who is found, by group", tuple(columns), rows, note=note, sheet="Found by group")


def _anchors(anchors: Sequence[Mapping[str, str]]) -> Table:
    rows = tuple((row["model"], row["population"], row["outcome"], Decimal(row["auroc"])) for row in anchors)
    columns = (
        Column("Model"),
        Column("Population"),
        Column("Outcome"),
        Column("AUROC", "number", places=3, total=False),
    )
    return Table("Published models, for an order of size", columns, rows, sheet="Published")


def _group(held: Mapping[str, Any]) -> str:
    return f"{held['by'].capitalize()}: {held['group']}"


def _hidden(value: Any) -> Cell:
    return HIDDEN if value is None else value


def _text(value: Decimal | None) -> str:
    return HIDDEN if value is None else str(value)
