"""What does a reader see of who bears a contract's risk, of its stress tests, and of the forms that may hold it?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.contract.chance.records import figure
from commonweal.contract.risk.assessment import CURVES, ContractRisk
from commonweal.contract.risk.curves import Point
from commonweal.contract.risk.forms import FACTS, FORMS, FormFact
from commonweal.contract.risk.measures import Capital, Distribution
from commonweal.contract.risk.records import pounds
from commonweal.contract.risk.stress import Stress
from commonweal.core.amounts import POUNDS
from commonweal.web.charts.curves import curves_picture
from commonweal.web.charts.sheet import number_words, per_cent
from commonweal.web.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Drawing,
    Figure,
    Figures,
    Heading,
    Kind,
    Notice,
    Paragraph,
    Table,
    Tree,
    plain,
)

MILLION = Decimal(1_000_000)
# What is changed along each curve: the heading of its column, how its cells print, its unit.
CHANGED: dict[str, tuple[str, Kind, str]] = {
    "stop_loss": ("Stop-loss above", "pounds", "£ a person a year"),
    "aggregate": ("Limit of a year's loss", "share", "of the plan"),
    "years": ("Years settled together", "number", ""),
    "people": ("People on the lists", "people", ""),
}
CEDED = {"stop_loss": "Spend ceded a year", "aggregate": "Loss ceded a year, on average"}
WITH_SPREAD, PEOPLE_ALONE = "With structural spread", "Chance of people alone"


def risk_document(place: str, found: ContractRisk) -> Document:
    """Each party's risk, the capital the provider needs, what would change it, and what is assumed."""
    return Document("Who bears the risk", risk_blocks(found), subtitle=place)


def risk_blocks(found: ContractRisk) -> tuple[Block, ...]:
    """The same as blocks, for a page of the report."""
    blocks: list[Block] = [Paragraph(_lead(found), lead=True), _figures(found), _parties(found), _whole(found)]
    blocks += [Heading("How large a loss, how often"), _exceeded_drawing(found), _exceeded(found)]
    blocks.append(Heading("What would change it"))
    for name, points in found.curves.items():
        if points:
            blocks += [_curve_drawing(found, name, points), _curve_table(found, name, points)]
    blocks += [Heading("By practice"), _practices(found)]
    blocks += [Heading("What is assumed"), Bullets(tuple(plain(text) for text in found.assumed))]
    return tuple(blocks)


def _lead(found: ContractRisk) -> str:
    who, years = found.provider, len(found.days)
    length = "one year" if years == 1 else f"{years} years"
    return (
        f"{plain(found.label)}, on {_money(found, found.plan)} a year of {found.people:,} people, over {length}. "
        f"{plain(who.label)} loses in **{_percent(who.year.loss_probability)}** of years, and needs "
        f"**{_money(found, who.capital.amount)}** of capital to stay solvent to the end in "
        f"{_percent(who.capital.confidence)} of {found.futures:,} futures."
    )


def _percent(value: float) -> str:
    return f"{figure(100 * value):.1f} %"


def _money(found: ContractRisk, value: float | Decimal) -> str:
    unit = "£" if found.unit == POUNDS else f"{found.unit} "
    return f"{unit}{round(Decimal(str(value))):,}"


def _figures(found: ContractRisk) -> Figures:
    who = found.provider
    return Figures(
        (
            Figure("A loss, of all years", figure(who.year.loss_probability), "share", places=1),
            Figure("Loss of one year in twenty", pounds(who.year.loss_1_in_20), "pounds"),
            Figure("Loss of one year in two hundred", pounds(who.year.loss_1_in_200), "pounds"),
            Figure("Capital needed", pounds(who.capital.amount), "pounds", note=_range(found, who.capital)),
        )
    )


def _range(found: ContractRisk, held: Capital) -> str:
    return f"{_money(found, held.low)} to {_money(found, held.high)} for so many futures"


def _parties(found: ContractRisk) -> Table:
    rows = tuple((held.label, *_distribution(held.year)) for held in found.parties)
    note = "Above nothing is a gain. What one party gains another loses: the results of a future sum to nothing."
    return Table("A year's result, by party", _result_columns(found), rows, note=note, sheet="A year")


