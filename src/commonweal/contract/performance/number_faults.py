"""Do the numbers of a scheme of performance pay fit each other on every day they hold?

Asked once every name in the scheme is there: tables have the entries that are asked of them, weights are one, shares
are shares, and points run the way the measure says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from commonweal.contract.clauses.clause import ClauseFault
from commonweal.contract.performance import rules
from commonweal.contract.performance.names import named_in

if TYPE_CHECKING:
    from commonweal.contract.performance.clause import PerformanceScheme

WHOLE = Decimal(1)
MOST_INSTALMENTS = 366
SHARES = ("share",)
ABOVE_NOTHING = ("points", "band", "instalments", "national_list", "per", "scale")


def number_faults(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    """Every fault of the numbers of a scheme whose names are all there."""
    yield from _shapes(scheme)
    for day in _days(scheme):
        yield from _weights_on(scheme, day)
        for name, measure in scheme.measures.items():
            for rule in _rules_of(scheme, measure.score):
                yield from _ends_on(scheme, name, rule, day)
    yield from _bounds(scheme)


def _bounds(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    """Shares lie between nothing and all; what is divided by, and what is counted, is more than nothing."""
    for path, term, _, _ in named_in(scheme):
        if term not in scheme.terms or path[-1] not in (*SHARES, *ABOVE_NOTHING):
            continue
        for day, held in scheme.terms[term].values.items():
            where = ("terms", term, "values", day.isoformat())
            entries = held.value.values() if isinstance(held.value, dict) else [held.value]
            for number in [Decimal(entry) for entry in entries if isinstance(entry, str)]:
                if path[-1] in SHARES and not 0 <= number <= 1:
                    yield ClauseFault(where, str(number), "is no share.", "Write one between 0 and 1.")
                elif path[-1] in ABOVE_NOTHING and number <= 0:
                    yield ClauseFault(where, str(number), "is not more than nothing.", "Write more than 0.")
                elif path[-1] == "instalments" and (number % 1 or number > MOST_INSTALMENTS):
                    yield ClauseFault(where, str(number), "is no number of instalments.", "Write 12, or 4.")
    exchange = scheme.pay.exchange if isinstance(scheme.pay, rules.PoolPay) else None
    if isinstance(exchange, rules.BySteps):
        for day, held in scheme.terms[exchange.steps].values.items():
            if isinstance(held.value, list) and Decimal(held.value[0][0]) > Decimal(held.value[-1][0]):
                where = ("terms", exchange.steps, "values", day.isoformat())
                yield ClauseFault(where, held.value, "pays less for more.", "Let shares of the total rise.")
    if isinstance(exchange, rules.Between):
        for day in _days(scheme):
            floor, target = (scheme.parameters[term].on(day).number() for term in (exchange.floor, exchange.target))
            if floor >= target:
                message = f"has no way from its floor {floor} to its target {target} on {day}."
                yield ClauseFault(("pay", "exchange"), exchange.rule, message, "Let the target be higher.")


def _shapes(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    """A table by measure is used only by measures and has an entry for each; steps are steps and the rest numbers."""
    used: dict[tuple[str, bool], set[str]] = {}
    for name, measure in scheme.measures.items():
        for rule in _rules_of(scheme, measure.score):
            # The ends of a consistency are those of its dimensions; its points are its own.
            entries = rule.of if isinstance(rule, rules.Consistency) else (name,)
            for field in rule.refers:
                of = (name,) if field == "points" else entries
                used.setdefault((getattr(rule, field), field == "steps"), set()).update(of)
        for term in (measure.per, measure.minimum_count):
            if term:
                used.setdefault((term, False), set()).add(name)
    exchange = scheme.pay.exchange if isinstance(scheme.pay, rules.PoolPay) else None
    for path, term, _, _ in named_in(scheme):
        if path[0] in ("domains", "total", "pay", "interim") and term in scheme.terms:
            steps = path[-1] == "steps" and isinstance(exchange, rules.BySteps)
            used.setdefault((str(term), steps), set()).add("")
    for (term, steps), measures in sorted(used.items()):
        for day, held in scheme.terms[term].values.items():
            where = ("terms", term, "values", day.isoformat())
            yield from _entries(where, held.value, steps, sorted(measures))


def _entries(where: tuple[str, ...], value: Any, steps: bool, measures: list[str]) -> Iterator[ClauseFault]:
    wanted = "a table of steps" if steps else "one number"
    if not isinstance(value, dict):
        if isinstance(value, list) != steps:
            yield ClauseFault(where, value, f"is not {wanted}.", "Write what its use asks for.")
        return
    for measure in measures:
        if measure not in value:
            mend = f"Add one for {measure}." if measure else "Write one number."
            yield ClauseFault(where, sorted(value), "is a table without the entry that is asked for.", mend)
        elif isinstance(value[measure], list) != steps:
            yield ClauseFault((*where, measure), value[measure], f"is not {wanted}.", "Write what its use asks for.")


def _days(scheme: PerformanceScheme) -> list[date]:
    """The days on which anything changes, once every term holds."""
    first = max((min(term.values) for term in scheme.terms.values()), default=date.min)
    return sorted({first} | {day for term in scheme.terms.values() for day in term.values if day > first})


def _weights_on(scheme: PerformanceScheme, day: date) -> Iterator[ClauseFault]:
    weights = [scheme.parameters[domain.weight].on(day).value for domain in scheme.domains.values() if domain.weight]
    if weights and all(isinstance(weight, str) for weight in weights):
        numbers = [Decimal(weight) for weight in weights]
        if sum(numbers) != WHOLE or min(numbers) < 0:
            message = f"have weights of {sum(numbers)} in all on {day}."
            yield ClauseFault(("domains",), list(scheme.domains), message, "Let them be 1 together, none below 0.")


def _rules_of(scheme: PerformanceScheme, score: str) -> list[rules.AnyRule]:
    rule = scheme.scores[score]
    return [scheme.scores[part] for part in rule.of] if isinstance(rule, rules.BetterOf) else [rule]


def _ends_on(scheme: PerformanceScheme, name: str, rule: rules.AnyRule, day: date) -> Iterator[ClauseFault]:
    entries = rule.of if isinstance(rule, rules.Consistency) else (name,)
    if isinstance(rule, rules.Stepped) and scheme.measures[name].direction == "less":
        held = scheme.parameters[rule.steps].on(day).value
        rows = held.get(name) if isinstance(held, dict) else held
        if isinstance(rows, list) and len(rows) == 1:
            message = f"has one step on {day}, which would be reached from above."
            yield ClauseFault(("measures", name, "direction"), "less", message, "Write two steps or more.")
    for entry in entries:
        ends = _ends(scheme, entry, rule, day)
        if ends is None:
            continue
        low, high = ends
        said = scheme.measures[entry].direction
        path = ("measures", entry, "direction")
        if low == high:
            message = f"has one value, {low}, where points begin and where they end, on {day}."
            yield ClauseFault(path, said, message, "Let them differ.")
        elif said and (said == "more") != (high > low):
            message = f"goes against its points, which run from {low} to {high} on {day}."
            yield ClauseFault(path, said, message, "Turn one of them.")


def _ends(scheme: PerformanceScheme, name: str, rule: rules.AnyRule, day: date) -> tuple[Decimal, Decimal] | None:
    if isinstance(rule, rules.Stepped):
        held = scheme.parameters[rule.steps].on(day).value
        rows = held.get(name) if isinstance(held, dict) else held
        return (Decimal(rows[0][0]), Decimal(rows[-1][0])) if isinstance(rows, list) and len(rows) > 1 else None
    if rule.ends is None:
        return None
    found = []
    for field in rule.ends:
        held = scheme.parameters[getattr(rule, field)].on(day).value
        number = held.get(name) if isinstance(held, dict) else held
        if not isinstance(number, str):
            return None
        found.append(Decimal(number))
    return found[0], found[1]
