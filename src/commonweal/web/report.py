"""What is in a place's report?

A small site that opens offline: an overview, then a page a subject, then one for each practice manager; the same as
one PDF and one spreadsheet.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from commonweal.build import Built
from commonweal.contract.journal import journal
from commonweal.place.participation import history_rows
from commonweal.web.document import Block, Bullets, Document, Heading, Meta, Notice, PageBreak, Paragraph, Tree
from commonweal.web.html import write_site
from commonweal.web.pages.budget import budget_blocks, illustrative_blocks, quarter_blocks
from commonweal.web.pages.findings import findings_blocks
from commonweal.web.pages.headlines import headline_blocks
from commonweal.web.pages.neighbourhood_map import map_picture
from commonweal.web.pages.neighbourhoods import neighbourhoods_blocks
from commonweal.web.pages.options import options_blocks
from commonweal.web.pages.participation import participation_blocks
from commonweal.web.pages.practice import practice_document
from commonweal.web.pages.statement import statement_blocks
from commonweal.web.pdf import write_pdf
from commonweal.web.workbook import write_workbook

FINDINGS_SHOWN_OF_A_RULE = 10
EXPLAINED_LEVELS = 2
PRACTICE_EXPLAINED_LEVELS = 4


def write_report(built: Built) -> list[Path]:
    """Write a place's report into out/report, whole or not at all.

    Returns  the overview, the PDF, the spreadsheet, the journal, then every other page.
    """
    final = built.opened.place.out / "report"
    making = final.with_name(f".report-{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    try:
        pages = report_pages(built)
        written = write_site(making, pages)
        whole = whole_document(built)
        others = [
            write_pdf(making / "report.pdf", whole),
            write_workbook(making / "report.xlsx", whole),
            _write_journal(making / "journal.beancount", built),
        ]
        shutil.rmtree(final, ignore_errors=True)
        making.rename(final)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    ordered = [written[0], *others, *written[1:]]
    return [final / path.relative_to(making) for path in ordered]


def _write_journal(path: Path, built: Built) -> Path:
    text = journal(built.statements, built.opened.parameters, title=built.opened.place.name)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def report_pages(built: Built) -> Mapping[str, Document]:
    """The report's pages by slug, in the order of its menu."""
    name, meta = built.opened.place.name, _meta(built)
    year = built.opened.year.label
    pages = {
        "index": Document("Overview", _overview(built), subtitle=f"{name}, {year}", meta=meta),
        "inputs": Document("Inputs", _inputs(built), subtitle=name, meta=meta),
        "neighbourhoods": Document("Neighbourhoods", _neighbourhoods(built), subtitle=name, meta=meta),
        "budget": Document("Budget", _budget(built), subtitle=f"{name}, {year}", meta=meta),
        "options": Document("Options", _options(built), subtitle=f"{name}, {year}", meta=meta),
        "statement": Document(
            "Statement", statement_blocks(built.statement), subtitle=f"{name}, {built.month.start:%B %Y}", meta=meta
        ),
        "practices": Document("Practices", _practices(built), subtitle=name, meta=meta),
    }
    for code in built.opened.place.practice_codes:
        pages[f"practices/{code.lower()}"] = _practice(built, code)
    return pages


def whole_document(built: Built) -> Document:
    """The report as one document, for PDF and spreadsheet; practice managers' pages are on the site."""
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("Overview", headline_blocks(built)),
        ("Neighbourhoods", _neighbourhoods(built)),
        ("Budget", _budget(built, trees=False)),
        ("Options", _options(built)),
        ("Statement", statement_blocks(built.statement)),
        ("Inputs", _inputs(built)),
    )
    blocks: list[Block] = []
    for title, part in parts:
        if blocks:
            blocks.append(PageBreak())
        blocks += [Heading(title), *(_deeper(block) for block in part)]
    place = built.opened.place
    return Document(place.name, tuple(blocks), subtitle=f"Whole report, {built.opened.year.label}", meta=_meta(built))


def _deeper(block: Block) -> Block:
    return Heading(block.text, 3, block.anchor) if isinstance(block, Heading) else block


