"""What does a reader need to see of a whole build at a glance?"""

from __future__ import annotations

from commonweal.build import Built
from commonweal.contract.statement import DIRECTIONS
from commonweal.core.amounts import Line, given, over
from commonweal.core.findings import counts
from commonweal.web.document import Block, Cell, Column, Figure, Figures, Notice, Table
from commonweal.web.pages.options import SHORT
from commonweal.web.pages.statement import WORDS
from commonweal.web.values import amount_cell

FORMED = {
    "proven optimum": "none more compact within the bounds",
    "gap": "all within the bounds",
    "relaxed": "not all within the bounds",
}
SHOWN = ("in_budget", "performance_pay", "stays_with_practices", "existing_contracts", "funded")


def headline_blocks(built: Built) -> tuple[Block, ...]:
    """People, neighbourhoods, cost of care, the options and the month, each in a few numbers."""
    formation = built.formed.formation
    people = sum(n.people for n in formation.neighbourhoods)
    care = built.opened.care
    per_head = over("cost of care a head", care.total, given("people", people, unit="people"), unit="GBP")
    figures = Figures(
        (
            Figure("Registered people", people, "people", note=f"{len(care.practices)} practices"),
            Figure(
                "Neighbourhoods",
                len(built.formed.formation.neighbourhoods),
                "number",
                note=built.formed.formation.status,
            ),
            Figure("Cost of care", amount_cell(care.total), note=care.year.label),
            Figure("Cost of care a head", amount_cell(per_head), "money"),
        )
    )
    return (figures, *_checks(built), _neighbourhoods(built), _options(built), _month(built))


def _checks(built: Built) -> tuple[Block, ...]:
    held = counts(built.opened.findings)
    if not held["error"] and not held["warning"]:
        return ()
    found = " and ".join(f"{held[kind]} {kind}{'' if held[kind] == 1 else 's'}" for kind in ("error", "warning"))
    text = f"The checks on the inputs found {found}; see the page on inputs."
    return (Notice("warning" if held["error"] else "information", text, "Inputs"),)


def _neighbourhoods(built: Built) -> Table:
    care = built.opened.care
    rows = tuple(
        (n.code, n.name, n.people, len(n.practice_codes), amount_cell(care.of_neighbourhood(n.code)))
        for n in built.formed.formation.neighbourhoods
    )
    columns = (
        Column("Code", "code"),
        Column("Neighbourhood"),
        Column("People", "people"),
        Column("Practices", "number"),
        Column("Cost of care", "pounds"),
    )
    total = (
        "All",
        "",
        sum(n.people for n in built.formed.formation.neighbourhoods),
        len(care.practices),
        amount_cell(care.total),
    )
    return Table("Neighbourhoods", columns, rows, total, row_header=1, sheet="Headline neighbourhoods")


def _options(built: Built) -> Table:
    rows = tuple((held.label, *(_cell(getattr(held.whole, part)) for part in SHOWN)) for held in built.options)
    labels = {**SHORT, "funded": "Cost of care"}
    columns = (Column("Option"), *(Column(labels[part], "pounds", total=False) for part in SHOWN))
    return Table(f"The contract options, {built.opened.year.label}", columns, rows, sheet="Headline options")


def _month(built: Built) -> Table:
    balance = built.statement.balance
    columns = (Column("Month", "code"), *(Column(WORDS[name], "money", total=False) for name in DIRECTIONS))
    row = (built.month.label, *(_cell(getattr(balance, name)) for name in DIRECTIONS))
    return Table("The monthly statement", columns, (row,), sheet="Headline month")


def _cell(line: Line) -> Cell:
    return amount_cell(line)
