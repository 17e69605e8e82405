"""What is received, paid, held and owed through a year, as its facts become known?

One statement per payment month, then the settlement. Each accounts for the months of service that it is the first to
reach; the first open one also adjusts earlier months for what became known since they were closed. So

    what all statements account for = what is due for the months + what is due at settlement

to the penny, by practice and service line, whatever the order in which facts arrived. A closed statement is what was
kept of it; facts never change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from commonweal.contract.paid_on import PERFORMANCE_PAY, Entry
from commonweal.contract.statement import DIRECTIONS, Statement, balanced, convention_in_use
from commonweal.contract.year.adjustments import Step, YearEntry, accounted, adjustments
from commonweal.contract.year.closed_entries import closed_rows, entries_of_closed
from commonweal.contract.year.closing import Closed
from commonweal.contract.year.due import Due, Dues, Setting
from commonweal.contract.year.facts import Fact, standing
from commonweal.contract.year.settling import GAIN_AND_LOSS, GAIN_LINE, PERFORMANCE, gain_loss_due, performance_due
from commonweal.core.amounts import Line, given, summed, total
from commonweal.core.errors import InputError
from commonweal.core.periods import Period, months_later

SETTLEMENT = "settlement"
SETTLEMENTS_AT_MOST = 24


@dataclass(frozen=True, slots=True)
class YearStatement:
    """One statement of the year, with what it adjusts; closed where it was kept."""

    name: str
    statement: Statement
    entries: tuple[YearEntry, ...]
    served: tuple[str, ...]
    closed: Closed | None

    @property
    def adjusted(self) -> Line:
        """The part of received that adjusts earlier months."""
        columns = [held.entry.column for held in self.entries if held.adjusts and held.entry.direction == "received"]
        lines = [summed(column.name, column) for column in columns]
        return total("adjustments received", *lines) if lines else given("adjustments received", "0")


@dataclass(frozen=True, slots=True)
class YearOfPayments:
    """The statements of a year, the settlement last, and the facts they stand on.

    facts   those known, by id; standing: those of them that no other corrects or withdraws
    """

    setting: Setting
    known_on: date | None
    facts: tuple[Fact, ...]
    standing: tuple[Fact, ...]
    statements: tuple[YearStatement, ...]

    def named(self, name: str) -> YearStatement | None:
        """The statement of a month or settlement; None where the year has none."""
        return next((held for held in self.statements if held.name == name), None)

    @property
    def first_open(self) -> YearStatement | None:
        """The statement in which whatever becomes known next is accounted for."""
        return next((held for held in self.statements if held.closed is None), None)

    def up_to(self, month: Period) -> tuple[Statement, ...]:
        """The statements up to that of a month, each sum once: adjustments for several facts are added up.

        Raises   InputError for a month without a statement of its own.
        """
        names = [held.name for held in self.statements]
        if month.label not in names:
            there = ", ".join(name for name in names if not name.startswith(SETTLEMENT))
            raise InputError(f"{month.label} has no statement of its own.", mend=f"There are {there}.")
        held = self.statements[: names.index(month.label) + 1]
        return tuple(_each_once(made.statement for made in held))

    def totals(self) -> dict[tuple[str, str, str], Decimal]:
        """The year by direction, service line and practice."""
        found: dict[tuple[str, str, str], Decimal] = {}
        for held in self.statements:
            for made in held.entries:
                for code, amount in made.entry.column.by_key().items():
                    key = (made.entry.direction, made.entry.service_line, code)
                    found[key] = found.get(key, Decimal(0)) + amount
        return {key: amount for key, amount in sorted(found.items()) if amount}


def _each_once(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements with each sum once, also where a later one pays what is owed."""
    made: dict[int, Entry] = {}
    for statement in statements:
        found: dict[object, list[Entry]] = {}
        for entry in statement.entries:
            key = (entry.direction, entry.purpose, entry.party, entry.service_line, entry.served, entry.payable)
            found.setdefault(key, []).append(entry)
        entries = []
        for held in found.values():
            column = held[0].column if len(held) == 1 else total(held[0].column.name, *(e.column for e in held))
            entries.append(replace(held[0], column=column))
            made.update((id(entry), entries[-1]) for entry in held)
        settles = {id(made[id(entry)]): made[id(entry)] for entry in statement.settles}
        yield replace(statement, entries=tuple(entries), settles=tuple(settles.values()))


@dataclass(frozen=True, slots=True)
class Stage:
    """A statement to be made: its name and the month in which its money moves."""

    name: str
    month: Period


def stages(setting: Setting) -> tuple[Stage, ...]:
    """The statements that a year can have: its payment months, the settlement, and any after it."""
    paying = [m for m in setting.months if m.start.month in setting.calendar.numbers("payment_months", m.start)]
    found = [Stage(month.label, month) for month in paying]
    first = setting.calendar.settlement_date(setting.year).replace(day=1)
    for position in range(SETTLEMENTS_AT_MOST):
        name = SETTLEMENT if position == 0 else f"{SETTLEMENT}-{position + 1}"
        start = months_later(first, position)
        found.append(Stage(name, Period(start, months_later(start, 1), f"{start:%Y-%m} {name}")))
    return tuple(found)


