"""What does a reader need to see of a whole build at a glance?"""

from __future__ import annotations

from commonweal.build import Built
from commonweal.contract.options import OptionBudget
from commonweal.contract.statement import DIRECTIONS
from commonweal.core.amounts import Line, given, over
from commonweal.core.findings import counts
from commonweal.web.document import Block, Cell, Column, Figure, Figures, Notice, Table
from commonweal.web.pages.options import SHORT
from commonweal.web.pages.population import population_headlines
from commonweal.web.pages.statement import WORDS
from commonweal.web.values import amount_cell

SHOWN = ("in_budget", "performance_pay", "stays_with_practices", "existing_contracts", "funded")


def headline_blocks(built: Built) -> tuple[Block, ...]:
    """People, cost of care, the budget, the options, the neighbourhoods and the month, each in a few numbers."""
    return (headline_figures(built), *checks_notice(built), options_table(built), *parts_tables(built))


def parts_tables(built: Built) -> tuple[Block, ...]:
    """The neighbourhoods, and the month's statement."""
    return (neighbourhoods_table(built), month_table(built))


def headline_figures(built: Built) -> Figures:
    """The numbers that a reader needs before any other."""
    people = sum(n.people for n in built.formed.formation.neighbourhoods)
    care, shown = built.opened.care, shown_option(built)
    per_head = over("cost of care a head", care.total, given("people", people, unit="people"), unit="GBP")
    number = len(built.formed.formation.neighbourhoods)
    places = f"in {len(care.practices)} practices and {number} neighbourhood{'' if number == 1 else 's'}"
    return Figures(
        (
            Figure("Registered people", people, "people", note=places),
            Figure("Cost of care", amount_cell(care.total), note=f"all services, {care.year.label}"),
            Figure("Cost of care a head", amount_cell(per_head), "money", note=care.year.label),
            Figure("Whole population budget", amount_cell(shown.whole.in_budget), note=scope_words(built)),
            *(population_headlines(built.population) if built.population else ()),
        )
    )


def shown_option(built: Built) -> OptionBudget:
    """What the practices agreed; the full option while none has joined."""
    return built.options.as_agreed if built.options.as_agreed.options else built.options.full


def scope_words(built: Built) -> str:
    """Whose budget the one shown is."""
    joined = len(built.options.as_agreed.options)
    if not joined:
        return "if every practice joined in full; none has joined yet"
    return f"as agreed: {joined} of {len(built.opened.care.practices)} practices take part"


def checks_notice(built: Built) -> tuple[Block, ...]:
    """What the checks on the inputs found, where it is worth knowing first."""
    held = counts(built.opened.findings)
    if not held["error"] and not held["warning"]:
        return ()
    kinds = [kind for kind in ("error", "warning") if held[kind]]
    found = " and ".join(f"{held[kind]} {kind}{'' if held[kind] == 1 else 's'}" for kind in kinds)
    text = f"The checks on the published files found {found}. See [Inputs](page:inputs)."
    return (Notice("warning" if held["error"] else "information", text, "Before you rely on these figures"),)


def neighbourhoods_table(built: Built) -> Table:
    """The neighbourhoods by people, practices and cost of care."""
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


def options_table(built: Built) -> Table:
    """The options by where the cost of care goes."""
    rows = tuple((held.label, *(_cell(getattr(held.whole, part)) for part in SHOWN)) for held in built.options)
    labels = {**SHORT, "funded": "Cost of care"}
    columns = (Column("Option"), *(Column(labels[part], "pounds", total=False) for part in SHOWN))
    return Table(f"The contract options, {built.opened.year.label}", columns, rows, sheet="Headline options")


def month_table(built: Built) -> Table:
    """The month's statement in one row."""
    balance = built.statement.balance
    columns = (Column("Month"), *(Column(WORDS[name], "money", total=False) for name in DIRECTIONS))
    row = (f"{built.month.start:%B %Y}", *(_cell(getattr(balance, name)) for name in DIRECTIONS))
    return Table("The monthly statement", columns, (row,), sheet="Headline month")


def _cell(line: Line) -> Cell:
    return amount_cell(line)
