"""What does a practice manager see?"""

from __future__ import annotations

from collections.abc import Mapping

from commonweal.contract.practice_page import PracticePage, Sentence, destinations_used
from commonweal.place.participation.events import OPTIONS
from commonweal.web.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Meta,
    Notice,
    Paragraph,
    SummaryList,
    Table,
    plain,
)
from commonweal.web.values import MARK

LIST_WORDS = {
    "practice": "Follows the GP unless a patient asks otherwise",
    "MCP": "Stays with the MCP unless a patient asks to follow",
}
LABELS = {"virtual": "Virtual", "partial": "Partial", "full": "Full"}
STATES = {
    "independent": "outside the MCP",
    "virtual": "in the virtual option",
    "partial": "in the partial option",
    "full": "in the full option, own contract suspended",
    "notice": "in the full option, with notice given",
    "reactivated": "back under its own contract",
}


def practice_document(place_name: str, page: PracticePage) -> Document:
    """One practice: every income line of today, where it goes under each option, people, pension, and the way back."""
    blocks = (
        _figures(page),
        _marked(),
        Paragraph(
            f"On {page.on.day} {page.on:%B %Y} this practice is {STATES.get(page.state, page.state)}. Nothing below "
            "happens without the practice's own agreement."
        ),
        Heading("Where each income line goes"),
        *_income(page),
        Heading("Staff, pension and what you sign"),
        *_staff(page),
        Heading("The way back"),
        *_way_back(page),
    )
    return Document(
        f"{page.practice_name} ({page.practice_code})",
        blocks,
        subtitle=f"What joining {place_name} would mean",
        meta=Meta(place_name),
    )


def _figures(page: PracticePage) -> Figures:
    items = [Figure(f"Paid in {page.year}", page.total_of().amount, "money", note="published total")]
    for option in OPTIONS:
        kept = [line.amount for key, line in page.going_to(option).items() if key == "stays_with_practice"]
        amount = kept[0] if kept else 0
        items.append(Figure(f"{LABELS[option]}: paid to you as today", amount, "money"))
    return Figures(tuple(items))


def _income(page: PracticePage) -> list[Block]:
    meanings = destinations_used(page)
    short = {key: _short(key) for key in meanings}
    shown = [line for line in page.lines if line.amount.amount != 0]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (line.label, line.amount.amount, *(short[line.destinations[option].goes_to] for option in OPTIONS))
        for line in shown
    )
    columns = (
        Column("Income line"),
        Column(page.year, "money"),
        *(Column(LABELS[option]) for option in OPTIONS),
    )
    omitted = len(page.lines) - len(shown)
    note = f"{omitted} published lines were nothing for this practice and are not shown." if omitted else ""
    return [
        _going(page, short),
        Table("Income lines today, and under each option", columns, rows, note=note, sheet="Income"),
        Bullets(tuple(f"**{short[key]}**: {plain(held.meaning)}" for key, held in meanings.items())),
        _agrees(page),
        *_sentences(page),
    ]


def _going(page: PracticePage, short: Mapping[str, str]) -> Table:
    going = {option: page.going_to(option) for option in OPTIONS}
    keys = list(dict.fromkeys(key for option in OPTIONS for key in going[option]))
    rows = tuple(
        (short[key], *(going[option][key].amount if key in going[option] else None for option in OPTIONS))
        for key in keys
    )
    columns = (Column("Where it goes"), *(Column(LABELS[option], "money") for option in OPTIONS))
    total = ("Published total", *(page.total_of().amount for _ in OPTIONS))
    return Table("Your income by where it would go", columns, rows, total, sheet="Where it goes")


def _agrees(page: PracticePage) -> Table:
    rows = tuple(
        (held.label, held.published.amount, held.added.amount, held.difference.amount) for held in page.reconciliations
    )
    columns = (
        Column("Published total"),
        Column("As published", "money", total=False),
        Column("Lines added up", "money", total=False),
        Column("Difference", "money", total=False),
    )
    return Table("Do the lines add up to what was published?", columns, rows, sheet="Totals", folded=True)


def _sentences(page: PracticePage) -> list[Block]:
    found: list[Block] = [Heading("What happens to your income", 3)]
    for option in OPTIONS:
        said = dict.fromkeys(
            (held.sentence, held.status == "illustrative")
            for line in page.lines
            if line.amount.amount != 0
            for held in [line.destinations[option]]
        )
        items = tuple(f"{plain(text)}{f' {MARK}' if illustrative else ''}" for text, illustrative in said)
        found += [Heading(LABELS[option], 4), Bullets(items)]
    return found


def _staff(page: PracticePage) -> list[Block]:
    topics = list(dict.fromkeys(sentence.topic for option in OPTIONS for sentence in page.staff[option]))
    rows = tuple((topic, *(_told(_of_topic(page.staff[option], topic)) for option in OPTIONS)) for topic in topics)
    columns = (Column("Subject"), *(Column(LABELS[option]) for option in OPTIONS))
    bodies = tuple(f"**{plain(_body(s.topic))}**: {_text(s)}" for s in page.pension_access)
    return [
        Table("People", columns, rows, sheet="People"),
        Paragraph("Access to the NHS Pension Scheme depends on who employs:"),
        Bullets(bodies),
    ]


def _way_back(page: PracticePage) -> list[Block]:
    dates = page.way_back_dates
    words = "If the practice joined in full on" if dates.supposed else "The practice joined in full on"
    rows = tuple(
        (window.reactivate_on, window.last_day_for_notice, LIST_WORDS[window.list_goes_to]) for window in dates.windows
    )
    columns = (Column("Contract live again on", "date"), Column("Last day for notice", "date"), Column("The list"))
    options = tuple(f"**{LABELS[option]}**: {_text(page.way_back[option])}" for option in OPTIONS)
    blocks: list[Block] = [
        Bullets(options),
        Paragraph(f"{words} {dates.joined.day} {dates.joined:%B %Y}, these are its days:"),
        Table("When a suspended contract can be live again", columns, rows, sheet="Way back"),
        SummaryList((("Times the way back may still be used", dates.reactivations_left),), kind="number"),
        Heading("The rules behind these days", 3),
        Bullets(tuple(_text(rule) for rule in dates.rules)),
    ]
    return blocks


def _of_topic(sentences: tuple[Sentence, ...], topic: str) -> Sentence | None:
    return next((sentence for sentence in sentences if sentence.topic == topic), None)


def _told(sentence: Sentence | None) -> str:
    return "" if sentence is None else f"{_capital(sentence.text)}{f' {MARK}' if sentence.illustrative else ''}"


def _text(sentence: Sentence) -> str:
    return f"{plain(sentence.text)}{f' {MARK}' if sentence.illustrative else ''}"


def _short(key: str) -> str:
    return _capital(key.replace("_", " ").replace("mcp", "MCP"))


def _body(topic: str) -> str:
    return _capital(" ".join({"nhs": "NHS", "gp": "GP"}.get(word, word) for word in topic.split()))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _marked() -> Notice:
    words = f"What is marked {MARK} is an example, not confirmed by a published source; your own contract decides."
    return Notice("illustrative", words, "What is certain, and what is not")
