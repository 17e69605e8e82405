"""What does a reader see of a year of payments?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.contract.statement import DIRECTIONS
from commonweal.contract.year.amounts import YearAmount, year_amounts
from commonweal.contract.year.disputes import disputes
from commonweal.contract.year.facts import RESERVED, Fact, standing
from commonweal.contract.year.settling import GAIN_AND_LOSS, PERFORMANCE
from commonweal.contract.year.year import SETTLEMENT, YearOfPayments, YearStatement
from commonweal.core.amounts import Line
from commonweal.core.amounts import total as added
from commonweal.web.document import Block, Cell, Column, Document, Illustrative, Meta, Notice, Paragraph, Table
from commonweal.web.pages.statement import WORDS
from commonweal.web.values import amount_cell

LONGEST_UNFOLDED = 12
SERVED = {PERFORMANCE: "Performance pay on results", GAIN_AND_LOSS: "Gain or loss share"}
BECAUSE = (Column("In the statement of"), Column("For", "code"), Column("Because of", "code"))
STANDS = {"open": "Open", "due": "Resolved: due", "not_due": "Resolved: not due"}


def year_document(place_name: str, year: YearOfPayments) -> Document:
    """The months, the adjustments and the settlement of a year."""
    title = f"Year of payments of {place_name}, {year.setting.year.label}"
    subtitle = f"As known on {year.known_on:%-d %B %Y}" if year.known_on else "With everything that is known"
    return Document(title, year_blocks(year), subtitle=subtitle, meta=Meta(place_name))


def year_blocks(year: YearOfPayments) -> tuple[Block, ...]:
    """The year as blocks for any document."""
    amounts = list(year_amounts(year).values())
    words = "**Received = paid on + held + owed** in every statement. A closed statement never changes: what becomes "
    words += "known later adjusts the first open one."
    blocks: list[Block] = [Paragraph(words), _glance(year)]
    blocks += _adjustments(year, amounts)
    blocks += _settlement(year, amounts)
    blocks += _disputes(year, amounts)
    blocks.append(
        _facts_table(year.facts) if year.facts else Paragraph("No fact is recorded beside the place's files.")
    )
    return tuple(blocks)


def _glance(year: YearOfPayments) -> Table:
    rows: list[tuple[Cell, ...]] = []
    balances = [held.statement.balance for held in year.statements]
    for held, balance in zip(year.statements, balances, strict=True):
        closed = f"Closed {held.closed.closed_on:%-d %B %Y}" if held.closed else "Open"
        sums = [amount_cell(getattr(balance, direction)) for direction in DIRECTIONS]
        rows.append((_called(held), closed, *sums, amount_cell(held.adjusted)))
    columns = (
        Column("Statement"),
        Column("State"),
        *(Column(WORDS[direction], "money") for direction in DIRECTIONS),
        Column("Adjusts earlier months", "money"),
    )
    whole = [added(name, *(getattr(balance, name) for balance in balances)) for name in DIRECTIONS]
    adjusted = added("adjustments", *(held.adjusted for held in year.statements))
    total = ("The year", "", *(amount_cell(line) for line in whole), amount_cell(adjusted))
    return Table("The year at a glance", columns, tuple(rows), total, sheet="Year")


def _called(held: YearStatement) -> str:
    return held.name.capitalize() if held.name.startswith(SETTLEMENT) else f"{held.statement.month.start:%B %Y}"


def _adjustments(year: YearOfPayments, amounts: Sequence[YearAmount]) -> list[Block]:
    """One line per practice, for each month of service and fact."""
    found = [held for held in amounts if held.made.adjusts]
    if not found:
        return [Paragraph("No earlier month is adjusted.")]
    sums: dict[tuple[str, str, str, str], dict[str, list[YearAmount]]] = {}
    for held in found:
        key = (_called(held.held), held.entry.served.label, held.made.adjusts, held.practice_code)
        sums.setdefault(key, {}).setdefault(held.entry.direction, []).append(held)
    rows = tuple(
        (statement, *_for(served, fact), practice, *(_cells(of.get(direction, [])) for direction in DIRECTIONS))
        for (statement, served, fact, practice), of in sums.items()
    )
    columns = (
        *BECAUSE,
        Column("Practice", "code"),
        *(Column(WORDS[direction], "money") for direction in DIRECTIONS),
    )
    whole = [_cells([held for held in found if held.entry.direction == direction]) for direction in DIRECTIONS]
    note = (
        "What is now due for the earlier month less what was accounted for. Rounding can move pence between practices."
    )
    table = Table(
        "Adjustments by practice",
        columns,
        rows,
        ("All", "", "", "", *whole),
        note,
        sheet="Adjustments",
        folded=len(rows) > LONGEST_UNFOLDED,
    )
    return [_adjusted_by_fact(year), table]


def _for(served: str, fact: str) -> tuple[str, str]:
    return SERVED.get(served, served), "files or terms" if fact == RESERVED else fact


def _adjusted_by_fact(year: YearOfPayments) -> Table:
    sums: dict[tuple[str, str, str], list[Line]] = {}
    for held in year.statements:
        for made in held.entries:
            if made.adjusts and made.entry.direction == "received":
                key = (_called(held), made.entry.served.label, made.adjusts)
                sums.setdefault(key, []).append(made.entry.amount)
    rows = tuple((statement, *_for(served, fact), _sum(lines)) for (statement, served, fact), lines in sums.items())
    columns = (*BECAUSE, Column("Received more", "money"))
    return Table("What each fact changes of earlier months", columns, rows, sheet="Adjusted by fact")


def _settlement(year: YearOfPayments, amounts: Sequence[YearAmount]) -> list[Block]:
    sums: dict[tuple[str, str, str, str, str], list[YearAmount]] = {}
    for held in amounts:
        if held.entry.served.label in SERVED:
            entry = held.entry
            key = (_called(held.held), SERVED[entry.served.label], WORDS[entry.direction], entry.purpose, entry.party)
            sums.setdefault(key, []).append(held)
    if not sums:
        words = "No result of performance pay, gain or loss is known: the settlement has nothing to settle yet."
        return [Notice("information", words)]
    rows = tuple((*key, _cells(held)) for key, held in sums.items())
    columns = (
        Column("In"),
        Column("For"),
        Column("What"),
        Column("Purpose"),
        Column("Party"),
        Column("Sum", "money", total=False),
    )
    return [Table("Settlement of the year", columns, rows, sheet="Settlement")]


def _disputes(year: YearOfPayments, amounts: Sequence[YearAmount]) -> list[Block]:
    found = disputes(year.standing)
    if not found:
        return []
    marked: dict[str, list[YearAmount]] = {}
    for held in amounts:
        for fact_id in held.disputed_by:
            marked.setdefault(fact_id, []).append(held)
    rows = tuple(
        (d.fact.fact_id, d.fact.subject, d.fact.value, STANDS[d.stands], _cells(marked.get(d.fact.fact_id, [])))
        for d in found
    )
    columns = (
        Column("Fact", "code"),
        Column("In dispute", "code"),
        Column("Reason"),
        Column("Stands"),
        Column("Marked", "money", total=False),
    )
    return [Table("Disputes", columns, rows, sheet="Disputes")]


def facts_document(place_name: str, facts: Sequence[Fact]) -> Document:
    """The facts recorded of a place."""
    blocks = (_facts_table(facts),) if facts else (Paragraph("No fact is recorded."),)
    return Document(f"Facts of {place_name}", blocks, meta=Meta(place_name))


def _facts_table(facts: Sequence[Fact]) -> Table:
    stands = {fact.fact_id for fact in standing(facts)}
    rows = tuple(
        (
            fact.fact_id,
            fact.known_on,
            fact.effective_from,
            fact.effective_to,
            fact.kind.replace("_", " "),
            fact.subject,
            fact.value,
            fact.source,
            "" if fact.fact_id in stands or fact.kind == "withdrawal" else "replaced",
        )
        for fact in facts
    )
    columns = (
        Column("Fact", "code"),
        Column("Known on", "date"),
        Column("From", "date"),
        Column("To", "date"),
        Column("Kind"),
        Column("Of", "code"),
        Column("Value"),
        Column("Source"),
        Column("Stands"),
    )
    return Table("Facts", columns, rows, sheet="Facts", folded=len(rows) > LONGEST_UNFOLDED)


def _rests(held: YearAmount) -> bool:
    return bool(held.entry.column.supplied("illustrative"))


def _cell(held: YearAmount) -> Cell:
    return Illustrative(held.amount) if _rests(held) else held.amount


def _cells(found: Sequence[YearAmount]) -> Cell:
    whole = sum((held.amount for held in found), Decimal(0))
    return Illustrative(whole) if any(map(_rests, found)) else whole


def _sum(lines: Sequence[Line]) -> Cell:
    return amount_cell(added("sum", *lines))