def _meta(built: Built) -> Meta:
    manifest = built.store.manifest
    footer = (
        f"Built by Commonweal {manifest['commonweal']} from store {manifest['store']}. Figures marked † rest on at "
        "least one illustrative number. Not official NHS software."
    )
    return Meta(built.opened.place.name, footer=footer)


def _overview(built: Built) -> tuple[Block, ...]:
    return (
        *headline_blocks(built),
        Heading("What is here"),
        Bullets(
            (
                "[Inputs](page:inputs): what was published, and what the checks found",
                "[Neighbourhoods](page:neighbourhoods): the plan, its map, and the next-best plans",
                "[Budget](page:budget): the whole population budget, with everything it stands on",
                "[Options](page:options): virtual, partial and full side by side",
                "[Statement](page:statement): received, paid on, held and owed this month",
                "[Practices](page:practices): a page for each practice manager",
                "[The report as PDF](report.pdf), [as a spreadsheet](report.xlsx), and "
                "[the journal](journal.beancount) for an accounting tool",
            )
        ),
        *_which_is_which(built),
    )


def _which_is_which(built: Built) -> tuple[Block, ...]:
    real = [held.service_line.label for held in built.opened.care.lines if held.service_line.baseline == "attributable"]
    own = {row.service_line for row in built.opened.budget_inputs.local_spend}
    block = [held.service_line for held in built.opened.care.lines if held.service_line.baseline == "block"]
    national = [line.label for line in block if line.code not in own]
    local = [line.label for line in block if line.code in own]
    items = [f"**As paid to each practice**: {', '.join(real)}."]
    if local:
        items.append(f"**From the place's own ledger**: {', '.join(local)}.")
    if national:
        items.append(f"**National cost per head by need, not local spend**: {', '.join(national)}.")
    return (Heading("Which figures are which"), Bullets(tuple(items)))


def _inputs(built: Built) -> tuple[Block, ...]:
    return findings_blocks(built.opened.findings, most=FINDINGS_SHOWN_OF_A_RULE)


def _neighbourhoods(built: Built) -> tuple[Block, ...]:
    formed = built.formed
    return neighbourhoods_blocks(
        formed.formation,
        formed.names,
        national=formed.national,
        smallest_mcp=formed.smallest_mcp,
        picture=map_picture(formed),
    )


def _budget(built: Built, *, trees: bool = True) -> tuple[Block, ...]:
    shown = built.options.as_agreed if built.options.as_agreed.options else built.options.full
    scope = f"{shown.label}, {built.options.scope.label.lower()}"
    care = built.opened.care
    blocks: list[Block] = [
        *budget_blocks(care, shown.budget, scope),
        *quarter_blocks(built.quarters),
    ]
    if trees:
        blocks += [
            Heading("How the cost of care comes about"),
            Paragraph("Open a line to see what it stands on. Each practice's own page goes all the way down."),
            Tree(care.total, depth=EXPLAINED_LEVELS, names=care.names),
        ]
    return (*blocks, *illustrative_blocks(care))


def _options(built: Built) -> tuple[Block, ...]:
    rows = history_rows(built.opened.history)
    return (
        *options_blocks(built.options),
        Heading("Who takes part"),
        *participation_blocks(built.opened.care.names, rows),
    )


def _practices(built: Built) -> tuple[Block, ...]:
    names = built.opened.care.names
    items = tuple(
        f"[{code} {names[code].replace('[', '(').replace(']', ')')}](page:practices/{code.lower()})"
        for code in built.opened.place.practice_codes
    )
    return (
        Paragraph("What joining would mean: every income line of today, staff, pension, and the way back."),
        Bullets(items),
    )


def _practice(built: Built, code: str) -> Document:
    page = practice_document(built.opened.place.name, built.opened.practice_page(code))
    care = built.opened.care
    more: tuple[Block, ...] = (
        Heading("What the care of this practice's people should cost"),
        Notice("information", "This is the whole cost of care of the people on the list, not the practice's income."),
        Tree(care.of_practice(code), depth=PRACTICE_EXPLAINED_LEVELS, names=care.names),
    )
    return Document(page.title, (*page.blocks, *more), subtitle=page.subtitle, meta=_meta(built))
