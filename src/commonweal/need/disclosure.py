"""Which counts of few people are hidden, how are all others rounded, and what may be made from them?

One rule for everything that leaves the record. A hidden count is None here and "1 to 7" on a page. Every total, share,
rate and mean is made from counts as they are shown, never from the counts themselves, so nothing printed holds more
than the shown counts do, and a subtraction gives nothing hidden back (docs/explanation/small-numbers.md).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Generic, TypeVar

from commonweal.core.errors import ParameterProblem
from commonweal.core.money import EXACT
from commonweal.core.parameters import Parameters

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Col = TypeVar("Col", bound=Hashable)


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """The small-number rule.

    lowest, highest  counts from one to the other are hidden; nought is shown where lowest is 1
    base             every count shown is a multiple of it
    money_base_pence sums of money shown are multiples of it
    figures          significant figures of rates that stand without their counts
    """

    lowest: int = 1
    highest: int = 7
    base: int = 5
    money_base_pence: int = 100_000
    figures: int = 3

    def __post_init__(self) -> None:
        if self.lowest not in (0, 1) or self.highest < self.lowest or self.base < 1 or self.money_base_pence < 1:
            raise ParameterProblem(
                f"The small-number rule hides {self.lowest} to {self.highest} and rounds to {self.base}.",
                where="parameters/disclosure.yaml",
                mend="Hide from 0 or 1 to at least that, and round to 1 or more.",
            )

    @property
    def hidden_text(self) -> str:
        """What stands on a page for a hidden count, and for anything made from one."""
        return f"{self.lowest} to {self.highest}"

    @property
    def stand_in(self) -> int:
        """What a hidden count counts as in a total: the middle of the hidden range."""
        return (self.lowest + self.highest) // 2

    def hides(self, count: int) -> bool:
        """Whether a count is hidden."""
        return self.lowest <= count <= self.highest

    def possible(self, shown: int | None) -> tuple[int, int]:
        """The lowest and highest count that a shown value may stand for; None is a hidden one."""
        if shown is None:
            return self.lowest, self.highest
        if shown == 0:
            return 0, 0
        # The smallest multiple takes in all that would be rounded to nought, since nought means nobody.
        lowest = 1 if shown == self.base else shown - self.base // 2
        return max(lowest, self.highest + 1), shown + (self.base - 1) // 2


def disclosure_rule(parameters: Parameters, *, on: date) -> DisclosureRule:
    """The small-number rule that holds on a day, a place's own numbers before the library's.

    Source   parameters/disclosure.yaml.
    """
    held = {name: parameters[f"small_number_{name}"].on(on).number() for name in _NUMBERS}
    return DisclosureRule(
        lowest=int(held["lowest_hidden"]),
        highest=int(held["highest_hidden"]),
        base=int(held["rounding_base"]),
        money_base_pence=int(held["money_base"] * 100),
        figures=int(held["rate_figures"]),
    )


_NUMBERS = ("lowest_hidden", "highest_hidden", "rounding_base", "money_base", "rate_figures")


def disclosed_count(count: int, rule: DisclosureRule) -> int | None:
    """A count as it may be shown: None where it is hidden, else the nearest multiple of the base.

    Nought is shown for nobody alone: a count that is shown and would round to nought becomes the base.
    """
    if count < 0:
        raise ValueError("a count is not negative")
    if rule.hides(count):
        return None
    if count == 0:
        return 0
    return max(rule.base, _nearest(count, rule.base))


def shown(count: int | None, rule: DisclosureRule) -> int | str:
    """A disclosed count as a cell of a document: the number, or the words that stand for a hidden one."""
    return rule.hidden_text if count is None else count


@dataclass(frozen=True, slots=True)
class DisclosedTotal:
    """A total of counts as they are shown.

    value    hidden counts counted as the middle of their range, the sum rounded; None where it stands on one hidden
             count alone
    within   the true total lies no further from value than this; for a hidden total, the width of the hidden range
    """

    value: int | None
    within: int


def disclosed_total(shown_counts: Iterable[int | None], rule: DisclosureRule) -> DisclosedTotal:
    """The total of counts, from what is shown of them and nothing else.

    It says nothing that the shown counts do not say, so no hidden count can be had by subtraction. The price is that
    it may differ from the true total, by no more than it says.
    """
    held = [count for count in shown_counts if count != 0]
    if not held:
        return DisclosedTotal(0, 0)
    if held == [None]:
        return DisclosedTotal(None, rule.highest - rule.lowest)
    added = sum(rule.stand_in if count is None else count for count in held)
    value = max(rule.base, _nearest(added, rule.base))
    ranges = [rule.possible(count) for count in held]
    low, high = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    return DisclosedTotal(value, max(value - low, high - value))


@dataclass(frozen=True, slots=True)
class DisclosedCounts(Generic[Key]):
    """A one-way table as it may be shown, with its total."""

    counts: Mapping[Key, int | None]
    total: DisclosedTotal


def disclosed_counts(counts: Mapping[Key, int], rule: DisclosureRule) -> DisclosedCounts[Key]:
    """A one-way table as it may be shown."""
    held = {key: disclosed_count(count, rule) for key, count in counts.items()}
    return DisclosedCounts(held, disclosed_total(held.values(), rule))


@dataclass(frozen=True, slots=True)
class DisclosedGrid(Generic[Row, Col]):
    """A two-way table as it may be shown, with the totals of its rows, of its columns and of all cells."""

    cells: Mapping[Row, Mapping[Col, int | None]]
    row_totals: Mapping[Row, DisclosedTotal]
    column_totals: Mapping[Col, DisclosedTotal]
    total: DisclosedTotal


def disclosed_grid(cells: Mapping[Row, Mapping[Col, int]], rule: DisclosureRule) -> DisclosedGrid[Row, Col]:
    """A two-way table as it may be shown; a cell that a row lacks counts as nought."""
    columns = list(dict.fromkeys(column for row in cells.values() for column in row))
    held = {
        name: {column: disclosed_count(row.get(column, 0), rule) for column in columns} for name, row in cells.items()
    }
    return DisclosedGrid(
        held,
        {name: disclosed_total(row.values(), rule) for name, row in held.items()},
        {column: disclosed_total((row[column] for row in held.values()), rule) for column in columns},
        disclosed_total((count for row in held.values() for count in row.values()), rule),
    )


def disclosed_rate(events: int | None, population: int | None, *, places: int, per: int = 1) -> Decimal | None:
    """A share, a rate or a mean count from two counts as they are shown.

    Takes    events, population: disclosed counts; per: 1 for a share, 1000 for a rate per 1,000.
    Returns  rounded half up to `places`; None where either count is hidden, or nobody is in the population.
    """
    if events is None or not population:
        return None
    return _quotient(events * per, population, places)


def disclosed_sum(pence: int, people: int, rule: DisclosureRule) -> int | None:
    """A sum of money spent on a group, in pence: None where the group is hidden, else rounded to the money base.

    A sum over several groups is the sum of those shown: take it with `disclosed_sum_total`.
    """
    if disclosed_count(people, rule) is None:
        return None
    return _nearest(pence, rule.money_base_pence) if pence >= 0 else -_nearest(-pence, rule.money_base_pence)


def disclosed_sum_total(shown_pence: Iterable[int | None]) -> int:
    """The total of sums of money that are shown; the hidden ones are left out, so that it cannot give them back."""
    return sum(pence for pence in shown_pence if pence is not None)


def disclosed_mean(pence: int | None, people: int | None, *, places: int = 0) -> Decimal | None:
    """Money per head in pounds, from a sum and a count as they are shown; None where either is hidden or nobody is."""
    if pence is None or not people:
        return None
    return _quotient(pence, people * 100, places)


def to_figures(number: Decimal, figures: int) -> Decimal:
    """A number rounded half up to so many significant figures, as rates without their counts are printed."""
    if number == 0:
        return Decimal(0)
    with localcontext(EXACT):
        rounded = number.quantize(Decimal(1).scaleb(number.adjusted() - figures + 1), rounding=ROUND_HALF_UP)
        # 0.9995 is 1.00 to three figures, not 1.000; 12345 is 12300, not 1.23E+4.
        places = max(0, figures - 1 - rounded.adjusted())
        return rounded.quantize(Decimal(1).scaleb(-places))


def _quotient(over: int, under: int, places: int) -> Decimal:
    with localcontext(EXACT):
        return (Decimal(over) / under).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _nearest(number: int, base: int) -> int:
    """Half goes up."""
    return (2 * number + base) // (2 * base) * base
