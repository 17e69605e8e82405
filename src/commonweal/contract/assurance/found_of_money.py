"""What does the system find of the money: does it add up, does it balance, and what does it stand on?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from commonweal.contract.assurance.asked import Asked, Found, counted, rated
from commonweal.contract.options import PARTS, OptionBudget
from commonweal.contract.statement import NOBODY
from commonweal.core.amounts import summed
from commonweal.core.explanation import reliability
from commonweal.core.money import money_text
from commonweal.core.periods import months

BUDGET = ("budget.csv", "explanation.txt")
OPTIONS_FILE = "options.csv"
STATEMENT = "statement.csv"
PER_CENT = 100


def illustrative_share(asked: Asked, on: date) -> Found:
    """How much of the baseline rests on illustrative figures, against what is good and tolerable."""
    sums: dict[str, Decimal] = {}
    worst: list[str] = []
    for held in asked.care.lines:
        status = reliability(held.baseline)
        amount = summed(held.service_line.label, held.baseline).amount
        sums[status] = sums.get(status, Decimal(0)) + amount
        if status == "illustrative" and amount:
            worst.append(held.service_line.label)
    whole = sum(sums.values(), Decimal(0))
    if not whole:
        return Found("red", "There is no baseline: every service line is nothing.", BUDGET)
    share = sums.get("illustrative", Decimal(0)) / whole
    good, tolerable = (
        asked.parameters[f"assurance_illustrative_{name}"].on(on).number() for name in ("green", "amber")
    )
    text = f"{share * PER_CENT:.1f} % of the baseline of {money_text(whole)} pounds rests on illustrative figures."
    if worst:
        text += f" These are {', '.join(worst)}."
    return Found(rated(share <= good, share <= tolerable), text, BUDGET)


def budget_reconciles(asked: Asked, on: date) -> Found:
    """Whether service lines, practices and the parts of every option sum to the same cost of care."""
    care, options = asked.care, asked.options(on)
    whole = care.total.amount
    wrong: list[str] = []
    by_practice = sum((care.of_practice(code).amount for code in care.practices), Decimal(0))
    if by_practice != whole:
        wrong.append(f"practices sum to {money_text(by_practice)}")
    placed = [code for codes in care.neighbourhoods.values() for code in codes]
    if care.neighbourhoods and sorted(placed) != sorted(care.practices):
        wrong.append("neighbourhoods do not hold each practice once")
    wrong += [f"{held.label.lower()}, {where}" for held in options for where in _apart(held)]
    lines, practices = counted(len(care.lines), "service line"), counted(len(care.practices), "practice")
    if wrong:
        return Found("red", f"Against {money_text(whole)} pounds: {'; '.join(wrong)}.", (*BUDGET, OPTIONS_FILE))
    text = f"{lines}, {practices} and {len(list(options))} options sum to {money_text(whole)} pounds, to the penny."
    return Found("green", text, (*BUDGET, OPTIONS_FILE))


def _apart(held: OptionBudget) -> Iterator[str]:
    """Where the parts of an option do not sum to the cost of care."""
    for code, portions in held.lines.items():
        columns = [getattr(portions, part).by_key() for part in PARTS]
        for practice, funded in portions.funded.by_key().items():
            if sum((column[practice] for column in columns), Decimal(0)) != funded:
                yield f"{held.labels[code]} of {practice}"


def statements_balance(asked: Asked, on: date) -> Found:
    """Whether each statement of the year balances, in all and for each service line."""
    statements = asked.statements(months(asked.year)[-1])
    received = sum((made.balance.received.amount for made in statements), Decimal(0))
    if not received:
        return Found("red", f"{asked.year.label}: {NOBODY}", (STATEMENT,))
    wrong = [
        f"{made.month.label} {made.labels[line]}"
        for made in statements
        for line in made.labels
        if made.of_line(line).difference.amount
    ]
    wrong += [made.month.label for made in statements if made.balance.difference.amount]
    if wrong:
        return Found("red", f"Not in balance: {', '.join(wrong)}.", (STATEMENT,))
    text = f"{counted(len(statements), 'statement')} of {asked.year.label} balance: {money_text(received)} pounds."
    return Found("green", text, (STATEMENT,))
