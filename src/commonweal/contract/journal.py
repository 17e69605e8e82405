"""How does a statement read as a double-entry journal that an accounting tool accepts?

Plain text in beancount syntax, pounds only, the same text for the same statements. Accounts:

    Income:LINE                    what commissioners pay, by service line; Income:PerformancePay:LINE for the pool
    Expenses:LINE:PROVIDER         what is paid on or owed for the month of service
    Liabilities:Owed:LINE:PROVIDER what is owed until the month in which it is paid
    Assets:Held:...                set aside by service line: reserve, performance pool, own services, disputed sums
    Assets:Bank                    the rest: cash for what is owed

What a statement accounts for of another month, an adjustment or a settlement, is a transaction of its own that says
for which. Every transaction of a month bears the payment date of that month. The journal asserts, on the first day
after each month, that the bank holds exactly what is still owed, so the accounting tool checks the statement again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from commonweal.contract.paid_on import OWN_SERVICES, PERFORMANCE_PAY, POOL, RESERVE, Entry
from commonweal.contract.statement import Statement
from commonweal.contract.statement_rows import Row, entry_rows
from commonweal.contract.statement_terms import payment_date
from commonweal.core.parameters import Parameters

BANK = "Assets:Bank"
HELD = {RESERVE: "Reserve", POOL: "PerformancePool", OWN_SERVICES: "OwnServices"}

Posting = tuple[str, Decimal, str]


def journal(statements: Sequence[Statement], parameters: Parameters, *, title: str = "Commonweal") -> str:
    """The journal of one or more months, in order of month.

    Takes    statements: of one place, each month once.
    Returns  text that balances: each transaction on its own, and the bank against what is owed.
    """
    ordered = sorted(statements, key=lambda held: held.month)
    if not ordered:
        return _head(title)
    blocks, owed = _rests_on(ordered), Decimal(0)
    brought = _brought_forward(ordered)
    if brought:
        postings = [*_owed_postings(brought, sign=-1), _cash(-_sum(brought))]
        blocks.append(_transaction(ordered[0].month.start, "Owed for earlier months, brought forward", postings))
        owed += _sum(brought)
    for held in ordered:
        day = payment_date(parameters, held.month)
        blocks += [_transaction(day, narration, postings) for narration, postings in _transactions(held)]
        owed += _sum(_rows_of(held, held.of("owed"))) - _sum(_rows_of(held, held.settles))
        blocks.append(f"{held.month.end} balance {BANK} {owed:.2f} GBP\n")
    opened = _opened(blocks, ordered[0].month.start)
    return "\n".join((_head(title), opened, *blocks))


def _rests_on(ordered: Sequence[Statement]) -> list[str]:
    """A remark that names the illustrative numbers these sums rest on; none where there are none."""
    lines = [entry.column for held in ordered for entry in held.entries]
    names = sorted({found.name for line in lines for found in line.supplied("illustrative")})
    return [f"; These sums rest on illustrative numbers: {', '.join(names)}.\n"] if names else []


def _head(title: str) -> str:
    return f'option "title" "{_quoted(title)}"\noption "operating_currency" "GBP"\n'


def _opened(blocks: Iterable[str], day: date) -> str:
    found = {BANK}
    for block in blocks:
        found.update(re.findall(r"^  ((?:Assets|Liabilities|Income|Expenses):\S+)", block, re.MULTILINE))
    return "".join(f"{day} open {account} GBP\n" for account in sorted(found))


def _transactions(held: Statement) -> list[tuple[str, list[Posting]]]:
    """One balanced transaction per service line and direction, in the statement's order."""
    found = []
    for direction, words in (("received", "received"), ("paid", "paid on"), ("held", "held"), ("owed", "owed")):
        for line, label in held.labels.items():
            own = [e for e in held.entries if e.direction == direction and e.service_line == line]
            for served in sorted({entry.served for entry in own}):
                entries = [entry for entry in own if entry.served == served]
                of = "" if served == held.month else f" for {served.label}"
                found.append((f"{label}: {words}{of}", _postings(held, entries)))
    for line, label in held.labels.items():
        rows = _rows_of(held, [entry for entry in held.settles if entry.service_line == line])
        found.append((f"{label}: paid, owed for earlier months", [*_owed_postings(rows, sign=1), _cash(_sum(rows))]))
    return [(f"{narration}, {held.month.label}", postings) for narration, postings in found if _moves(postings)]


def _postings(held: Statement, entries: Iterable[Entry]) -> list[Posting]:
    """The postings of one service line and direction: one per row, and the other side in one sum."""
    postings: list[Posting] = []
    for entry in entries:
        rows = _rows_of(held, [entry])
        sign = -1 if entry.direction == "received" else 1
        postings += [(_account(entry, row), sign * _amount(row), str(row["explanation_id"])) for row in rows]
        if entry.direction == "owed":
            postings += _owed_postings(rows, sign=-1)
        else:
            postings.append(_cash(sign * _sum(rows)))
    return postings


def _account(entry: Entry, row: Row) -> str:
    line = _word(entry.service_line)
    if entry.direction == "received":
        return f"Income:PerformancePay:{line}" if entry.purpose.startswith(PERFORMANCE_PAY) else f"Income:{line}"
    if entry.direction == "held":
        return f"Assets:Held:{HELD.get(entry.purpose) or _word(entry.purpose)}:{line}"
    return f"Expenses:{line}:{_payee(row)}"


def _payee(row: Row) -> str:
    return _word(str(row["practice_code"] or row["party"]))


def _owed_postings(rows: Iterable[Row], *, sign: int) -> list[Posting]:
    return [
        (
            f"Liabilities:Owed:{_word(str(row['service_line']))}:{_payee(row)}",
            sign * _amount(row),
            str(row["explanation_id"]),
        )
        for row in rows
    ]


def _cash(paid: Decimal) -> Posting:
    return (BANK, -paid, "")


def _brought_forward(ordered: Sequence[Statement]) -> list[Row]:
    """What these months pay for months that are not in the journal."""
    written = {id(entry) for held in ordered for entry in held.of("owed")}
    return [
        row for held in ordered for row in _rows_of(held, [entry for entry in held.settles if id(entry) not in written])
    ]


def _rows_of(held: Statement, entries: Iterable[Entry]) -> list[Row]:
    return [row for entry in entries for row in entry_rows(held, entry)]


def _sum(rows: Iterable[Row]) -> Decimal:
    return sum((_amount(row) for row in rows), Decimal(0))


def _amount(row: Row) -> Decimal:
    amount = row["amount"]
    if not isinstance(amount, Decimal):
        raise TypeError("a row's amount is a decimal")
    return amount


def _moves(postings: Iterable[Posting]) -> bool:
    return any(amount != 0 for _, amount, _ in postings)


def _transaction(day: date, narration: str, postings: Iterable[Posting]) -> str:
    lines = [f'{day} * "{_quoted(narration)}"']
    for account, amount, row in postings:
        if amount != 0:
            lines.append(f"  {account}  {amount:.2f} GBP")
            if row:
                lines.append(f'    statement_row: "{_quoted(row)}"')
    return "\n".join(lines) + "\n"


def _word(text: str) -> str:
    """Text as one component of an account name: words joined, each starting with a capital letter."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    return "".join(word[:1].upper() + word[1:] for word in words) or "Unnamed"


def _quoted(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split())
