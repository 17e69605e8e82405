"""What is due for a month of service, given the facts that are known?

The same rules as a month's statement, with what facts change laid over lists, participation and scope. A month in which
something changes is paid part by part, by days, unless the calendar counts whole months. What is due depends on the
facts as a set, so it is the same whatever the order in which they became known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from commonweal.budget.care_budget import CareBudget, care_budget
from commonweal.budget.clauses import Convention
from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.month_columns import month_columns
from commonweal.contract.options import AS_AGREED, OptionBudget, option_budget
from commonweal.contract.paid_on import Entry, entries_of_budget, entries_of_pool
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.statement import (
    convention_in_use,
    notes_on,
    payment_of_month,
    pool_of_month,
    pooled_view,
    terms_of_lines,
)
from commonweal.contract.year.applied import (
    Days,
    counted,
    in_force,
    parts_of_month,
    scope_with,
    taking_part,
)
from commonweal.contract.year.calendar import CalendarTerms
from commonweal.contract.year.disputes import PAYMENTS, after_disputes
from commonweal.contract.year.facts import Fact
from commonweal.core.amounts import Line, given, given_column, less, over, pennies, times, total
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period, months
from commonweal.place.participation.events import History, Option

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a year of payments is worked out from, apart from facts.

    payers    names of the commissioners by type; convention: how list changes count, otherwise as the parameters say
    shares    the contract's gain and loss shares
    """

    year: Period
    inputs: BudgetInputs
    history: History
    parameters: Parameters
    calendar: CalendarTerms
    payers: Mapping[str, str] = field(default_factory=dict)
    convention: Convention | None = None
    shares: tuple[GainLossShare, ...] = ()

    @property
    def months(self) -> tuple[Period, ...]:
        """The months of service of the year: those that begin with the contract in force."""
        start = self.history.contract_start
        return tuple(month for month in months(self.year) if start is None or month.start >= start)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for one month of service, or for one settlement of the year.

    served    the month; for a settlement the year, labelled by what is settled
    entries   one for each direction, purpose, party and service line; columns by practice
    options   of each practice that takes part on the first day; pooled: the pooled view by line; notes for a reader
    """

    served: Period
    entries: Mapping[Key, Entry]
    options: Mapping[str, Option] = field(default_factory=dict)
    pooled: Mapping[str, Line] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def key_of(entry: Entry) -> Key:
    """What makes two entries of one month of service the same."""
    return (entry.direction, entry.purpose, entry.party, entry.service_line)


def by_key(entries: Iterable[Entry]) -> dict[Key, Entry]:
    """Entries by key, those of one key added up, those of nothing left out."""
    found: dict[Key, Entry] = {}
    for entry in entries:
        key = key_of(entry)
        if key in found:
            column = total(entry.column.name, found[key].column, entry.column)
            found[key] = replace(found[key], column=column)
        elif any(amount != 0 for amount in entry.column.by_key().values()):
            found[key] = entry
    return found


@dataclass(frozen=True, slots=True)
class _PartOfMonth:
    """What is agreed in a part of a month, and the month's columns by service line if all of it were so."""

    agreed: OptionBudget
    budgets: dict[str, Line]
    pools: dict[str, Line]


