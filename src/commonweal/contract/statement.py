"""What is received, paid on, held and owed for one month?

A statement accounts for one month of service, for the practices and options in force in it:

    received  the month's part of the quarter in force, by commissioner and service line, and of the performance pool
    paid      on to practices and other providers in the month itself
    held      the reserve, the performance pool until results are known, and what pays for the MCP's own services
    owed      paid on later, because the line is paid in arrears

    received = paid + held + owed, to the penny, in all and for every service line

The month is a third of the quarter to the penny, the quarter's last month taking the rounding. It is shared over
service lines and practices as the year's budget is. The performance pool (QOF where it has moved) is received in even
monthly parts; list changes do not move it. Its interim share goes on to the practices at once, the rest is held
until results are scored. The reserve comes off the budget before anything is paid on, not off the pool.
Practices in the virtual option appear in the pooled view only: no cash moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from commonweal.budget.care_budget import CareBudget
from commonweal.budget.clauses import CONVENTIONS, Convention, month_sum, quarter_sum
from commonweal.budget.inputs import BudgetInputs
from commonweal.budget.whole_population_budget import quarter_budgets
from commonweal.contract.month_columns import month_columns
from commonweal.contract.options import AS_AGREED, OptionBudget, option_budget
from commonweal.contract.paid_on import Entry, entries_of_budget, entries_of_pool
from commonweal.contract.scope import scope_on
from commonweal.contract.statement_terms import LineTerms, line_terms
from commonweal.core.amounts import Line, given, instalment_of, less, summed, total
from commonweal.core.errors import CommonwealError, InputError, ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period, months
from commonweal.place.participation.events import History, Option
from commonweal.place.participation.states import options_on

Direction = Literal["received", "paid", "held", "owed"]
DIRECTIONS: tuple[Direction, ...] = ("received", "paid", "held", "owed")
NOBODY = "No practice takes part with a budget this month: nothing is received, paid, held or owed."


@dataclass(frozen=True, slots=True)
class Balance:
    """Received, paid, held and owed, and what is left over, which is nothing."""

    received: Line
    paid: Line
    held: Line
    owed: Line

    @property
    def difference(self) -> Line:
        """Received − (paid + held + owed)."""
        return less("difference", self.received, total("accounted for", self.paid, self.held, self.owed))


@dataclass(frozen=True, slots=True)
class Statement:
    """One month's statement.

    options   the option of each practice that takes part
    payment   the month's payment of the whole population budget; pool: the month's performance pool
    entries   who receives, pays, holds or is owed what; see Entry
    pooled    the month's part of the pooled view, by service line, columns by practice; no cash
    settles   entries of earlier months that fall due in this one; they are accounted for in those months
    notes     what a reader must know
    """

    month: Period
    convention: Convention
    practices: tuple[str, ...]
    names: Mapping[str, str]
    labels: Mapping[str, str]
    options: Mapping[str, Option]
    payment: Line
    pool: Line
    entries: tuple[Entry, ...]
    pooled: Mapping[str, Line]
    settles: tuple[Entry, ...]
    notes: tuple[str, ...]

    def of(self, direction: Direction) -> tuple[Entry, ...]:
        """The entries of one direction, in order."""
        return tuple(entry for entry in self.entries if entry.direction == direction)

    @property
    def balance(self) -> Balance:
        """The whole month."""
        return self._balance(self.entries)

    def of_line(self, service_line: str) -> Balance:
        """One service line."""
        return self._balance(entry for entry in self.entries if entry.service_line == service_line)

    def _balance(self, entries: Iterable[Entry]) -> Balance:
        found = list(entries)
        return Balance(*(self._sum(direction, found) for direction in DIRECTIONS))

    def _sum(self, direction: Direction, entries: list[Entry]) -> Line:
        lines = [entry.amount for entry in entries if entry.direction == direction]
        return total(direction, *lines) if lines else given(direction, "0", working="nothing")


def statement(
    care: CareBudget,
    inputs: BudgetInputs,
    history: History,
    parameters: Parameters,
    month: Period,
    *,
    payers: Mapping[str, str] | None = None,
    convention: Convention | None = None,
    earlier: Sequence[Statement] = (),
) -> Statement:
    """The statement of one month.

    Takes    payers: names of the commissioners by type (ICB, NHS England, local authority); convention: how list
             changes count, otherwise as the parameters say; earlier: statements of earlier months, whose owed
             entries may fall due in this one.
    Raises   InputError for a month outside the budget's year or before the contract starts.
    Source   MCP contract, whole population budget, steps 7 and 8; who is paid.
    """
    _inside(care, history, month)
    taken = options_on(history, month.start, parameters=parameters)
    agreed = option_budget(care, scope_on(parameters, month.start), taken, AS_AGREED)
    counted = convention or convention_in_use(parameters, care.year)
    number = months(care.year).index(month)
    payment = payment_of_month(agreed, inputs, parameters, counted, number)
    pool_of_year, pool = pool_of_month(agreed, number)
    terms = terms_of_lines(care, parameters, month, payers or {})
    budgets = month_columns(agreed.budget.in_budget, agreed.budget.total, payment)
    pools = month_columns(agreed.budget.performance_pay, pool_of_year, pool)
    entries: list[Entry] = []
    for held in care.lines:
        line = held.service_line
        entries += entries_of_budget(line, budgets[line.code], terms[line.code], month)
        entries += entries_of_pool(line, pools[line.code], terms[line.code], month)
    found = Statement(
        month=month,
        convention=counted,
        practices=care.practices,
        names=care.names,
        labels={held.service_line.code: held.service_line.label for held in care.lines},
        options=taken,
        payment=payment,
        pool=pool,
        entries=tuple(entry for direction in DIRECTIONS for entry in entries if entry.direction == direction),
        pooled=pooled_view(agreed, number),
        settles=falling_due(earlier, month),
        notes=notes_on(taken),
    )
    return balanced(found)


def year_statements(
    care: CareBudget,
    inputs: BudgetInputs,
    history: History,
    parameters: Parameters,
    *,
    payers: Mapping[str, str] | None = None,
    convention: Convention | None = None,
    up_to: Period | None = None,
) -> tuple[Statement, ...]:
    """The statements of the year, from the month the contract starts, each with what falls due from earlier ones.

    Takes    up_to: the last month wanted; the whole year when not given.
    Raises   InputError for a last month outside the year or before the contract starts.
    """
    if up_to is not None:
        _inside(care, history, up_to)
    found: list[Statement] = []
    for month in months(care.year):
        started = history.contract_start is None or month.start >= history.contract_start
        if started and (up_to is None or month <= up_to):
            found.append(
                statement(
                    care,
                    inputs,
                    history,
                    parameters,
                    month,
                    payers=payers,
                    convention=convention,
                    earlier=tuple(found),
                )
            )
    return tuple(found)


def falling_due(earlier: Iterable[Statement], month: Period) -> tuple[Entry, ...]:
    """What earlier statements owe that is to be paid in a month."""
    return tuple(entry for held in earlier for entry in held.of("owed") if entry.payable == month)


def _inside(care: CareBudget, history: History, month: Period) -> None:
    if month not in months(care.year):
        raise InputError(
            f"{month.label} is not in {care.year.label}.", mend="Ask for a month of the year that the budget is for."
        )
    if history.contract_start is not None and month.start < history.contract_start:
        raise InputError(
            f"{month.label} is before the contract starts on {history.contract_start}.",
            mend=f"Ask for {history.contract_start:%Y-%m} or later.",
        )


def convention_in_use(parameters: Parameters, year: Period) -> Convention:
    """How list changes count in a year.

    Raises   ParameterProblem for a word that is no convention.
    """
    parameter = parameters["list_change_convention"]
    value = parameter.during(year).value
    if value not in CONVENTIONS:
        raise ParameterProblem(f"'{value}' is no convention.", where=parameter.file, mend=f"Use {CONVENTIONS}.")
    return cast(Convention, value)


def payment_of_month(
    agreed: OptionBudget, inputs: BudgetInputs, parameters: Parameters, convention: Convention, number: int
) -> Line:
    """The payment of the whole population budget in a month of the year.

    Takes    number: 0 for the first month.
    """
    quarter, within = divmod(number, 3)
    held = quarter_budgets(agreed.budget, inputs, parameters, convention)[quarter]
    return month_sum(held.amount, number=within + 1).renamed("payment of the month")


def pool_of_month(agreed: OptionBudget, number: int) -> tuple[Line, Line]:
    """The year's performance pool and the month's part of it; list changes do not move it."""
    year = total("performance pool", *(summed(line.name, line) for line in agreed.budget.performance_pay.values()))
    quarter, within = divmod(number, 3)
    unmoved = given("no list change", "0", unit="ratio", working="the pool stands on the reference list")
    part = month_sum(quarter_sum(year, unmoved, number=quarter + 1), number=within + 1)
    return year, part.renamed("performance pool of the month")


def pooled_view(agreed: OptionBudget, number: int) -> dict[str, Line]:
    """The month's part of the pooled view by service line, columns by practice."""
    return {
        code: instalment_of(f"{agreed.labels[code]}, pooled view", portions.pooled_view, number=number + 1, of=12)
        for code, portions in agreed.lines.items()
    }