def year_of_payments(
    setting: Setting,
    facts: Sequence[Fact],
    closed: Sequence[Closed] = (),
    *,
    known_on: date | None = None,
    dues: Dues | None = None,
) -> YearOfPayments:
    """The year as it stands on a day.

    Takes    facts: all that the place holds, checked; closed: the closed statements in order; known_on: the day, so
             that only what was known and closed by then counts; all when not given. dues: worked out already.
    Raises   CommonwealError when a statement does not balance.
    """
    held = [c for c in closed if known_on is None or c.closed_on <= known_on]
    known = tuple(sorted((f for f in facts if known_on is None or f.known_on <= known_on), key=lambda f: f.fact_id))
    making = _Making(setting, known, held, dues or Dues(setting))
    return YearOfPayments(setting, known_on, known, standing(known), tuple(making.statements()))


def closed_statement(year: YearOfPayments, name: str, on: date, previous: Closed | None) -> Closed:
    """A statement of the year as it is kept from a day on.

    Takes    year: as known on that day; previous: the statement closed before it.
    Raises   InputError when the year has nothing to account for under the name.
    """
    held = year.named(name)
    if held is None:
        raise InputError(f"{name} has nothing to account for.", mend="There is nothing to close.")
    return Closed(
        year.setting.year.label,
        name,
        on,
        held.served,
        dict(held.statement.options),
        year.facts,
        closed_rows(held.entries, f"{held.statement.month.start:%Y-%m}"),
        previous.digest if previous else "",
    )


class _Making:
    """The statements of one year as they are made, closed ones first."""

    def __init__(self, setting: Setting, known: tuple[Fact, ...], closed: Sequence[Closed], dues: Dues) -> None:
        self.setting, self.known, self.closed, self.dues = setting, known, closed, dues
        self.facts = standing(known)
        self.reached: set[str] = set()
        self.owed: list[Entry] = []

    def statements(self) -> Iterator[YearStatement]:
        every = stages(self.setting)
        past: list[YearEntry] = []
        for stage, closed in zip(every, self.closed, strict=False):
            entries = entries_of_closed(closed, self.setting)
            past += entries
            self.reached.update(closed.served)
            yield self._statement(stage, entries, closed.served, closed, None)
        adjusted = False
        for stage in every[len(self.closed) :]:
            entries = () if adjusted else self._adjustments(stage, past)
            adjusted = True
            own = self._own(stage)
            if stage.name.startswith(f"{SETTLEMENT}-") and not entries:
                return
            entries += tuple(YearEntry(entry) for due in own for entry in due.entries.values())
            served = tuple(due.served.label for due in own)
            self.reached.update(served)
            yield self._statement(stage, entries, served, None, own[-1] if own else None)
            if stage.name.startswith(SETTLEMENT):
                return

    def _own(self, stage: Stage) -> list[Due]:
        settles = stage.name.startswith(SETTLEMENT)
        months = [m for m in self.setting.months if settles or m <= stage.month]
        found = [self.dues.month(m, self.facts) for m in months if m.label not in self.reached]
        if settles and PERFORMANCE not in self.reached:
            found += [self._due(PERFORMANCE, self.facts), self._due(GAIN_AND_LOSS, self.facts)]
        return found

    def _due(self, served: str, facts: tuple[Fact, ...]) -> Due:
        if served == PERFORMANCE:
            return performance_due(self.dues, facts)
        if served == GAIN_AND_LOSS:
            return gain_loss_due(self.setting, facts)
        month = next(month for month in self.setting.months if month.label == served)
        return self.dues.month(month, facts)

    def _adjustments(self, stage: Stage, past: Sequence[YearEntry]) -> tuple[YearEntry, ...]:
        if not self.closed:
            return ()
        used = self.closed[-1].facts
        ids = {fact.fact_id for fact in used}
        new = [fact for fact in self.known if fact.fact_id not in ids]
        before = accounted(past)
        found: tuple[YearEntry, ...] = ()
        for served in sorted(self.reached):
            steps = [Step(None, self._due(served, standing(used)))]
            for number, fact in enumerate(new, start=1):
                steps.append(Step(fact, self._due(served, standing((*used, *new[:number])))))
            found += adjustments(steps[0].due.served, before.get(served, {}), steps, stage.month)
        return found

    def _statement(
        self,
        stage: Stage,
        entries: Iterable[YearEntry],
        served: Iterable[str],
        closed: Closed | None,
        own: Due | None,
    ) -> YearStatement:
        made = tuple(entries)
        ordered = tuple(h for direction in DIRECTIONS for h in made if h.entry.direction == direction)
        plain = tuple(held.entry for held in ordered)
        self.owed += [entry for entry in plain if entry.direction == "owed"]
        settles = tuple(e for e in self.owed if e.payable is not None and e.payable.start <= stage.month.start)
        settled = {id(entry) for entry in settles}
        self.owed = [entry for entry in self.owed if id(entry) not in settled]
        _, care = self.dues.care(self.facts)
        labels = {held.service_line.code: held.service_line.label for held in care.lines}
        options = closed.options if closed else own.options if own else {}
        found = Statement(
            month=stage.month,
            convention=self.setting.convention or convention_in_use(self.setting.parameters, self.setting.year),
            practices=care.practices,
            names=care.names,
            labels={**labels, GAIN_LINE: "Gain or loss share"},
            options=options,  # type: ignore[arg-type]
            payment=_received(plain, "payment", pool=False),
            pool=_received(plain, "performance pool", pool=True),
            entries=plain,
            pooled=own.pooled if own else {},
            settles=settles,
            notes=own.notes if own else (),
        )
        return YearStatement(stage.name, balanced(found), ordered, tuple(served), closed)


def _received(entries: Iterable[Entry], name: str, *, pool: bool) -> Line:
    wanted = [e for e in entries if e.direction == "received" and (e.purpose == PERFORMANCE_PAY) == pool]
    return total(name, *(entry.amount for entry in wanted)) if wanted else given(name, "0", working="nothing")
