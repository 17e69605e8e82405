"""Does a file of rates agree with the standardised rates and indices it gives?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, cast

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.need.inequality_file import PARTS, PER_ROW, RateArea, RateRow, read_rate_areas
from commonweal.need.rates import Estimate, crude_rate, directly_standardised_rate, proportion
from commonweal.need.slope_index import Kind, slope_index
from commonweal.place.verification import Verification, VerificationCheck, VerificationRow

Found = TypeVar("Found")

LABELS: Mapping[str, str] = {
    "sii": "slope index",
    "rii": "relative index",
    "dsr": "directly standardised rate",
    "rate": "crude rate",
    "proportion": "proportion",
}
MEANINGS: Mapping[str, str] = {
    "sii": "The line through the quantiles falls or rises by this from the most to the least deprived end.",
    "rii": "The least deprived end of that line over the most deprived one.",
    "dsr": "The rate that the area would have with the age structure of the standard population (Dobson).",
    "rate": "Events over population (Byar; exact below ten events).",
    "proportion": "People over population (Wilson).",
}
SIMULATED = ("sii", "rii")
PART_LABELS = {"": "", "_lower": ", lower limit", "_upper": ", upper limit"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure expected and recomputed."""

    statistic: str
    part: str
    area: str
    expected: Decimal
    recomputed: Decimal | None
    tolerance: Decimal

    @property
    def matches(self) -> bool:
        """Whether it lies within the tolerance."""
        return self.recomputed is not None and abs(self.recomputed - self.expected) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near a recomputed figure must lie: shares of the value, and of the interval's width for simulated limits."""

    value: Decimal
    simulated: Decimal
    repetitions: int


def verify_inequality(path: Path) -> Verification:
    """Slope and relative indices, standardised rates, crude rates and proportions of a file recomputed.

    Takes    path: a CSV file in the form of `inequality_file`.
    Returns  each expected figure against the one recomputed. A figure agrees within half a unit of its last figure, or
             a small share of it; a limit from a simulation within a share of the interval's width.
    Raises   InputError when the file is not of that form, naming row and column.
    Source   parameters/inequality.yaml, inequality_agreement_value and inequality_agreement_simulated.
    """
    agreement = Agreement(
        library()["inequality_agreement_value"].on(date.max).number(),
        library()["inequality_agreement_simulated"].on(date.max).number(),
        int(library()["slope_index_repetitions"].on(date.max).number()),
    )
    compared = [held for area in read_rate_areas(path) for held in _area(area, agreement)]
    if not compared:
        raise InputError(
            "expects nothing, so nothing can be compared.", where=path.name, mend="Fill in what is expected."
        )
    rows = tuple(_row(held) for held in compared if not held.matches)
    return Verification(path.name, "Rates and inequality", "", tuple(_checks(compared, agreement)), rows, {})


def _area(area: RateArea, agreement: Agreement) -> Iterator[Compared]:
    expected = {name: area.expected for name in ("sii", "rii", "dsr") if _asked(area.expected, name)}
    if "sii" in expected or "rii" in expected:
        slope, relative = _indices(area, agreement)
        yield from _compared(area, "sii", slope, area.expected, agreement)
        yield from _compared(area, "rii", relative, area.expected, agreement)
    if "dsr" in expected:
        rate = _located(area, lambda: _standardised(area))
        yield from _compared(area, "dsr", rate, area.expected, agreement)
    for row in area.rows:
        for name in PER_ROW:
            if _asked(row.numbers, name):
                yield from _compared(area, name, _of_row(area, row, name), row.numbers, agreement, row)


def _asked(expected: Mapping[str, Decimal], name: str) -> bool:
    return any(f"{name}{part}" in expected for part in PARTS)


