"""What can be wrong in a scheme of performance pay beyond the shape of its parts?

Everything that would stop it from paying, or make it pay what nobody meant, is told before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from commonweal.contract.clauses.clause import ClauseFault
from commonweal.contract.performance import rules
from commonweal.contract.performance.names import named_in
from commonweal.contract.performance.number_faults import number_faults

if TYPE_CHECKING:
    from commonweal.contract.performance.clause import PerformanceScheme

# Numbers beyond these would make arithmetic fail, and mean nothing.
FURTHEST_DIGIT = 15
PAIR = 2
COMPOSITE = (rules.BetterOf, rules.Consistency, rules.MeanOf)


def scheme_faults(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    """Every fault of a scheme."""
    shapes = list(_terms(scheme))
    yield from shapes
    names = list(_names(scheme))
    yield from names
    # Numbers are only compared where all of them are there.
    if not shapes and not names:
        yield from number_faults(scheme)


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
    return None if points[-1] > 0 else ("has steps to nothing.", "Let the last step be more than 0.")


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
    for path, named, there, what in named_in(scheme):
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
    yield from _protected(scheme)
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


def _protected(scheme: PerformanceScheme) -> Iterator[ClauseFault]:
    for name, measure in scheme.measures.items():
        of_others = isinstance(scheme.scores.get(measure.score), rules.Consistency | rules.MeanOf)
        if of_others and scheme.missing_rule(name) == "protect":
            mend = "Let it reweight, or count zero; protect the measures it is made of."
            yield ClauseFault(("measures", name, "missing"), "protect", "has no last value of its own.", mend)
