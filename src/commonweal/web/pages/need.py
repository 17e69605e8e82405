"""What does a reader see of the need of a place's people, by neighbourhood and practice?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from commonweal.need.profile import (
    GROUP,
    LEVEL,
    NEIGHBOURHOOD,
    PLACE,
    PRACTICE,
    SEGMENT,
    NeedProfile,
    ProfileRow,
)
from commonweal.web.document import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Illustrative,
    Meta,
    Notice,
    Paragraph,
    Table,
    plain,
)

PEOPLE = Column("People", "people", total=False)
SHARE = Column("Share", "share", places=1, total=False)
AGE = Column("Mean age", "number", unit="years", places=0, total=False)
COST = Column("Cost per head", "pounds", unit="£ a year", total=False)
TITLES = {LEVEL: "Levels of need", SEGMENT: "Core Segments", GROUP: "Groups by kind of need"}
SCORES = {
    "cambridge_score": "Cambridge Multimorbidity Score",
    "electronic_frailty_category": "Category of the electronic frailty index",
}
RULE = (
    "Levels and groups follow rules of Commonweal's own, which a place may change: need_levels.yaml, need_groups.yaml."
)


def need_profile_document(place: str, profile: NeedProfile, *, names: Mapping[str, str] | None = None) -> Document:
    """Levels, segments and groups of a place's people, why they are at their level, and the same by area.

    Takes    names: of neighbourhoods, by code.
    """
    blocks: list[Block] = [_lead(profile)]
    if profile.synthetic:
        blocks.append(Notice("illustrative", "These people are made up; nothing here is about anybody."))
    blocks.append(_levels(profile))
    blocks.append(_reasons(profile))
    blocks += [_whole(profile, grouping) for grouping in (SEGMENT, GROUP)]
    for kind, title in ((NEIGHBOURHOOD, "By neighbourhood"), (PRACTICE, "By practice")):
        if profile.of(kind, LEVEL):
            blocks.append(Heading(title))
            blocks += [_by_area(profile, kind, grouping, names or {}) for grouping in (LEVEL, SEGMENT, GROUP)]
    blocks += _source(profile)
    blocks.append(Paragraph(f"{plain(RULE)} Counts of {profile.hidden_text} people are hidden, others rounded."))
    return Document("What people need", tuple(blocks), subtitle=f"{place}, {profile.on}", meta=Meta(place=place))


def _lead(profile: NeedProfile) -> Paragraph:
    levels = {row.group: row for row in profile.of(PLACE, LEVEL)}
    high, ongoing = (_percent(levels[level].share, profile) for level in ("4", "3"))
    return Paragraph(f"**{high}** of people have the highest needs, **{ongoing}** ongoing needs.", lead=True)


def _percent(share: Decimal | None, profile: NeedProfile) -> str:
    return profile.hidden_text if share is None else f"{share * 100:.1f} %"


def _levels(profile: NeedProfile) -> Table:
    typical = {held.level: held for held in profile.typical}

    def said(level: str) -> str:
        held = typical.get(level)
        if held is None:
            return ""
        verdict = {True: ", and it is", False: ", and it is not", None: ""}[held.within]
        return f"{held.at_least * 100:.0f} to {held.at_most * 100:.0f} %{verdict}"

    rows = tuple(
        (f"{row.group} {row.label}", *_cells(row, profile), said(row.group)) for row in profile.of(PLACE, LEVEL)
    )
    columns = (Column("Level"), PEOPLE, SHARE, AGE, COST, Column("Share thought typical"))
    return Table(TITLES[LEVEL], columns, rows, sheet="Levels")


def _whole(profile: NeedProfile, grouping: str) -> Table:
    rows = tuple((row.label, *_cells(row, profile)) for row in profile.of(PLACE, grouping))
    return Table(TITLES[grouping], (Column("Group"), PEOPLE, SHARE, AGE, COST), rows, sheet=TITLES[grouping][:31])


def _reasons(profile: NeedProfile) -> Table:
    rows = tuple((held.level, held.because, _shown(held.people, profile)) for held in profile.reasons)
    columns = (Column("Level", "code"), Column("Because"), PEOPLE)
    note = "The first row that applies counts, so a person is in one row alone."
    return Table("Why people are at their level", columns, rows, note=note, row_header=1, sheet="Reasons")


def _by_area(profile: NeedProfile, kind: str, grouping: str, names: Mapping[str, str]) -> Table:
    areas: dict[str, list[ProfileRow]] = {}
    for row in profile.of(kind, grouping):
        code = row.area.practice_code if kind == PRACTICE else row.area.neighbourhood_code
        areas.setdefault(str(code), []).append(row)
    groups = [_short(row) for row in next(iter(areas.values()))]
    second = {
        code: mine[0].area.neighbourhood_code or "" if kind == PRACTICE else names.get(code, "")
        for code, mine in areas.items()
    }
    named = any(second.values())
    columns = [Column(kind.capitalize(), "code")]
    columns += [Column("Neighbourhood" if kind == PRACTICE else "Name")] if named else []
    columns.append(PEOPLE)
    columns += [Column(name, "share", places=1, total=False, group="Share of people") for name in groups]
    if grouping != GROUP:
        columns += [Column(name, "number", places=0, total=False, group="Mean age") for name in groups]
        columns += [Column(name, "pounds", total=False, group="Cost per head") for name in groups]
    rows = []
    for code, mine in areas.items():
        cells: list[Cell] = [code, second[code]] if named else [code]
        cells.append(_shown(mine[0].people_of_area, profile))
        cells += [_shown(row.share, profile) for row in mine]
        if grouping != GROUP:
            cells += [_shown(row.mean_age, profile) for row in mine]
            cells += [_shown(row.cost_per_head, profile) for row in mine]
        rows.append(tuple(cells))
    sheet = f"{TITLES[grouping].split(' ')[0]} {kind}"
    return Table(TITLES[grouping], tuple(columns), tuple(rows), sheet=sheet)


def _short(row: ProfileRow) -> str:
    return {LEVEL: f"Level {row.group}", SEGMENT: row.group}.get(row.grouping, row.label)


def _source(profile: NeedProfile) -> list[Block]:
    held = [row for row in profile.source if row.compared != 0]
    if not held:
        return []
    rows = tuple(
        (SCORES[row.score], *(_shown(count, profile) for count in (row.compared, row.same, row.higher, row.lower)))
        for row in held
    )
    columns = (
        Column("Score"),
        *(Column(name, "people", total=False) for name in ("Compared", "Same", "Ours higher", "Ours lower")),
    )
    note = "Ours is kept. The source's may be of an earlier month, or by other codes."
    return [
        Heading("Against the source's own scores"),
        Table("Scores that the source gives", columns, rows, note=note, sheet="Source"),
    ]


def _cells(row: ProfileRow, profile: NeedProfile) -> Sequence[Cell]:
    return tuple(_shown(value, profile) for value in (row.people, row.share, row.mean_age, row.cost_per_head))


def _shown(value: Decimal | int | None, profile: NeedProfile) -> Cell:
    if value is None:
        return profile.hidden_text
    return Illustrative(value) if profile.synthetic and value else value
