"""A made-up report that holds every kind of block, for the tests of all printers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from commonweal.core.amounts import Line, Source, blend, given, given_column, less, over, summed, times, to_penny, total
from commonweal.web.document import (
    Bar,
    BarChart,
    Bullets,
    Column,
    Document,
    Drawing,
    Figure,
    Figures,
    Heading,
    Illustrative,
    Link,
    Meta,
    Notice,
    PageBreak,
    Paragraph,
    SummaryList,
    Table,
    Tree,
)
from commonweal.web.picture import Area, Disc, Picture, Stroke, Words
from commonweal.web.values import amount_cell

NAMES = {"Z00001": "Harbour Surgery", "Z00002": "St Æthel & Partners <North>", "Z00003": "Low Fell Medical Centre"}


def budget_line() -> Line:
    """A small budget: baseline and target blended, to the penny."""
    spent = given_column(
        "recorded spend",
        {"Z00001": "1200000.10", "Z00002": "2400000.20", "Z00003": "1800000.05"},
        source=Source("Ledger of the place", "ledger.csv"),
    )
    baseline = less(
        "baseline",
        summed("spend of all practices", spent),
        given("not recurrent", "150000.33", status="derived", source=Source("Adjustments", "row 4")),
    )
    people = given("weighted people", "31250.5", unit="people", status="published")
    cost = given("cost per head", "171.25", status="illustrative", source=Source("Example tariff", "table 2"))
    target = times("target", cost, people)
    pace = given("pace of change", "0.2", unit="share", status="illustrative", source=Source("Example contract", "3.2"))
    growth = over("growth", given("index now", "103.5", unit="index"), given("index then", "101.2", unit="index"))
    rolled = times("rolled forward", baseline, growth)
    return to_penny("whole population budget", blend("budget before rounding", rolled, target, pace))


def money_table() -> Table:
    """Money of three practices under two options, with a total that the rows add up to."""
    columns = (
        Column("Practice", "code"),
        Column("Name"),
        Column("Registered people", "people"),
        Column("In the budget", "money", group="Partial"),
        Column("Stays with the practice", "money", group="Partial"),
        Column("In the budget", "money", group="Full"),
        Column("Share", "share", group="Full", total=False),
    )
    rows = (
        ("Z00001", NAMES["Z00001"], 8123, Decimal("1200000.10"), Decimal("812000.00"), Decimal("2012000.10"), None),
        (
            "Z00002",
            Link(NAMES["Z00002"], "#money"),
            15999,
            Illustrative(Decimal("2400000.20")),
            Decimal("-10.05"),
            Decimal("2399990.15"),
            Decimal("0.4805"),
        ),
        ("Z00003", NAMES["Z00003"], 11020, Decimal("1800000.05"), Decimal("0"), Decimal("1800000.05"), Decimal("0.29")),
    )
    sums = ("Total", "", 35142, Decimal("5400000.35"), Decimal("811989.95"), Decimal("6211990.30"), Decimal(1))
    return Table("Money by practice under two options", columns, rows, total=sums, note="As **agreed**.", sheet="Money")


def picture() -> Picture:
    """Three practices in two neighbourhoods."""
    return Picture(
        400,
        240,
        (
            Area(((20, 20), (220, 30), (180, 220), (30, 200)), "#005eb8", 0.15),
            Stroke(((80, 80), (150, 160)), dashed=True),
            Disc(80, 80, 18, "#005eb8", "Harbour Surgery, 8,123 people"),
            Disc(150, 160, 26, "#005eb8", "St Æthel & Partners, 15,999 people"),
            Disc(310, 110, 22, "#00a499", "Low Fell Medical Centre, 11,020 people"),
            Words(310, 150, "B North", anchor="middle", strong=True),
        ),
    )


def long_table(rows: int = 80) -> Table:
    """Enough rows to need several pages of a PDF."""
    columns = (Column("Practice", "code"), Column("What was found"), Column("Amount", "money"))
    found = "A sentence about what was found that is long enough to need more than one line in its cell, for certain."
    cells = tuple((f"Z{n:05}", found, Decimal(n)) for n in range(1, rows + 1))
    return Table("Findings row by row", columns, cells, total=("Total", "", Decimal(rows * (rows + 1) // 2)))


def sample_document() -> Document:
    """The whole report."""
    line = budget_line()
    added = total("two budgets", line, line)
    return Document(
        "Whole population budget",
        (
            Paragraph("What the care of this population should cost in **2026-27**, and who is paid.", lead=True),
            Notice("illustrative", "Costs marked † are examples. See [money](#money)."),
            Figures(
                (
                    Figure("Whole population budget", amount_cell(line), note="for the year from 1 April 2026"),
                    Figure("Registered people", 35142, "people"),
                    Figure("Practices", 3, "number"),
                    Figure("Share illustrative", Decimal("0.125"), "share"),
                )
            ),
            Heading("Money"),
            Paragraph("Each practice with what stays and what moves. A practice may be called \\[so\\]."),
            money_table(),
            Heading("How the budget came about"),
            Tree(line, names=NAMES, sheet="Budget explained"),
            Tree(added, "Twice over", depth=1),
            Heading("Options side by side", 3),
            BarChart(
                "Where the money goes under each option",
                (
                    Bar("Virtual", (Decimal("0"), Decimal("40000"), Decimal("5211990"))),
                    Bar(
                        "Partial, with a rather long name for a bar",
                        (Decimal("3000000"), Decimal("1000000"), Decimal("1211990")),
                    ),
                    Bar("Full", (Decimal("5000000"), Decimal("211990"), Decimal("0"))),
                ),
                series=("in the budget", "performance pay", "stays"),
            ),
            BarChart(
                "People by practice",
                tuple(Bar(n, (Decimal(p),)) for n, p in zip(NAMES.values(), (8123, 15999, 11020), strict=True)),
                kind="people",
            ),
            Heading("Neighbourhoods"),
            Drawing("Neighbourhoods of the place", "Two neighbourhoods; practices are discs sized by list.", picture()),
            SummaryList(
                (("Commissioner", "QZ1 Synthetic ICB"), ("Budget", Decimal("5211990.10")), ("From", date(2026, 4, 1)))
            ),
            Notice("warning", "The list is under 100,000 people."),
            Bullets(("First point", "Second point with [the money](#money)")),
            PageBreak(),
            Heading("Findings"),
            long_table(),
        ),
        subtitle="Synthetic place, 2026-27",
        meta=Meta(place="Synthetic place", made_on=date(2026, 3, 31), footer="Synthetic figures; no real practice."),
    )