class Dues:
    """What is due for any month of a setting under any set of facts; each worked out once."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._cares: dict[tuple[Fact, ...], tuple[BudgetInputs, CareBudget]] = {}
        self._parts: dict[object, _PartOfMonth] = {}
        self._before: dict[tuple[Period, tuple[Fact, ...]], Due] = {}
        self._due: dict[tuple[Period, tuple[Fact, ...]], Due] = {}

    def month(self, month: Period, facts: tuple[Fact, ...]) -> Due:
        """What is due for a month, disputed sums paid or withheld as the calendar says.

        Takes    facts: those that stand.
        """
        bearing = _bearing_on(month, facts, self.setting.year, disputes=True)
        key = (month, bearing)
        if key not in self._due:
            found = self.undisputed(month, facts)
            moved = after_disputes(found.entries.values(), facts, self.setting.year, self.setting.calendar)
            self._due[key] = replace(found, entries=by_key(moved))
        return self._due[key]

    def undisputed(self, month: Period, facts: tuple[Fact, ...]) -> Due:
        """What would be due for a month if nothing were in dispute."""
        bearing = _bearing_on(month, facts, self.setting.year, disputes=False)
        key = (month, bearing)
        if key not in self._before:
            self._before[key] = self._worked_out(month, bearing)
        return self._before[key]

    def care(self, facts: tuple[Fact, ...]) -> tuple[BudgetInputs, CareBudget]:
        """The inputs with the lists that are known, and the year's cost of care on them."""
        lists = tuple(fact for fact in facts if fact.kind == "list_count")
        if lists not in self._cares:
            inputs = counted(self.setting.inputs, lists)
            self._cares[lists] = (inputs, care_budget(inputs, self.setting.year, self.setting.parameters))
        return self._cares[lists]

    def _worked_out(self, month: Period, facts: tuple[Fact, ...]) -> Due:
        setting = self.setting
        _, care = self.care(facts)
        terms = terms_of_lines(care, setting.parameters, month, setting.payers)
        budgets, pools = self._blended(month, facts)
        advance = self._pool_in_advance(month, facts)
        entries: list[Entry] = []
        for held in care.lines:
            line = held.service_line
            entries += entries_of_budget(line, budgets[line.code], terms[line.code], month)
            base = advance.get(line.code)
            unpaid = given("no performance pay in advance this month", "0", unit="share of the performance pool")
            own = terms[line.code] if base is not None else replace(terms[line.code], interim_share=unpaid)
            made = entries_of_pool(line, pools[line.code] if base is None else base, own, month)
            entries += made if base is None or base is pools[line.code] else _with_pool(made, pools[line.code])
        first = self._part(parts_of_month((), month, "months")[0], month, facts).agreed
        number = months(setting.year).index(month)
        view = pooled_view(first, number)
        return Due(month, by_key(entries), first.options, view, notes_on(first.options))

    def pool(self, month: Period, facts: tuple[Fact, ...]) -> dict[str, Line]:
        """The performance pool received for a month, by service line; columns by practice."""
        return self._blended(month, _bearing_on(month, facts, self.setting.year, disputes=False))[1]

    def _pool_in_advance(self, month: Period, facts: tuple[Fact, ...]) -> dict[str, Line]:
        """The pool whose interim share goes on in a month: that of the months since the last such month."""
        paying = self.setting.calendar.numbers("interim_months", month.start)
        if month.start.month not in paying:
            return {}
        since: list[Period] = []
        for earlier in reversed([held for held in self.setting.months if held < month]):
            if earlier.start.month in paying:
                break
            since.insert(0, earlier)
        own = self.pool(month, facts)
        if not since:
            return own
        held = [self.pool(earlier, facts) for earlier in since]
        return {code: total(f"{c.name}, since {since[0]}", *(h[code] for h in held), c) for code, c in own.items()}

    def _blended(self, month: Period, facts: tuple[Fact, ...]) -> tuple[dict[str, Line], dict[str, Line]]:
        """The month's columns of the budget and of the pool by service line, its parts blended by their days."""
        parts = parts_of_month(facts, month, self.setting.calendar.word("part_month", month.start))
        held = [self._part(part, month, facts) for part in parts]
        if len(held) == 1:
            return held[0].budgets, held[0].pools
        shares = [_share_of_month(part, month) for part in parts]
        return _by_days([h.budgets for h in held], shares), _by_days([h.pools for h in held], shares)

    def _part(self, part: Days, month: Period, facts: tuple[Fact, ...]) -> _PartOfMonth:
        """The budget of a part of a month, and the columns that the whole month would have if all of it were so."""
        setting = self.setting
        lists = tuple(fact for fact in facts if fact.kind == "list_count")
        changes = tuple(fact for fact in facts if fact.kind in ("participation", "scope"))
        key = (part, month, lists, changes)
        if key not in self._parts:
            inputs, care = self.care(facts)
            taken = taking_part(setting.history, changes, part.start, setting.parameters)
            agreed = option_budget(care, scope_with(setting.parameters, changes, part.start), taken, AS_AGREED)
            number = months(setting.year).index(month)
            listed = setting.calendar.numbers("list_change_quarters", setting.year.start)
            lists_in_force = in_force(inputs, setting.year, number // 3 + 1, listed)
            convention = setting.convention or convention_in_use(setting.parameters, setting.year)
            payment = payment_of_month(agreed, lists_in_force, setting.parameters, convention, number)
            year, pool = pool_of_month(agreed, number)
            budgets = month_columns(agreed.budget.in_budget, agreed.budget.total, payment)
            pools = month_columns(agreed.budget.performance_pay, year, pool)
            self._parts[key] = _PartOfMonth(agreed, budgets, pools)
        return self._parts[key]


def _by_days(held: list[dict[str, Line]], shares: list[Line]) -> dict[str, Line]:
    """Columns by service line, each part of the month by its share of the days."""
    found = {}
    for code, column in held[0].items():
        weighted = [times(share.name, part[code], share) for part, share in zip(held, shares, strict=True)]
        found[code] = pennies(column.name, total(f"{column.name}, by days", *weighted))
    return found


def _with_pool(made: list[Entry], received: Line) -> list[Entry]:
    """The entries of a pool of several months, with what this month received and what that leaves held."""
    found = []
    paid = [entry.column for entry in made if entry.direction in ("paid", "owed")]
    for entry in made:
        column = entry.column
        if entry.direction == "received":
            column = received
        if entry.direction == "held":
            column = less(column.name, received, total("paid in advance", *paid)) if paid else received
        found.append(replace(entry, column=column))
    return found


def _share_of_month(part: Days, month: Period) -> Line:
    whole = given("days of the month", (month.end - month.start).days, unit="days")
    return over(f"days from {part.start} ÷ days of the month", given("days", part.length, unit="days"), whole)


def _bearing_on(month: Period, facts: Iterable[Fact], year: Period, *, disputes: bool) -> tuple[Fact, ...]:
    """The facts that can change what is due for a month."""
    found = []
    raised = f"{PAYMENTS}/{year.label}/{month.label}/"
    own = set()
    for fact in facts:
        if (fact.kind == "list_count" and fact.effective_from <= month.start) or (
            fact.kind in ("participation", "scope") and fact.effective_from < month.end
        ):
            found.append(fact)
        if disputes and fact.kind == "dispute" and fact.subject.startswith(raised):
            own.add(fact.fact_id)
            found.append(fact)
    found += [fact for fact in facts if disputes and fact.kind == "dispute_resolved" and fact.subject in own]
    return tuple(found)


def nothing_like(column: Line) -> Line:
    """A column of nothing with the keys of another."""
    return given_column("nothing", dict.fromkeys(column.keys or (), Decimal(0)), working="nothing")