def _indices(area: RateArea, agreement: Agreement) -> tuple[Estimate, Estimate | None]:
    quantiles = area.column("quantile", "a slope index")
    if len(set(quantiles)) < len(quantiles):
        mend = "Name each area in a column 'area'."
        raise InputError("A quantile stands twice.", where=area.where(column="quantile"), mend=mend)
    order = [row for _, row in sorted(zip(quantiles, area.rows, strict=True), key=lambda pair: pair[0])]
    ordered = RateArea(area.name, area.file, tuple(order), area.kind)
    values, limits = _values(ordered, area)
    found = _located(
        area,
        lambda: slope_index(
            ordered.column("population", "a slope index"),
            values,
            kind=cast(Kind, area.kind),
            lower=limits.get("lower"),
            upper=limits.get("upper"),
            errors=limits.get("errors"),
            transformed=area.transformed,
            multiplier=area.multiplier,
            confidence=area.confidence,
            repetitions=agreement.repetitions,
        ),
    )
    return found.slope, found.relative


def _values(ordered: RateArea, area: RateArea) -> tuple[list[float], dict[str, list[float]]]:
    """The values of quantiles and their limits or errors, as given or made from counts."""
    if any(row.get("value") is None for row in ordered.rows):
        found = [_of_row(area, row, area.kind) for row in ordered.rows]
        limits = {"lower": [held.lower for held in found], "upper": [held.upper for held in found]}
        return [held.value for held in found], limits
    values = ordered.column("value", "a slope index")
    if all(row.get("error") is not None for row in ordered.rows):
        return values, {"errors": ordered.column("error", "a slope index")}
    purpose = "an interval"
    return values, {"lower": ordered.column("lower", purpose), "upper": ordered.column("upper", purpose)}


def _standardised(area: RateArea) -> Estimate:
    columns = [area.column(name, "a standardised rate") for name in ("count", "population", "standard")]
    return directly_standardised_rate(*columns, per=area.per, confidence=area.confidence)


def _of_row(area: RateArea, row: RateRow, name: str) -> Estimate:
    one = RateArea(area.name, area.file, (row,))
    (count,), (population,) = (one.column(column, f"a {name}") for column in ("count", "population"))
    if name == "proportion":
        return _located(area, lambda: proportion(count, population, confidence=area.confidence), row)
    return _located(area, lambda: crude_rate(count, population, per=area.per, confidence=area.confidence), row)


def _located(area: RateArea, make: Callable[[], Found], row: RateRow | None = None) -> Found:
    """What is made, or the error with its place in the file."""
    try:
        return make()
    except InputError as wrong:
        raise InputError(wrong.message, where=area.where(row), mend=wrong.mend) from None


def _compared(
    area: RateArea,
    name: str,
    found: Estimate | None,
    expected: Mapping[str, Decimal],
    agreement: Agreement,
    row: RateRow | None = None,
) -> Iterator[Compared]:
    for part in PARTS:
        if f"{name}{part}" not in expected:
            continue
        wanted = expected[f"{name}{part}"]
        tolerance = max(_last_figure(wanted), abs(wanted) * agreement.value)
        if part and name in SIMULATED and found is not None:
            tolerance = max(tolerance, Decimal(repr(found.upper - found.lower)) * agreement.simulated)
        recomputed = None if found is None else Decimal(f"{_part(found, part):.10g}")
        where = area.name or "the file"
        yield Compared(name, part, f"{where}, row {row.number}" if row else where, wanted, recomputed, tolerance)


def _part(found: Estimate, part: str) -> float:
    return {"": found.value, "_lower": found.lower, "_upper": found.upper}[part]


def _last_figure(number: Decimal) -> Decimal:
    """Half a unit of the last figure that a number is written with."""
    return Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)


def _checks(compared: list[Compared], agreement: Agreement) -> Iterator[VerificationCheck]:
    for name, label in LABELS.items():
        for limits in (False, True):
            held = [one for one in compared if one.statistic == name and bool(one.part) == limits]
            if not held:
                continue
            simulated = limits and name in SIMULATED
            share = agreement.simulated if simulated else agreement.value
            within = f"{share} of the {'interval' if simulated else 'value'}, or the last figure"
            meaning = "Limits of the same." if limits else MEANINGS[name]
            title = f"{label}, limits" if limits else label
            yield VerificationCheck(title, sum(one.matches for one in held), len(held), within, meaning)


def _row(held: Compared) -> VerificationRow:
    check = f"{LABELS[held.statistic]}{PART_LABELS[held.part]}: {held.area}"
    recomputed = held.recomputed if held.recomputed is not None else Decimal("NaN")
    return VerificationRow("", check, held.expected, recomputed, recomputed - held.expected)
