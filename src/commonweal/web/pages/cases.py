"""What does a reader see of whom teams might visit, without any person in it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonweal.web.document import Block, Cell, Column, Document, Illustrative, Meta, Notice, Paragraph, Table, plain

HIDDEN = "hidden"
CAUTION = (
    "Matched studies of teams for people at high risk found no early fall in admissions. "
    "What might be avoided rests on what experts thought a whole country could avoid by 2039/40; "
    "use it to put people in order and test what comes of it."
)


def cases_document(place: str, record: Mapping[str, Any], folder: str) -> Document:
    """Hours, how many they reach, what they are expected to bring, who is set aside, and by which rules.

    Takes    record: as cases_record() returns; folder: where the list of pseudonyms is.
    """
    blocks: list[Block] = [
        Paragraph(
            f"People in order of their risk of an emergency admission ({record['model']}) times the share of it that "
            "could be changed, for each hour they take of a team.",
            lead=True,
        ),
        Notice("illustrative", CAUTION),
        _teams(record),
        _set_aside(record),
        _rules(record),
        Paragraph(f"The list itself, by pseudonym and for the teams alone: {plain(folder)}"),
    ]
    return Document("Whom to see", tuple(blocks), subtitle=f"{place}, {record['on']}", meta=Meta(place=place))


def _teams(record: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            held["team"] if held["team"] == held["name"] else f"{held['team']} {held['name']}",
            held["hours"],
            held["hours_used"],
            _hidden(held["candidates"]),
            held["chosen"],
            _hidden(held["expected_admitted"]),
            *(_marked(held[f"avoided_{one}"]) for one in ("low", "central", "high")),
            _marked(held["next_hour_avoids"]),
            _marked(held["best_possible_adds_at_most"]),
        )
        for held in record["teams"]
    )
    columns = (
        Column("Team"),
        Column("Hours", "number", places=0, total=False),
        Column("Used", "number", places=0, total=False),
        Column("Could be seen", "people", total=False),
        Column("Chosen", "people", total=False),
        Column("Admitted if not seen", "number", places=1, total=False),
        Column("low", "number", places=1, group="Might be avoided", total=False),
        Column("central", "number", places=1, group="Might be avoided", total=False),
        Column("high", "number", places=1, group="Might be avoided", total=False),
        Column("Next hour avoids", "number", places=4, total=False),
        Column("Best choice adds at most", "number", places=2, total=False),
    )
    note = "People admitted at least once in the 12 months from the day. The next hour is part of one more person."
    return Table("What the hours reach", columns, rows, note=note, sheet="Teams")


def _set_aside(record: Mapping[str, Any]) -> Table:
    rows = tuple(
        (held["label"], _hidden(held["people"]), _hidden(held["as_high_as_chosen"]), held["instead"])
        for held in record["set_aside"]
    )
    columns = (
        Column("Set aside"),
        Column("People", "people", total=False),
        Column("With a risk as high as those chosen", "people", total=False),
        Column("Who sees them instead"),
    )
    known = "the caseload given" if record["caseload_given"] else "contacts of a community team in the last 30 days"
    note = (
        f"The first reason that holds counts. Who is on a caseload is known by {known}. Those of high risk are in the "
    )
    note += "list with their reason, but for those who have opted out."
    return Table("Who is not on the list", columns, rows, note=note, sheet="Set aside")


def _rules(record: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            held["label"],
            *(_marked(held[one]) for one in ("low", "central", "high")),
            _marked(held["hours"]),
            _hidden(held["chosen"]),
        )
        for held in record["rules"]
    )
    columns = (
        Column("Rule"),
        Column("low", "share", places=1, group="Share of the risk", total=False),
        Column("central", "share", places=1, group="Share of the risk", total=False),
        Column("high", "share", places=1, group="Share of the risk", total=False),
        Column("Hours", "number", places=1, total=False),
        Column("Chosen", "people", total=False),
    )
    return Table("By which rule", columns, rows, note="The first rule that holds counts.", sheet="Rules")


def _hidden(value: Any) -> Cell:
    return HIDDEN if value is None else value


def _marked(value: Any) -> Cell:
    return HIDDEN if value is None else Illustrative(value)