def _whole(found: ContractRisk) -> Table:
    rows = tuple((held.label, *_distribution(held.whole), pounds(held.capital.amount)) for held in found.parties)
    columns = (*_result_columns(found), Column("Capital needed", "pounds", unit=_unit(found), total=False))
    note = (
        "Capital is what lasts to the end of the contract in "
        f"{_percent(found.provider.capital.confidence)} of futures, with none put in or taken out on the way."
    )
    return Table("The whole contract, by party", columns, rows, note=note, sheet="Whole contract")


def _result_columns(found: ContractRisk) -> tuple[Column, ...]:
    unit = _unit(found)
    return (
        Column("Party"),
        Column("Mean", "pounds", unit=unit, total=False),
        Column("Spread", "pounds", unit=unit, total=False),
        Column("Probability of a loss", "share", places=1, total=False),
        Column("Loss, 1 in 20", "pounds", unit=unit, total=False),
        Column("Loss, 1 in 200", "pounds", unit=unit, total=False),
    )


def _unit(found: ContractRisk) -> str:
    return "" if found.unit == POUNDS else found.unit


def _distribution(held: Distribution) -> tuple[Cell, ...]:
    often = figure(held.loss_probability)
    return (*_cells(held.mean, held.spread), often, *_cells(held.loss_1_in_20, held.loss_1_in_200))


def _cells(*values: float) -> tuple[Cell, ...]:
    return tuple(pounds(value) for value in values)


def _exceeded_drawing(found: ContractRisk) -> Drawing:
    curves = [
        (held.label, [(_millions(loss), Decimal(str(share))) for share, loss in reversed(held.exceeded)])
        for held in found.parties[:3]
    ]
    words = "; ".join(
        f"{held.label}: one contract in twenty loses more than {_money(found, held.whole.loss_1_in_20)}"
        for held in found.parties[:3]
    )
    unit = "£ million" if found.unit == POUNDS else f"{found.unit} million"
    picture = curves_picture(
        curves, across=f"Loss over the whole contract, {unit}", up="Share of futures that lose more", y_said=per_cent
    )
    return Drawing("How often a loss is larger", f"{words}.", picture, narrow=True)


def _exceeded(found: ContractRisk) -> Table:
    columns = (
        Column("Exceeded in", "share", places=1, unit="of futures", total=False),
        *(Column(held.label, "pounds", unit=_unit(found), total=False) for held in found.parties),
    )
    rows = tuple(
        (figure(held[0][0]), *(pounds(loss) for _, loss in held))
        for held in zip(*(party.exceeded for party in found.parties), strict=True)
    )
    return Table("Loss over the whole contract", columns, rows, sheet="Losses")


def _millions(value: float) -> Decimal:
    return round(Decimal(str(value)) / MILLION, 3)


def _curve_drawing(found: ContractRisk, name: str, points: Sequence[Point]) -> Drawing:
    unit = "£ million" if found.unit == POUNDS else f"{found.unit} million"
    label, kind, of = CHANGED[name]
    first, last = points[0], points[-1]

    def said(at: Decimal) -> str:
        return f"{number_words(100 * at)}%" if kind == "share" else number_words(at)

    words = (
        f"{label} {said(first.at)}: {_money(found, first.capital.amount)} of capital; "
        f"{said(last.at)}: {_money(found, last.capital.amount)}."
    )
    curves = [
        (WITH_SPREAD, [(point.at, _millions(point.capital.amount)) for point in points]),
        (PEOPLE_ALONE, [(point.at, _millions(point.capital_people.amount)) for point in points]),
    ]
    across = f"{label}, {of}" if of else label
    return Drawing(
        CURVES[name],
        words,
        curves_picture(curves, across=across, up=f"Capital needed, {unit}", x_said=said),
        narrow=True,
    )


def _curve_table(found: ContractRisk, name: str, points: Sequence[Point]) -> Table:
    label, kind, of = CHANGED[name]
    unit = _unit(found)
    columns = [
        Column(label, kind, unit=of, places=2 if kind == "share" else None, total=False),
        Column("Spread of spend", "share", places=2, unit="of the plan", total=False),
        Column("Probability of a loss", "share", places=1, unit="whole contract", total=False),
        Column("Loss, 1 in 20", "pounds", unit=unit, total=False),
        Column("Capital needed", "pounds", unit=unit, total=False),
        Column("Capital for the chance of people alone", "pounds", unit=unit, total=False),
    ]
    if name in CEDED:
        columns.append(Column(CEDED[name], "pounds", unit=unit, total=False))
    rows = tuple(
        (
            point.at if kind != "people" else int(point.at),
            figure(point.spread),
            figure(point.result.loss_probability),
            *_cells(point.result.loss_1_in_20, point.capital.amount, point.capital_people.amount),
            *(_cells(point.ceded) if name in CEDED else ()),
        )
        for point in points
    )
    return Table(CURVES[name], tuple(columns), rows, sheet=label[:28])


