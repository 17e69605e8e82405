"""By how much does what is due now differ from what was accounted for, and because of which fact?

    adjustment = what is due with the fact − what was due without it

New facts are taken one by one in order of id, so each adjustment has one fact, and together they come to what is now
due less what closed statements have accounted for. A difference that no fact explains is one of files or terms that
changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from commonweal.contract.paid_on import Entry
from commonweal.contract.year.due import Due, Key, nothing_like
from commonweal.contract.year.facts import RESERVED, Fact
from commonweal.core.amounts import Line, less, total
from commonweal.core.periods import Period, month


@dataclass(frozen=True, slots=True)
class YearEntry:
    """An entry of a year's statement, and what it adjusts for: a fact's id, `inputs`, or nothing."""

    entry: Entry
    adjusts: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What is due once one more fact is known; no fact for what was known at the last closing."""

    fact: Fact | None
    due: Due


def accounted(entries: Iterable[YearEntry]) -> dict[str, dict[Key, Entry]]:
    """What statements have accounted for, by month of service and key."""
    found: dict[str, dict[Key, list[Entry]]] = {}
    for held in entries:
        entry = held.entry
        key = (entry.direction, entry.purpose, entry.party, entry.service_line)
        found.setdefault(entry.served.label, {}).setdefault(key, []).append(entry)
    return {
        served: {
            key: entries[0]
            if len(entries) == 1
            else replace(entries[0], column=total("accounted for so far", *(entry.column for entry in entries)))
            for key, entries in of.items()
        }
        for served, of in found.items()
    }


def adjustments(
    served: Period, before: Mapping[Key, Entry], steps: Sequence[Step], stage: Period
) -> tuple[YearEntry, ...]:
    """The adjustments of one month of service, to be accounted for in a later statement.

    Takes    before: what is accounted for; steps: what is due as facts are added, the first with those known before;
             stage: the month of the statement; what is owed is paid in it at the earliest.
    """
    found: list[YearEntry] = []
    held: Mapping[Key, Entry] = before
    for step in steps:
        if held is step.due.entries:
            continue
        for key in sorted({*held, *step.due.entries}):
            entry = step.due.entries.get(key) or held[key]
            column = _difference(key, held, step)
            if any(amount != 0 for amount in column.by_key().values()):
                payable = max(entry.payable, month(f"{stage.start:%Y-%m}")) if entry.payable else None
                changed = replace(entry, column=column, served=served, payable=payable)
                found.append(YearEntry(changed, step.fact.fact_id if step.fact else RESERVED))
        held = step.due.entries
    return tuple(found)


def _difference(key: Key, held: Mapping[Key, Entry], step: Step) -> Line:
    after = step.due.entries[key].column if key in step.due.entries else nothing_like(held[key].column)
    before = held[key].column if key in held else nothing_like(after)
    label = f"adjustment of {step.due.served.label}"
    if step.fact is None:
        return less(label, after, before, "now due − accounted for before; files or terms changed since")
    fact = step.fact
    kind = fact.kind.replace("_", " ")
    told = f"fact {fact.fact_id}, {kind} of {fact.subject}, known on {fact.known_on}, {fact.source}"
    return less(label, after, before, f"now due − accounted for before, for {told}")