def terms_of_lines(
    care: CareBudget, parameters: Parameters, month: Period, payers: Mapping[str, str]
) -> dict[str, LineTerms]:
    """The terms of every service line on the first day of a month, by code."""
    lines = [held.service_line for held in care.lines]
    return {line.code: line_terms(parameters, line, month.start, payers=dict(payers)) for line in lines}


def notes_on(taken: Mapping[str, Option]) -> tuple[str, ...]:
    """What a reader must know of who takes part."""
    notes = []
    if not any(option in ("partial", "full") for option in taken.values()):
        notes.append(NOBODY)
    virtual = sum(option == "virtual" for option in taken.values())
    if virtual:
        taking = "1 practice takes" if virtual == 1 else f"{virtual} practices take"
        notes.append(f"{taking} the virtual option: seen in the pooled view, but no cash moves.")
    return tuple(notes)


def balanced(found: Statement) -> Statement:
    """The statement, unless it does not balance: then nothing may be paid on it."""
    for code in found.labels:
        left = found.of_line(code).difference.amount
        if left != 0:
            raise CommonwealError(f"{found.month.label}: {code} does not balance by {left}.", mend="Report this.")
    received = found.balance.received.amount
    if received != found.payment.amount + found.pool.amount:
        raise CommonwealError(f"{found.month.label}: lines do not sum to the payment.", mend="Report this.")
    return found
