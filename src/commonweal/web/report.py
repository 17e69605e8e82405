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
from commonweal.place.participation.states import history_rows
from commonweal.web.document import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Link,
    Meta,
    PageBreak,
    Paragraph,
    Table,
    Tree,
    plain,
)
from commonweal.web.html import write_site
from commonweal.web.pages.budget import budget_blocks, illustrative_blocks, quarter_blocks
from commonweal.web.pages.findings import findings_blocks
from commonweal.web.pages.headlines import (
    checks_notice,
    headline_blocks,
    headline_figures,
    parts_tables,
    scope_words,
    shown_option,
)
from commonweal.web.pages.neighbourhood_map import map_picture
from commonweal.web.pages.neighbourhoods import neighbourhoods_blocks
from commonweal.web.pages.options import options_blocks, options_chart
from commonweal.web.pages.participation import participation_blocks
from commonweal.web.pages.place_contract import PAGES, contract_pages
from commonweal.web.pages.population import population_blocks
from commonweal.web.pages.practice import practice_document
from commonweal.web.pages.statement import statement_blocks
from commonweal.web.pages.year import year_blocks
from commonweal.web.pdf import write_pdf
from commonweal.web.workbook import write_workbook

FINDINGS_SHOWN_OF_A_RULE = 10
EXPLAINED_LEVELS = 2
EXPLAINED = "cost-of-care"


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
        "neighbourhoods": Document("Neighbourhoods", _neighbourhoods(built), subtitle=name, meta=meta),
        **_population_page(built, name, meta),
        "budget": Document("Budget", _budget(built), subtitle=f"{name}, {year}", meta=meta),
        "options": Document("Options", _options(built), subtitle=f"{name}, {year}", meta=meta),
        "statement": Document(
            "Statement", statement_blocks(built.statement), subtitle=f"{name}, {built.month.start:%B %Y}", meta=meta
        ),
        **_contract_pages(built, name, meta),
        "payments": Document(
            "Year of payments", year_blocks(built.opened.payments.year()), subtitle=f"{name}, {year}", meta=meta
        ),
        "practices": Document("Practices", _practices(built), subtitle=name, meta=meta),
        "inputs": Document("Inputs", _inputs(built), subtitle=name, meta=meta),
    }
    for code in built.opened.place.practice_codes:
        pages[f"practices/{code.lower()}"] = _practice(built, code)
    return pages


def _contract_pages(built: Built, name: str, meta: Meta) -> dict[str, Document]:
    if built.contract is None:
        return {}
    subtitle = f"{name}, {built.contract.contract.agreement.label}"
    held = contract_pages(built.contract)
    return {slug: Document(PAGES[slug], blocks, subtitle=subtitle, meta=meta) for slug, blocks in held.items()}


def whole_document(built: Built) -> Document:
    """The report as one document, for PDF and spreadsheet; practice managers' pages are on the site."""
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("Overview", headline_blocks(built)),
        ("Neighbourhoods", _neighbourhoods(built)),
        *((("Population", population_blocks(built.population)),) if built.population else ()),
        ("Budget", _budget(built, trees=False)),
        ("Options", _options(built)),
        ("Statement", statement_blocks(built.statement)),
        ("Year of payments", year_blocks(built.opened.payments.year())),
        *((PAGES[slug], blocks) for slug, blocks in (contract_pages(built.contract) if built.contract else {}).items()),
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
        "least one illustrative figure. Not official NHS software."
    )
    return Meta(built.opened.place.name, footer=footer)


def _overview(built: Built) -> tuple[Block, ...]:
    place, year = built.opened.place, built.opened.year.label
    lead = (
        f"What the care of everyone registered with the practices of {plain(place.name)} should cost in {year}, how "
        "much of it comes into one budget under each contract option, and who is paid what."
    )
    population = "the [population](page:population) at a glance; " if built.population else ""
    boards = _for_boards(built)
    return (
        Paragraph(lead, lead=True),
        headline_figures(built),
        *checks_notice(built),
        Heading("The three options"),
        options_chart(built.options),
        Heading("The neighbourhoods"),
        *parts_tables(built),
        Heading("Where to look"),
        Bullets(
            (
                "**Commissioners and finance**: the [budget](page:budget), with everything it stands on; the "
                "[options](page:options) side by side; this month's [statement](page:statement)",
                "**Practice managers and partners**: [your practice's page](page:practices): each income line, staff, "
                "pension, and the way back",
                "**Boards**: the [neighbourhoods](page:neighbourhoods) on a map, and the [options](page:options)"
                f"{boards}",
                f"**Analysts**: {population}the [inputs](page:inputs), and what the checks on them found",
                "**To take away**: [the whole report as PDF](report.pdf), [as a spreadsheet](report.xlsx), and "
                "[the month's journal](journal.beancount) for an accounting tool",
            )
        ),
        *_which_is_which(built),
    )


