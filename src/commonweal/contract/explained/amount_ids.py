"""Under which lasting name can each amount be asked for?

An id is a path: what the amount is of, when, and which it is, as `settlement/2026-27/gain_share/counted` or
`statement/2026-05/paid/prescribing/paid-on/a81001`. Amounts are made only when one is asked for: a year has many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from heapq import nsmallest
from typing import Any

from commonweal.budget.care_budget import CareBudget
from commonweal.budget.records import budget_id
from commonweal.budget.whole_population_budget import QuarterBudget
from commonweal.contract.options import Options, Portions
from commonweal.contract.settlement.records import settlement_id, share_id
from commonweal.contract.settlement.settling import Settlement
from commonweal.contract.statement import DIRECTIONS, Statement
from commonweal.contract.statement_rows import entry_rows, slug
from commonweal.core.amounts import Line, total
from commonweal.core.errors import InputError

Amounts = Mapping[str, Callable[[], Line]]

NEAREST = 5
STEPS = ("baseline", "historic", "target")
PORTIONS = ("in_budget", "performance_pay", "stays_with_practices", "existing_contracts", "pooled_view")


def settlement_amounts(found: Settlement) -> dict[str, Callable[[], Line]]:
    """The inputs, terms and amounts of a settlement, and each party's share."""
    made = {settlement_id(found, name): _kept(line) for name, line in found.amounts.items()}
    return made | {share_id(found, party): _kept(line) for party, line in found.shares.items()}


def budget_amounts(
    care: CareBudget, options: Options, quarters: Mapping[str, tuple[QuarterBudget, ...]]
) -> dict[str, Callable[[], Line]]:
    """The cost of care step by step, what each option takes of it, and the quarters.

    Takes    quarters: by name of the option.
    """
    made = dict(_of_care(care))
    for held in options:
        for portion in PORTIONS:
            made |= _of_portion(care.year.label, held.name.replace("_", "-"), portion, held)
        for quarter in quarters.get(held.name, ()):
            name = slug(quarter.quarter.label.rsplit(" ", 1)[-1])
            path = (held.name.replace("_", "-"), name, quarter.convention)
            made[budget_id(care.year.label, "quarters", *path)] = _kept(quarter.amount)
            made[budget_id(care.year.label, "quarters", *path, "list-change")] = _kept(quarter.change)
    return made


def _of_care(care: CareBudget) -> Iterator[tuple[str, Callable[[], Line]]]:
    year = care.year.label
    yield budget_id(year, "cost_of_care"), lambda: care.total
    for code in care.practices:
        yield budget_id(year, "cost_of_care", "practices", code), _asked(care.of_practice, code)
    for code in care.neighbourhoods:
        yield budget_id(year, "cost_of_care", "neighbourhoods", code), _asked(care.of_neighbourhood, code)
    for held in care.lines:
        line = held.service_line.code
        yield budget_id(year, "cost_of_care", line), _asked(care.of_service_line, line)
        for step, column in (*((step, getattr(held, step)) for step in STEPS), ("cost_of_care", held.funded)):
            for code in care.practices:
                yield budget_id(year, step, line, code), _asked(column.at, code)


def _of_portion(year: str, option: str, portion: str, held: Any) -> dict[str, Callable[[], Line]]:
    whole: Portions = held.whole
    made: dict[str, Callable[[], Line]] = {budget_id(year, portion, option): _kept(getattr(whole, portion))}
    for line, portions in held.lines.items():
        column = getattr(portions, portion)
        for code in column.keys or ():
            made[budget_id(year, portion, option, line, code)] = _asked(column.at, code)
    return made


def statement_amounts(statement: Statement) -> dict[str, Callable[[], Line]]:
    """The rows of a month's statement, what they add up to, the month's payment and its performance pool."""
    month = statement.month.label
    made: dict[str, Callable[[], Line]] = {
        f"statement/{month}/payment": _kept(statement.payment),
        f"statement/{month}/pool": _kept(statement.pool),
    }
    for direction in DIRECTIONS:
        made[f"statement/{month}/{direction}"] = _asked(lambda d: getattr(statement.balance, d), direction)
        held = statement.of(direction)
        for line in dict.fromkeys(entry.service_line for entry in held):
            entries = [entry for entry in held if entry.service_line == line]
            made[f"statement/{month}/{direction}/{line}"] = _asked(_added, (f"{direction}, {line}", entries))
        for entry in held:
            for row in entry_rows(statement, entry):
                of = entry.column.at if entry.to_practices else _whole(entry)
                made[f"statement/{row['explanation_id']}"] = _asked(of, str(row["practice_code"]))
    return made


def _added(asked: tuple[str, list[Any]]) -> Line:
    name, entries = asked
    return total(name, *(entry.amount for entry in entries))


def _whole(entry: Any) -> Callable[[str], Line]:
    return lambda _: entry.amount


def _kept(line: Line) -> Callable[[], Line]:
    return lambda: line


def _asked(make: Callable[[Any], Line], of: Any) -> Callable[[], Line]:
    return lambda: make(of)


def amount_of(amounts: Amounts, wanted: str) -> tuple[str, Line]:
    """The amount of an id, with the id in full.

    Takes    wanted: the id, in capitals or not; parts may be left out where what is left fits one id only.
    Raises   InputError naming the nearest ids, or those that fit, when it is not one.
    """
    asked = _plain(wanted)
    by_plain = {_plain(held): held for held in amounts}
    if asked in by_plain:
        return by_plain[asked], amounts[by_plain[asked]]()
    fitting = [held for plain, held in by_plain.items() if _fits(asked.split("/"), plain.split("/"))]
    if len(fitting) == 1:
        return fitting[0], amounts[fitting[0]]()
    if fitting:
        more = f", and {len(fitting) - NEAREST:,} more" if len(fitting) > NEAREST else ""
        raise InputError(
            f"'{wanted}' fits {len(fitting):,} amounts: {', '.join(fitting[:NEAREST])}{more}.", mend="Name one."
        )
    there = ", ".join(nearest_ids(amounts, wanted)) or "none"
    raise InputError(f"'{wanted}' is the id of no amount.", mend=f"Nearest are: {there}.")


def nearest_ids(amounts: Amounts, wanted: str, most: int = NEAREST) -> list[str]:
    """The ids most like one that is not there, the nearest first."""
    asked = _plain(wanted)

    def far(held: str) -> tuple[float, str]:
        plain = _plain(held)
        shared = len(set(asked.split("/")) & set(plain.split("/")))
        matcher = SequenceMatcher(None, asked, plain, autojunk=False)
        # The quick bound sorts thousands of ids well enough; parts in common count first.
        return (-shared - matcher.quick_ratio(), held)

    return nsmallest(most, amounts, key=far)


def _plain(wanted: str) -> str:
    return wanted.strip().strip("/").casefold().replace("_", "-")


def _fits(asked: list[str], held: list[str]) -> bool:
    """Whether the parts asked for all are there, in order."""
    rest = iter(held)
    return all(part in rest for part in asked)