def _practices(found: ContractRisk) -> Table:
    unit = _unit(found)
    shared = any(held.share is not None for held in found.practices)
    columns = [
        Column("Practice", "code"),
        Column("People", "people"),
        Column("Plan", "pounds", unit=unit),
        Column("Probability of a loss alone", "share", places=1, unit="of years", total=False),
        Column("Loss alone, 1 in 20", "pounds", unit=unit, total=False),
        Column("Capital alone", "pounds", unit=unit),
    ]
    if shared:
        columns += [Column("Share", "share", places=2), Column("Capital of its share", "pounds", unit=unit)]
    rows: list[tuple[Cell, ...]] = []
    for held in found.practices:
        row: tuple[Cell, ...] = (
            held.practice,
            held.people,
            pounds(held.plan),
            figure(held.alone.loss_probability),
            *_cells(held.alone.loss_1_in_20, held.alone_capital.amount),
        )
        if shared and held.own_capital is not None and held.share is not None:
            row += (figure(float(held.share)), pounds(held.own_capital.amount))
        rows.append(row)
    note = "Alone: as if the practice held the same contract for its own list, so that nothing is pooled with others."
    return Table(
        "What each practice would bear", tuple(columns), tuple(rows), note=note, sheet="Practices", folded=True
    )


def stress_document(place: str, tests: Sequence[Stress], capital: Capital | None = None) -> Document:
    """Each stress test: what it is, what each party gains or loses, and the clause's own explanation."""
    columns = (
        Column("Test"),
        *(Column(party.replace("_", " "), "pounds", unit="", total=False) for party in tests[0].parties),
        Column("Cost that nobody pays for", "pounds", total=False),
        Column("Size", "code"),
    )
    rows = tuple(
        (held.label, *(pounds(line.amount) for line in held.parties.values()), pounds(held.unpaid), held.status)
        for held in tests
    )
    blocks: list[Block] = [
        Paragraph("What sank other contracts, settled by this contract's own clause in its first year.", lead=True),
        Table("What each party gains or loses", columns, rows, note="Below nothing is a loss.", sheet="Stress tests"),
    ]
    for held in tests:
        blocks += [Heading(held.label), Paragraph(plain(held.told)), Paragraph(plain(f"Source: {held.source}."))]
        if held.status == "illustrative":
            blocks.append(Notice("illustrative", "The size of this test is illustrative; a place may set its own."))
        blocks += [Tree(line, caption=f"{party}: {held.label}") for party, line in held.parties.items() if line.amount]
    return Document("Stress tests", tuple(blocks), subtitle=place)


def forms_document(facts: Sequence[FormFact], found: ContractRisk | None = None, place: str = "") -> Document:
    """Forms side by side on their facts, the capital needed beside them, and who says so."""
    blocks: list[Block] = [Paragraph(_forms_lead(found), lead=True)]
    for fact, label in FACTS.items():
        rows = tuple(
            (FORMS[held.form], held.text, held.status, str(held.source)) for held in facts if held.fact == fact
        )
        columns = (Column("Form"), Column(label), Column("How sure", "code"), Column("Source"))
        blocks.append(Table(label, columns, rows, sheet=label[:28]))
    notes = sorted({held.note for held in facts if held.note})
    blocks += [Notice("illustrative", f"Facts marked illustrative: {plain(note)}") for note in notes]
    return Document("Forms that may hold a contract", tuple(blocks), subtitle=place)


def _forms_lead(found: ContractRisk | None) -> str:
    if found is None:
        return "Facts of each form. Name a place to see the capital that its contract needs beside them."
    held = found.provider.capital
    return (
        f"The provider needs **{_money(found, held.amount)}** of capital ({_range(found, held)}) to stay solvent to "
        f"the end of the contract in {_percent(held.confidence)} of futures. Which form can hold that, and who stands "
        "behind it where it does not last?"
    )
