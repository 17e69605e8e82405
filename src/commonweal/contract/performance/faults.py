"""What can be wrong in a scheme of performance pay beyond the shape of its parts?

Everything that would stop it from paying, or make it pay what nobody meant, is told before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from commonweal.contract.clauses.clause import ClauseFault
from commonweal.contract.performance import rules

if TYPE_CHECKING:
    from commonweal.contract.performance.clause import PerformanceScheme

# Numbers beyond these would make arithmetic fail, and mean nothing.
FURTHEST_DIGIT = 15
PAIR = 2
WHOLE = Decimal(1)
MOST_INSTALMENTS = 366
SHARES = ("share",)
ABOVE_NOTHING = ("points", "band", "instalments", "national_list", "per", "scale")
COMPOSITE = (rules.BetterOf, rules.Consistency, rules.MeanOf)


def scheme_faults(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    """Every fault of a scheme."""
    shapes = list(_terms(scheme))
    yield from shapes
    names = list(_names(scheme))
    yield from names
    # Numbers are only compared where all of them are there.
    if not shapes and not names:
        yield from _numbers(scheme)


def _terms(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    for name, term in scheme.terms.items():
        for day, held in term.values.items():
            tables = held.value.values() if isinstance(held.value, dict) else [held.value]
            where = ("terms", name, "values", day.isoformat())
            if not tables:
                yield ClauseFault(where, held.value, "is an empty table.", "Write an entry.")
            for entry in tables:
                if problem := _wrong(entry):
                    yield ClauseFault(where, entry, *problem)


def _wrong(entry: Any) -> tuple[str, str] | None:
    if not isinstance(entry, list):
        return None if is_number(entry) else ("is not a number.", "Write a number in quotes.")
    for row in entry:
        if not isinstance(row, list) or len(row) != PAIR or not all(is_number(held) for held in row):
            return "is not a table of steps.", "Write [value, points] for each, in quotes."
    points = [Decimal(row[1]) for row in entry]
    values = [Decimal(row[0]) for row in entry]
    falling = values == sorted(values, reverse=True)
    if (
        not entry
        or points != sorted(set(points))
        or len(set(values)) < len(values)
        or not (falling or values == sorted(values))
    ):
        return "has steps out of order.", "Let points rise from step to step, and values rise or fall with them."
    return None


def is_number(entry: Any) -> bool:
    """Whether a value of YAML is a number that can be worked with."""
    if not isinstance(entry, str):
        return False
    try:
        number = Decimal(entry)
    except ArithmeticError:
        return False
    return number.is_finite() and abs(number.adjusted()) <= FURTHEST_DIGIT


def _names(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    for name in sorted(set(scheme.inputs) & set(scheme.measures)):
        yield ClauseFault(("inputs", name), name, "is a measure too.", "Name one of them otherwise.")
    for name in sorted(set(scheme.inputs) & set(scheme.terms)):
        yield ClauseFault(("inputs", name), name, "is a term too.", "Name one of them otherwise.")
    for path, named, there, what in _named(scheme):
        if named is not None and named not in there:
            yield ClauseFault(path, named, f"is no {what}.", f"There are {', '.join(there) or 'none'}.")
    for name, rule in scheme.scores.items():
        if isinstance(rule, rules.BetterOf):
            for part in rule.of:
                if isinstance(scheme.scores.get(part), COMPOSITE):
                    message = "is made of others itself."
                    yield ClauseFault(("scores", name, "of"), part, message, "Name scores of a value.")
        elif isinstance(rule, rules.Consistency | rules.MeanOf):
            for part in rule.of:
                held = scheme.measures.get(part)
                if held and isinstance(scheme.scores.get(held.score), rules.Consistency | rules.MeanOf):
                    message = "is made of other measures itself."
                    yield ClauseFault(("scores", name, "of"), part, message, "Name measures that have a value.")
    for name, term in scheme.terms.items():
        for day, value in term.values.items():
            strange = sorted(set(value.value) - set(scheme.measures)) if isinstance(value.value, dict) else []
            if strange:
                path = ("terms", name, "values", day.isoformat())
                yield ClauseFault(path, strange[0], "is no measure.", f"There are {', '.join(scheme.measures)}.")
    weights = {domain.weight is None for domain in scheme.domains.values()}
    if len(weights) > 1:
        yield ClauseFault(("domains",), list(scheme.domains), "have a weight only in part.", "Weigh all or none.")
    for name in scheme.domains:
        if not any(measure.domain == name for measure in scheme.measures.values()):
            yield ClauseFault(("domains", name), name, "has no measure.", "Let a measure name it, or take it out.")
    if scheme.interim and scheme.pay is None:
        yield ClauseFault(("interim",), scheme.interim.share, "goes with no pay.", "Say how the total is paid.")
    if scheme.interim and scheme.interim.of == "pool" and not isinstance(scheme.pay, rules.PoolPay):
        yield ClauseFault(("interim", "of"), "pool", "is a share of a pool there is not.", "Name an input.")
    if isinstance(scheme.pay, rules.PointsPay) and bool(scheme.pay.list) != bool(scheme.pay.national_list):
        yield ClauseFault(("pay",), "points", "has one list of two.", "Name list and national_list.")


Named = tuple[tuple[str, ...], str | None, Mapping[str, Any], str]


def _named(scheme: PerformanceScheme) -> Iterator[Named]:
    """Everything that names something: where, what, among which, and what those are."""
    terms, inputs = scheme.terms, scheme.inputs
    for name, rule in scheme.scores.items():
        for field in rule.refers:
            yield ("scores", name, field), getattr(rule, field), terms, "term"
        for part in getattr(rule, "of", ()):
            better = isinstance(rule, rules.BetterOf)
            there: Mapping[str, Any] = scheme.scores if better else scheme.measures
            yield ("scores", name, "of"), part, there, "score" if better else "measure"
    for name, measure in scheme.measures.items():
        yield ("measures", name, "score"), measure.score, scheme.scores, "score"
        yield ("measures", name, "domain"), measure.domain, scheme.domains, "domain"
        yield ("measures", name, "per"), measure.per, terms, "term"
        yield ("measures", name, "minimum_count"), measure.minimum_count, terms, "term"
    for name, domain in scheme.domains.items():
        for field in ("weight", "scale", "minimum_measures"):
            yield ("domains", name, field), getattr(domain, field), terms, "term"
    yield ("total", "minimum_domains"), scheme.total.minimum_domains, terms, "term"
    if scheme.interim:
        yield ("interim", "share"), scheme.interim.share, terms, "term"
        yield ("interim", "instalments"), scheme.interim.instalments, terms, "term"
        yield ("interim", "of"), scheme.interim.of, {"pool": None, **inputs}, "input"
    yield from _named_by_pay(scheme)


def _named_by_pay(scheme: PerformanceScheme) -> Iterator[Named]:
    pay, terms, inputs = scheme.pay, scheme.terms, scheme.inputs
    if isinstance(pay, rules.PoolPay):
        yield ("pay", "base"), pay.base, inputs, "input"
        yield ("pay", "share"), pay.share, terms, "term"
        for field in ("floor", "target", "steps"):
            yield ("pay", "exchange", field), getattr(pay.exchange, field, None), terms, "term"
        yield ("pay", "exchange", "slope"), getattr(pay.exchange, "slope", None), {**terms, **inputs}, "term or input"
    elif isinstance(pay, rules.PointsPay):
        yield ("pay", "value_of_point"), pay.value_of_point, terms, "term"
        yield ("pay", "list"), pay.list, inputs, "input"
        yield ("pay", "national_list"), pay.national_list, {**terms, **inputs}, "term or input"


def _numbers(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    yield from _shapes(scheme)
    for day in _days(scheme):
        yield from _weights_on(scheme, day)
        for name, measure in scheme.measures.items():
            for rule in _rules_of(scheme, measure.score):
                yield from _ends_on(scheme, name, rule, day)
    yield from _bounds(scheme)


def _bounds(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    """Shares lie between nothing and all; what is divided by, and what is counted, is more than nothing."""
    for path, term, _, _ in _named(scheme):
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
    for path, term, _, _ in _named(scheme):
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
