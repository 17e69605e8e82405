"""What does a reader see of the register of assurance, and of an evidence pack?"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from commonweal.contract.assurance.pack import PackFile
from commonweal.contract.assurance.register import Entry, Register
from commonweal.web.document import Block, Cell, Column, Document, Heading, Link, Notice, Paragraph, Table, plain


def assurance_document(held: Register) -> Document:
    """The register: each stage, each question with finding and answer, and where the questions are from."""
    return Document("Assurance", tuple(assurance_blocks(held)), subtitle=f"{held.place}, {held.on}")


def pack_document(held: Register, files: Sequence[PackFile]) -> Document:
    """The index of a pack: the register, then every file with its SHA-256 and what it is evidence for."""
    blocks = (*assurance_blocks(held), Heading("Files of this pack"), _files(files))
    return Document("Evidence pack", blocks, subtitle=f"{held.place}, {held.on}")


def assurance_blocks(held: Register) -> list[Block]:
    """The register as blocks of a document."""
    return [
        Paragraph(_lead(held), lead=True),
        *(_override(entry) for entry in held.entries if entry.overridden),
        _stages(held),
        _questions(held),
        _sources(held),
    ]


def _lead(held: Register) -> str:
    said = "; ".join(f"{found.stage.label.lower()} is **{found.rating}**" for found in held.stages)
    return f"On {held.on}, {said}. A stage is as good as its worst question."


def _override(entry: Entry) -> Notice:
    assert entry.found is not None
    assert entry.answer is not None
    text = (
        f"The system finds it {entry.found.rating}: {entry.found.text} {entry.answer.owner} rates it "
        f"{entry.answer.rating}: {entry.answer.note}"
    )
    return Notice("warning", plain(text), title=entry.question.question)


def _stages(held: Register) -> Table:
    columns = (
        Column("Stage"),
        Column("When"),
        Column("Who"),
        Column("Rating"),
        *(Column(name.capitalize(), "number", total=False) for name in held.stages[0].counts),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (found.stage.label, found.stage.when, found.stage.who, found.rating, *found.counts.values())
        for found in held.stages
    )
    return Table("Stages", columns, rows, sheet="Stages")


def _questions(held: Register) -> Table:
    asked: dict[str, list[str]] = {}
    for found in held.stages:
        for entry in found.entries:
            asked.setdefault(entry.question.code, []).append(found.stage.label)
    several = len(held.stages) > 1
    columns = (
        Column("Question"),
        Column("Code", "code"),
        Column("Rating"),
        Column("The system found"),
        Column("People answered"),
        *((Column("Asked at"),) if several else ()),
    )
    rows = tuple(
        (*_question(entry), *((", ".join(asked[entry.question.code]),) if several else ())) for entry in held.entries
    )
    note = "The rating is the person's where there is one, the system's otherwise."
    return Table("Questions", columns, rows, note=note, sheet="Questions")


def _question(entry: Entry) -> tuple[Cell, ...]:
    found = f"{entry.found.rating}: {entry.found.text}" if entry.found else ""
    return (entry.question.question, entry.question.code, entry.rating, found, _answer(entry))


def _answer(entry: Entry) -> str:
    if entry.answer is None:
        return ""
    said = f"{entry.answer.rating}, {entry.answer.owner}, {entry.answer.on}"
    old = " (old)" if entry.old else ""
    note = f": {entry.answer.note}" if entry.answer.note else ""
    evidence = f" Evidence: {', '.join(entry.answer.evidence)}" if entry.answer.evidence else ""
    return f"{said}{old}{note}{evidence}"


def _sources(held: Register) -> Table:
    columns = (Column("Code", "code"), Column("A good answer"), Column("Status"), Column("Source"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (e.question.code, e.question.good, e.question.status, _source(e)) for e in held.entries
    )
    note = "Published: the source asks it, or tells of the failure. Illustrative: Commonweal's own question or wording."
    return Table("What a good answer is, and who asks", columns, rows, note=note, sheet="Sources", folded=True)


def _source(entry: Entry) -> Cell:
    source = entry.question.source
    return Link(str(source), source.url) if source.url.startswith("https://") else str(source)


def _files(files: Sequence[PackFile]) -> Table:
    columns = (
        Column("File"),
        Column("What it is"),
        Column("Evidence for"),
        Column("Bytes", "number"),
        Column("SHA-256", "code"),
    )
    rows = tuple(
        (
            Link(held.file, quote(held.file)),
            held.title,
            ", ".join(held.questions) or "all questions",
            len(held.content),
            held.digest,
        )
        for held in files
    )
    return Table("Files", columns, rows, sheet="Files")
