"""Which practices of a place stand behind a contract, with how many people and how much spend, and who shares what?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from commonweal.budget.care_budget import CareBudget
from commonweal.contract.agreed.member_shares import MemberShares, member_shares
from commonweal.contract.clauses.reading import Contract
from commonweal.contract.risk.futures import RiskPool
from commonweal.core.amounts import given, given_column
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters

# Large enough that whole pence of it tell a share to ten decimals.
SHARED_OUT = Decimal(100_000_000)


def pool_of_place(
    care: CareBudget,
    people: Mapping[str, int],
    part: Iterable[str],
    parameters: Parameters,
    *,
    on: date,
    lines: Sequence[str] = (),
) -> tuple[RiskPool, str]:
    """The practices that take part, or all while none does, and what is assumed of them in words.

    Takes    care: the year's budget by service line and practice, which is the baseline; people: registered, by
             practice; part: who takes part; lines: service lines whose spend counts, the parameter's otherwise.
    Raises   InputError for a service line that there is not, or where no spend is left.
    """
    chosen = list(lines) or [str(code) for code in parameters["risk_bearing_service_lines"].on(on).value]
    there = {held.service_line.code: held for held in care.lines}
    for code in chosen:
        if code not in there:
            raise InputError(f"'{code}' is no service line.", where="--line", mend=f"Name {', '.join(there)}.")
    taking = set(part)
    spend = {code: Decimal(0) for code in care.practices if not taking or code in taking}
    for code in chosen:
        for practice, pounds in there[code].funded.by_key().items():
            if practice in spend:
                spend[practice] += pounds
    kept = [code for code in spend if people.get(code) and spend[code] > 0]
    if not kept:
        raise InputError("No practice has people and spend.", where=", ".join(chosen), mend="Name other service lines.")
    who = (
        f"the {len(kept)} practices that take part" if taking else f"all {len(kept)} practices, as none takes part yet"
    )
    labels = ", ".join(there[code].service_line.label for code in chosen)
    said = f"Baseline: the budget {care.year.label} of {who}, for {labels}."
    return RiskPool(tuple(kept), tuple(people[c] for c in kept), tuple(spend[c] for c in kept)), said


def shares_of_members(
    contract: Contract, pool: RiskPool, on: date, *, weighted: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], str]:
    """What part of the provider's result each practice has, where the contract has one clause of shares by practice.

    Takes    weighted: weighted lists by practice.
    Returns  nothing where the contract has none, and what was found in words.
    """
    clauses = [clause for clause in contract.of_kind(MemberShares) if clause.among == "practices"]
    if len(clauses) != 1:
        return {}, ""
    clause = clauses[0]
    lists: Mapping[str, Decimal | int] = dict(zip(pool.practices, pool.people, strict=True))
    if clause.by == "weighted_list":
        lists = {code: weighted[code] for code in pool.practices}
    column = member_shares(
        clause,
        given("all", SHARED_OUT),
        on,
        practices=pool.practices,
        people=given_column("list", lists, unit="people"),
    )
    shares = {code: amount / SHARED_OUT for code, amount in column.by_key().items()}
    return shares, f"Member shares: {clause.label}, by {clause.by.replace('_', ' ')}."
