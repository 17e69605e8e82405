"""What does a reader see of the neighbourhoods?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from commonweal.place.formation.forming import NationalNetworks
from commonweal.place.formation.neighbourhoods import Alternative, Formation
from commonweal.web.document import (
    Block,
    Bullets,
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
from commonweal.web.pages.neighbourhood_map import map_block
from commonweal.web.picture import Picture

SHOWN_CHARGE_KM = 0.00005
STATUS_WORDS = {
    "proven optimum": "Proven: no plan within the bounds is more compact.",
    "gap": "Within the bounds; a more compact plan may exist, by no more than the gap.",
    "relaxed": "The bounds cannot be met. This is the nearest plan that exists.",
}


def neighbourhoods_document(
    place_name: str,
    formation: Formation,
    names: Mapping[str, str],
    *,
    national: Sequence[NationalNetworks],
    smallest_mcp: int,
    picture: Picture | None = None,
) -> Document:
    """The plan, its map, how sure it is, and the next-best plans.

    Takes    names: practice names by code; national: how England's networks stood, in order of time;
             smallest_mcp: people an MCP should at least serve.
    """
    blocks = neighbourhoods_blocks(formation, names, national=national, smallest_mcp=smallest_mcp, picture=picture)
    return Document(f"Neighbourhoods of {place_name}", blocks, meta=Meta(place_name))


def neighbourhoods_blocks(
    formation: Formation,
    names: Mapping[str, str],
    *,
    national: Sequence[NationalNetworks],
    smallest_mcp: int,
    picture: Picture | None = None,
) -> tuple[Block, ...]:
    """The plan as blocks for any document."""
    blocks: list[Block] = [_figures(formation), *_warnings(formation, smallest_mcp)]
    if picture is not None:
        blocks.append(map_block(formation, picture))
    blocks += [_table(formation, names), _members(formation, names)]
    blocks += [Heading("How good is this plan?"), _how_sure(formation)]
    if formation.notes:
        blocks.append(Bullets(tuple(plain(note) for note in formation.notes)))
    blocks += [Paragraph(f"**Beside England's own networks.** {_comparison(formation, national)}")]
    blocks += _alternatives(formation, names)
    return tuple(blocks)


def _people(formation: Formation) -> int:
    return sum(n.people for n in formation.neighbourhoods)


def _figures(formation: Formation) -> Figures:
    bounds = f"{formation.in_band.within} of {formation.smallest:,} to {formation.largest:,} people"
    distance = _km(formation.km_per_patient)
    return Figures(
        (
            Figure("Neighbourhoods", len(formation.neighbourhoods), "number", note=bounds),
            Figure("Registered people", _people(formation), "people"),
            Figure("Average distance to the hub", distance, "number", note="km, in a straight line", places=2),
        )
    )


def _warnings(formation: Formation, smallest_mcp: int) -> list[Block]:
    found: list[Block] = []
    if _people(formation) < smallest_mcp:
        text = (
            f"This place has {_people(formation):,} registered people. An MCP is generally {smallest_mcp:,} or more: "
            "think of joining with a neighbouring place."
        )
        found.append(Notice("warning", text, "Small for an MCP"))
    if formation.status == "relaxed":
        found.append(Notice("warning", STATUS_WORDS["relaxed"], "Outside the bounds"))
    return found


def _table(formation: Formation, names: Mapping[str, str]) -> Table:
    rows = tuple(
        (
            n.code,
            n.name,
            n.people,
            len(n.practice_codes),
            names.get(n.hub_code, n.hub_code),
            _km(n.mean_km),
            _band_words(n.outside_people),
        )
        for n in formation.neighbourhoods
    )
    columns = (
        Column("Code", "code"),
        Column("Neighbourhood"),
        Column("People", "people"),
        Column("Practices", "number"),
        Column("Hub practice"),
        Column("Average to hub", "number", unit="km", places=2, total=False),
        Column("Size"),
    )
    practices = sum(len(n.practice_codes) for n in formation.neighbourhoods)
    total = ("All", "", _people(formation), practices, "", _km(formation.km_per_patient), "")
    return Table("Neighbourhoods", columns, rows, total, row_header=1, sheet="Neighbourhoods")


def _band_words(outside: int) -> str:
    if outside == 0:
        return "within bounds"
    return f"{outside:,} too many" if outside > 0 else f"{-outside:,} too few"


def _how_sure(formation: Formation) -> SummaryList:
    known = formation.gap is not None or formation.status != "gap"
    sure = STATUS_WORDS[formation.status] if known else "Within the bounds; whether it is the most compact is unknown."
    rows: list[tuple[str, str]] = [("How sure", sure), ("Method", formation.method)]
    charge = formation.cost_km - formation.km_per_patient
    rows.append(("Average distance to the hub", f"{formation.km_per_patient:.2f} km for each patient"))
    if charge > SHOWN_CHARGE_KM:
        words = f"counted as {charge:.2f} km for each patient, which the plan weighs against distance"
        rows.append(("Splitting a primary care network", words))
    if formation.bound_km is not None:
        words = f"{formation.cost_km:.4f} km; no plan can be below {formation.bound_km:.4f} km"
        rows.append(("Both together", words))
    if formation.gap is not None:
        rows.append(("Gap to the best there can be", f"{formation.gap:.2%}"))
    if formation.pcns_split:
        rows.append(("Primary care networks split", ", ".join(formation.pcns_split)))
    return SummaryList(tuple(rows))


def _comparison(formation: Formation, national: Sequence[NationalNetworks]) -> str:
    now = formation.pcn_in_band
    england = "; ".join(
        f"{held.in_band:.0%} were within the bounds in {held.on.year}, {held.below:.0%} below, {held.above:.0%} above"
        for held in national
    )
    own = now.below + now.within + now.above
    return (
        f"Of all primary care networks, {england}. Of this place's {own} networks as they stand, {now.within} "
        f"{'is' if now.within == 1 else 'are'} within the bounds; of the plan's {len(formation.neighbourhoods)} "
        f"neighbourhoods, {formation.in_band.within}."
    )


def _members(formation: Formation, names: Mapping[str, str]) -> Table:
    rows = tuple(
        (f"{n.code} {n.name}", code, names.get(code, ""), "hub" if code == n.hub_code else "")
        for n in formation.neighbourhoods
        for code in n.practice_codes
    )
    columns = (Column("Neighbourhood"), Column("Practice", "code"), Column("Name"), Column("Role"))
    return Table("Practices by neighbourhood", columns, rows, row_header=1, sheet="Members", folded=True)


def _alternatives(formation: Formation, names: Mapping[str, str]) -> list[Block]:
    if not formation.alternatives:
        return []
    rows = tuple(
        (number, _km(other.more_km_per_patient, 4), other.neighbourhoods, _moves(other, names))
        for number, other in enumerate(formation.alternatives, start=1)
    )
    columns = (
        Column("Plan", "number"),
        Column("Worse by", "number", unit="km", places=4, total=False),
        Column("Neighbourhoods", "number", total=False),
        Column("Practices that move"),
    )
    note = "Worse by: distance to the hub and splitting of networks together, for each patient."
    return [Table("The next-best plans", columns, rows, note=note, sheet="Next best", folded=True)]


def _moves(other: Alternative, names: Mapping[str, str]) -> str:
    moved = (f"{names.get(m.practice_code, m.practice_code)}, {m.from_code} to {m.to_code}" for m in other.moves)
    return "; ".join(moved) or "none"


def _km(value: float, places: int = 2) -> Decimal:
    return Decimal(f"{value:.{places}f}")
