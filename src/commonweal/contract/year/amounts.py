"""Under which lasting name is each amount of a year found, and what is its explanation?

    payments/2026-27/2026-06/paid/community/A81001/whole-population-budget/community-trust
    payments/2026-27/2026-09/paid/community/A81001/whole-population-budget/community-trust/for-2026-06/F007

The year, the statement it is accounted for in, direction, service line, practice, purpose and party; an adjustment adds
the month of service and the fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from commonweal.contract.paid_on import Entry
from commonweal.contract.statement_rows import slug
from commonweal.contract.year.adjustments import YearEntry
from commonweal.contract.year.disputes import ALL, PAYMENTS, disputes, marks
from commonweal.contract.year.year import YearOfPayments, YearStatement
from commonweal.core.amounts import Line
from commonweal.core.errors import InputError


@dataclass(frozen=True, slots=True)
class YearAmount:
    """One amount: its name, where it stands, and the disputes that mark it."""

    amount_id: str
    held: YearStatement
    made: YearEntry
    practice_code: str
    amount: Decimal
    disputed_by: tuple[str, ...]

    @property
    def entry(self) -> Entry:
        """The entry that it is a part of."""
        return self.made.entry

    @property
    def line(self) -> Line:
        """The amount with its explanation."""
        return self.entry.column.at(self.practice_code)


class Amounts(Mapping[str, Line]):
    """Explained amounts by id; each explanation is cut out of its column when it is asked for."""

    def __init__(self, amounts: Mapping[str, YearAmount]) -> None:
        self._amounts = amounts

    def __getitem__(self, amount_id: str) -> Line:
        return self._amounts[amount_id].line

    def __iter__(self) -> Iterator[str]:
        return iter(self._amounts)

    def __len__(self) -> int:
        return len(self._amounts)


def year_amounts(year: YearOfPayments) -> dict[str, YearAmount]:
    """Every amount of a year but those of nothing, by id, in the order of the statements."""
    still = [dispute for dispute in disputes(year.standing) if dispute.stands == "open"]
    found: dict[str, YearAmount] = {}
    for held in year.statements:
        for made in held.entries:
            for code, amount in made.entry.column.by_key().items():
                if amount:
                    wanted = amount_id(year, held, made, code)
                    name, again = wanted, 1
                    while name in found:
                        again += 1
                        name = f"{wanted}-{again}"
                    marked = marks(still, year.setting.year, made.entry, code)
                    found[name] = YearAmount(name, held, made, code, amount, marked)
    return found


def amounts_by_id(year: YearOfPayments) -> Amounts:
    """The explained line of every amount of a year, by id."""
    return Amounts(year_amounts(year))


def amount_id(year: YearOfPayments, held: YearStatement, made: YearEntry, practice: str) -> str:
    """The lasting name of one amount."""
    entry = made.entry
    parts = [PAYMENTS, year.setting.year.label, held.name, entry.direction]
    parts += [entry.service_line, practice or ALL, slug(entry.purpose), slug(entry.party)]
    if made.adjusts or entry.served.label != held.name:
        parts.append(f"for-{entry.served.label}")
    if made.adjusts:
        parts.append(made.adjusts)
    return "/".join(parts)


def amount_named(year: YearOfPayments, wanted: str) -> YearAmount:
    """The amount of a name.

    Raises   InputError for a name that the year does not have.
    """
    found = year_amounts(year)
    if wanted not in found:
        raise InputError(
            f"'{wanted}' is no amount of {year.setting.year.label}.",
            mend="See them with: commonweal contract year DIR --amounts --format csv",
        )
    return found[wanted]
