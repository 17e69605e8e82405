"""What is due when a year is settled: performance pay on its results, and a gain or loss shared?

Performance pay: each practice's pool of the year times the share its results earned, less what went on in advance. What
was not earned goes back to who paid it or stays with the MCP, as the calendar says. A gain or loss is what the
contract's clauses say once every input is known. Both are due for the year, not for a month of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from commonweal.budget.service_lines import ServiceLine
from commonweal.contract.paid_on import INTERIM, MCP, PERFORMANCE_PAY, POOL, Entry, entries_of_pool
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import settled
from commonweal.contract.statement import terms_of_lines
from commonweal.contract.year.due import Due, Dues, Setting, by_key, nothing_like
from commonweal.contract.year.facts import Fact
from commonweal.core.amounts import Line, Source, given, given_column, less, pennies, split, times, to_penny, total
from commonweal.core.periods import Period

PERFORMANCE = "performance-pay"
GAIN_AND_LOSS = "gain-and-loss"
GAIN_LINE = "gain_and_loss"
SETTLEMENT = "gain or loss share"
WHOLE = ""


def performance_due(dues: Dues, facts: tuple[Fact, ...]) -> Due:
    """What is due once results are known: nothing for lines and practices without a score."""
    setting = dues.setting
    served = Period(setting.year.start, setting.year.end, PERFORMANCE)
    entries: list[Entry] = []
    scored = [fact for fact in facts if fact.kind == "performance_score" and fact.effective_from in setting.year]
    if not scored:
        return Due(served, {})
    _, care = dues.care(facts)
    last = setting.months[-1]
    terms = terms_of_lines(care, setting.parameters, last, setting.payers)
    before = [dues.undisputed(month, facts) for month in setting.months]
    pools = [dues.pool(month, facts) for month in setting.months]
    for held in care.lines:
        line = held.service_line
        scores = _scores(line, scored, care.practices)
        if not line.moves_to_performance_pay or not scores:
            continue
        # A pool is split by the providers of the last month; its terms hold for the year.
        whole = given("all of what is earned", "1", unit="share of the performance pool")
        own = replace(terms[line.code], interim_share=whole, arrears_months=0)
        earned = _earned(line, total(f"{line.label}, pool of the year", *(p[line.code] for p in pools)), scores)
        after = entries_of_pool(line, earned, own, served)
        entries += _trued_up(line, after, before, scores, setting, served)
    return Due(served, by_key(entries))


def _scores(line: ServiceLine, scored: Iterable[Fact], practices: Iterable[str]) -> dict[str, Fact]:
    """The score of each practice that has one: its own, otherwise the line's; the latest holds."""
    latest = {fact.subject: fact for fact in sorted(scored, key=lambda f: (f.effective_from, f.fact_id))}
    found = {}
    for code in practices:
        fact = latest.get(f"{line.code}/{code}") or latest.get(line.code)
        if fact is not None:
            found[code] = fact
    return found


def _earned(line: ServiceLine, pool: Line, scores: Mapping[str, Fact]) -> Line:
    sources = sorted({f"{fact.source} (fact {fact.fact_id})" for fact in scores.values()})
    shares = {code: Decimal(scores[code].value) if code in scores else Decimal(0) for code in pool.keys or ()}
    score = given_column(
        f"{line.label}, share earned", shares, unit="share of the pool", source=Source("; ".join(sources))
    )
    return pennies(f"{line.label}, earned", times(f"{line.label}, pool × share earned", pool, score))


