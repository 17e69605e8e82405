"""What would the contract pay if what sank other contracts happened here?

Each test is settled by the contract's own clause, exactly, with its explanation. What the clause does not pay for, the
cost of running the provider once the money has gone, stays with the provider and is set out as a line of its own.

Source   parameters/risk_bearing.yaml, each test with the contract it is named after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from commonweal.contract.risk.futures import RiskPool
from commonweal.contract.risk.outcomes import RiskTerms
from commonweal.contract.settlement.settling import Settlement
from commonweal.core.amounts import Line, Source, given, less, one_less, one_plus, over, quoted, times, to_penny, total
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters

ALL = "all"
MONTHS = Decimal(12)
PARAMETER = "risk_bearing_stress_{}"


@dataclass(frozen=True, slots=True)
class Stress:
    """One test settled: what it is, what happened where it is named after, and what each party gains or loses.

    spend       what the year costs, with its working
    settlement  the clause settled
    parties     result of each party; the provider's has in it what stays with it unpaid
    """

    name: str
    label: str
    told: str
    status: str
    source: Source
    spend: Line
    settlement: Settlement
    parties: Mapping[str, Line]

    @property
    def unpaid(self) -> Decimal:
        """Cost that nobody pays the provider for: what keeps the parties from summing to nothing."""
        return -sum((line.amount for line in self.parties.values()), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Case:
    """What a test works with."""

    terms: RiskTerms
    pool: RiskPool
    parameters: Parameters
    leaves: str

    def number(self, name: str) -> Line:
        return self.parameters[f"risk_bearing_{name}"].line(on=self.terms.days[0])

    def plan(self, pool: RiskPool) -> Line:
        planned = self.terms.planned(pool.spend, Decimal(pool.listed))
        return given("spend at plan", planned, unit=_unit(self.terms), working="what the clause expects of these lists")


Made = tuple[RiskPool, Decimal, Line, Line | None]


def _baseline(case: _Case) -> Made:
    plan, error = case.plan(case.pool), case.number("stress_baseline")
    spend = times("spend", plan, one_plus("1 + error of the baseline", error))
    return case.pool, Decimal(case.pool.listed), spend, None


def _volume(case: _Case) -> Made:
    plan, more = case.plan(case.pool), case.number("stress_volume")
    part = times("part of spend × volume above plan", case.number("stress_volume_part"), more)
    return case.pool, Decimal(case.pool.listed), times("spend", plan, one_plus("1 + volume above plan", part)), None


def _list(case: _Case) -> Made:
    fall, follows = case.number("stress_list"), case.number("stress_list_follows")
    gone = times("part of spend that leaves", fall, follows)
    spend = times("spend", case.plan(case.pool), one_less("1 − part that leaves", gone))
    return case.pool, case.pool.listed * (1 - fall.amount), spend, None


def _practice(case: _Case) -> Made:
    rest = case.pool.without(case.leaves)
    gone = given(f"baseline of {case.leaves}", case.pool.at(case.leaves)[1], unit=_unit(case.terms))
    return rest, Decimal(rest.listed), case.plan(rest).renamed("spend"), _stays(case, gone)


def _stopped(case: _Case) -> Made:
    kept = case.number("stress_stopped")
    whole = given("baseline of all", case.pool.spend, unit=_unit(case.terms))
    left = RiskPool(case.pool.practices, case.pool.people, tuple(b * kept.amount for b in case.pool.baseline))
    gone = times("baseline that has gone", whole, one_less("1 − what is kept", kept))
    return left, Decimal(left.listed), case.plan(left).renamed("spend"), _stays(case, gone)


def _stays(case: _Case, gone: Line) -> Line:
    year = given("months of a year", MONTHS, unit="months")
    overhead = times("running cost of the provider that it paid for", gone, case.number("overhead"))
    part = over("months until that cost has gone, of a year", case.number("months_to_shed"), year)
    return to_penny("cost that stays", times("cost that stays, unrounded", overhead, part))


TESTS: Mapping[str, Callable[[_Case], Made]] = {
    "baseline": _baseline,
    "volume": _volume,
    "list": _list,
    "practice": _practice,
    "stopped": _stopped,
}


def stress_names(pool: RiskPool) -> tuple[str, ...]:
    """The tests that a contract can be put to: a practice leaves only where another stays."""
    return tuple(name for name in TESTS if name != "practice" or len(pool.practices) > 1)


def stress(name: str, terms: RiskTerms, pool: RiskPool, parameters: Parameters, *, practice: str = "") -> Stress:
    """One test, in the contract's first year.

    Takes    name: one of TESTS; practice: the one that leaves, the one of the most spend otherwise.
    Raises   InputError for a name that is no test, or a practice that cannot leave.
    """
    if name not in TESTS:
        raise InputError(f"'{name}' is no stress test.", where="--stress", mend=f"Name {', '.join((*TESTS, ALL))}.")
    leaves = practice or max(zip(pool.baseline, pool.practices, strict=True))[1]
    left, listed, spend, stays = TESTS[name](_Case(terms, pool, parameters, leaves))
    found = terms.exact(left.spend, spend, listed, Decimal(left.listed))
    held = parameters[PARAMETER.format(name)]
    value = held.on(terms.days[0])
    label = f"{held.label}: {leaves}" if name == "practice" else held.label
    told = f"{held.meaning} {value.note}".strip()
    return Stress(name, label, told, value.status, value.source, spend, found, _results(terms, found, stays))


def _results(terms: RiskTerms, found: Settlement, stays: Line | None) -> dict[str, Line]:
    who = terms.parties
    difference, payment = found.amounts[terms.roles.difference], found.payment
    none = given("nothing", 0, unit=payment.unit)
    shares = dict(found.shares) or {who.provider: payment}
    provider = shares.get(who.provider, none)
    if stays is not None:
        provider = less(who.label(who.provider), provider, stays)
    # The provider's result tells both in full.
    told = "the provider's result"
    difference, payment = quoted(difference, told), quoted(payment, told)
    rest = less("what the clause leaves", difference, payment)
    commissioner, acute = shares.get(who.commissioner), shares.get(who.acute)
    lost = less("income less than planned", none, difference)
    return {
        **shares,
        who.provider: provider,
        who.commissioner: rest if commissioner is None else total(who.label(who.commissioner), rest, commissioner),
        who.acute: lost if acute is None else total(who.label(who.acute), lost, acute),
    }


def _unit(terms: RiskTerms) -> str:
    return terms.clause.inputs[terms.roles.baseline].unit