def _for_boards(built: Built) -> str:
    there = contract_pages(built.contract) if built.contract else {}
    words = {"risk": "[who bears the risk](page:risk)", "gain-and-loss": "[gain and loss](page:gain-and-loss)"}
    found = [text for slug, text in words.items() if slug in there]
    return f"; {' and '.join(found)}" if found else ""


def _which_is_which(built: Built) -> tuple[Block, ...]:
    real = [held.service_line.label for held in built.opened.care.lines if held.service_line.baseline == "attributable"]
    own = {row.service_line for row in built.opened.budget_inputs.local_spend}
    block = [held.service_line for held in built.opened.care.lines if held.service_line.baseline == "block"]
    national = [line.label for line in block if line.code not in own]
    local = [line.label for line in block if line.code in own]
    items = [f"**Published payments to each practice**: {', '.join(real)}."]
    if local:
        items.append(f"**From the place's own ledger**: {', '.join(local)}.")
    if national:
        items.append(f"**Estimates from national costs per head and need, not local spend**: {', '.join(national)}.")
    return (Heading("Where the figures come from"), Bullets(tuple(items)))


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


def _population_page(built: Built, name: str, meta: Meta) -> dict[str, Document]:
    """The population's page; none where the place has no record of its people."""
    if built.population is None:
        return {}
    return {"population": Document("Population", population_blocks(built.population), subtitle=name, meta=meta)}


def _budget(built: Built, *, trees: bool = True) -> tuple[Block, ...]:
    shown, care = shown_option(built), built.opened.care
    names = {code: held.name for code, held in built.opened.place.neighbourhoods.items()}
    lead = (
        "**Cost of care** is what the care of these people should cost in the year. The **whole population budget** is "
        "the part of it that the MCP is given as one sum. **Performance pay** is earned by results."
    )
    blocks: list[Block] = [
        Paragraph(lead),
        *budget_blocks(care, shown.budget, scope_words(built), neighbourhood_names=names),
        *quarter_blocks(built.quarters),
    ]
    if trees:
        blocks += [
            Heading("How the cost of care comes about"),
            Paragraph(
                "Open a service line to see it practice by practice. Follow a practice to its own page, which goes all "
                "the way down to the published numbers."
            ),
            Tree(
                care.total,
                f"Cost of care, {care.year.label}",
                depth=EXPLAINED_LEVELS,
                names=care.names,
                links={code: f"page:practices/{code.lower()}#{EXPLAINED}" for code in care.practices},
            ),
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
    care, agreed = built.opened.care, built.options.as_agreed.options
    home = {code: n for n in built.formed.formation.neighbourhoods for code in n.practice_codes}
    rows = tuple(
        (
            Link(care.names[code], f"page:practices/{code.lower()}"),
            code,
            f"{home[code].code} {home[code].name}" if code in home else None,
            agreed.get(code, "stays out").capitalize(),
        )
        for code in built.opened.place.practice_codes
    )
    columns = (Column("Practice"), Column("Code", "code"), Column("Neighbourhood"), Column("Option agreed"))
    words = "Each practice has a page: every income line of today and where it goes, staff, pension, and the way back."
    return (Paragraph(words), Table("Practices", columns, rows))


def _practice(built: Built, code: str) -> Document:
    page = practice_document(built.opened.place.name, built.opened.practice_page(code))
    care = built.opened.care
    more: tuple[Block, ...] = (
        Heading("What the care of this practice's people should cost", anchor=EXPLAINED),
        Paragraph(
            "This is the whole cost of care of the people on the list, not the practice's income. Open a line to see "
            "what it stands on, down to numbers that somebody published."
        ),
        Tree(care.of_practice(code), names=care.names),
    )
    return Document(page.title, (*page.blocks, *more), subtitle=page.subtitle, meta=_meta(built))