def _trued_up(
    line: ServiceLine,
    after: list[Entry],
    before: Iterable[Due],
    scores: Mapping[str, Fact],
    setting: Setting,
    served: Period,
) -> list[Entry]:
    """What results make due, less what the months had of it, for the practices that have a score."""
    own = [e for due in before for e in due.entries.values() if e.service_line == line.code]
    keys = after[0].column.keys or ()
    marked = {code: Decimal(code in scores) for code in keys}
    known = given_column("1 where results are known", marked, unit="ratio", working="0 for practices without a score")
    advanced: dict[str, list[Line]] = {}
    for entry in own:
        if entry.purpose == INTERIM:
            advanced.setdefault(entry.party, []).append(times("in advance", entry.column, known))
    received = [times("received", e.column, known) for e in own if e.purpose == PERFORMANCE_PAY]
    nothing = nothing_like(after[0].column)
    pool = total(f"{line.label}, received in the year", *received) if received else nothing
    found = []
    for entry in after:
        if entry.direction == "paid":
            paid = advanced.pop(entry.party, [])
            base = total(f"{entry.column.name}, in advance", *paid) if paid else nothing
            column = less(f"{entry.column.name}, on results", entry.column, base, "earned less paid in advance")
            found.append(replace(entry, purpose="performance pay on results", column=column))
    for party, paid in sorted(advanced.items()):
        # Somebody who was paid in advance and provides the line no more.
        column = less(f"{line.label} from {party}", nothing, total("in advance", *paid), "paid in advance, given back")
        found.append(Entry("paid", "performance pay on results", party, line.code, column, served))
    kept = setting.calendar.word("unearned_performance_pay", setting.year.start) == "kept"
    back = nothing if kept else less(f"{line.label}, not earned", after[0].column, pool, "earned less received")
    paid_on = total(f"{line.label}, on results", *(e.column for e in found)) if found else nothing
    held = less(f"{line.label}, released", back, paid_on, "what no longer waits for results")
    return [
        replace(after[0], purpose="performance pay not earned", column=back),
        *found,
        Entry("held", POOL, MCP, line.code, held, served),
    ]


def gain_loss_due(setting: Setting, facts: tuple[Fact, ...]) -> Due:
    """What the contract's gain and loss shares pay; nothing for a clause until each of its inputs is known."""
    served = Period(setting.year.start, setting.year.end, GAIN_AND_LOSS)
    entries: list[Entry] = []
    for clause in setting.shares:
        inputs = settlement_inputs(clause, [fact for fact in facts if fact.effective_from in setting.year])
        needed = {name for name, held in clause.inputs.items() if not held.optional}
        if needed <= set(inputs):
            values = {name: _input(clause, name, fact) for name, fact in inputs.items()}
            found = settled(clause, values, setting.year.start)
            payment = to_penny(clause.label, found.payment)
            entries += _shared(clause, payment, found.shares, setting, served)
    return Due(served, by_key(entries))


def _input(clause: GainLossShare, name: str, fact: Fact) -> Line:
    held = clause.inputs[name]
    return given(held.label, fact.value, unit=held.unit, source=Source(fact.source, f"fact {fact.fact_id}"))


def settlement_inputs(clause: GainLossShare, facts: Iterable[Fact]) -> dict[str, Fact]:
    """The facts that give a clause its inputs, by name: those that name the clause hold before those that do not."""
    held = sorted((f for f in facts if f.kind == "settlement_input"), key=lambda f: (f.effective_from, f.fact_id))
    latest = {fact.subject: fact for fact in held}
    names = {name: latest.get(f"{clause.name}/{name}") or latest.get(name) for name in clause.inputs}
    return {name: fact for name, fact in names.items() if fact is not None}


def _shared(
    clause: GainLossShare, payment: Line, shares: Mapping[str, Line], setting: Setting, served: Period
) -> list[Entry]:
    """A gain received and paid on to its parties, or a loss the other way; what is nobody else's stays with the MCP."""
    one = given_column("the MCP as a whole", {WHOLE: 1}, unit="weight")
    received = split(clause.label, payment, one)
    payer = str(setting.payers.get("ICB", "commissioner"))
    paid = [
        Entry(
            "paid", SETTLEMENT, party, GAIN_LINE, split(f"{clause.label}, {party}", to_penny(party, line), one), served
        )
        for party, line in sorted(shares.items())
        if party.lower() != "mcp"
    ]
    left = (
        less(f"{clause.label}, the MCP's", received, total("others' shares", *(e.column for e in paid)))
        if paid
        else received
    )
    return [
        Entry("received", SETTLEMENT, payer, GAIN_LINE, received, served),
        *paid,
        Entry("held", SETTLEMENT, MCP, GAIN_LINE, left, served),
    ]


def settlement_dues(dues: Dues, facts: tuple[Fact, ...]) -> tuple[Due, Due]:
    """What is due for the year beside its months: performance pay, and gain or loss."""
    return performance_due(dues, facts), gain_loss_due(dues.setting, facts)
