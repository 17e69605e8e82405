"""What does a clause of subcontracts say: to whom is what paid on, on which terms, and when?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from commonweal.contract.agreed.replacing import Replacing
from commonweal.contract.agreed.rows import (
    ServiceLineCode,
    ShareText,
    Spanned,
    commissioners,
    span_faults,
    through_time,
)
from commonweal.contract.agreed.values import (
    AMOUNT,
    DAY_OF_MONTH,
    MONTHS,
    NAMES,
    SHARE,
    TEXT,
    Shape,
    Wrong,
    mapping_of,
    number,
    table_of,
)
from commonweal.contract.clauses.clause import NAME, ClauseFault, Strict
from commonweal.core.parameters import DatedValue, Parameter

SHARES = "subcontract_shares"
PAYERS = ("ICB", "NHS England", "local authority")


class ShareRow(Spanned):
    """A share of a service line that is paid on to a provider."""

    service_line: ServiceLineCode
    provider: str = Field(min_length=1)
    share: ShareText
    status: Literal["published", "derived", "illustrative", "given"] | None = None


def _beyond(rows: list[ShareRow]) -> Iterator[Wrong]:
    yield from span_faults(rows, [(row.service_line, row.provider) for row in rows])
    for i, row in enumerate(rows):
        start = row.span[0]
        together = [r for r in rows if r.service_line == row.service_line and r.span[0] <= start < r.span[1]]
        whole = sum((number(r.share) or 0 for r in together), number("0") or 0)
        if whole > 1:
            mend = "The shares of a line sum to at most 1."
            yield Wrong((i, "share"), str(whole), f"of {row.service_line} is paid on, more than the whole.", mend)


class Subcontract(Strict):
    """What all subcontracts have: a name, who is paid, and for which service line."""

    name: str = Field(pattern=NAME)
    provider: str = Field(min_length=1)
    service_line: ServiceLineCode
    uses: ClassVar[Mapping[str, Shape]] = {}

    def named(self) -> dict[str, str]:
        """The terms that the fields name, by field."""
        return {field: getattr(self, field) for field in self.uses if getattr(self, field) is not None}


class Block(Subcontract):
    """A sum for the year, paid in twelfths whatever is done."""

    type: Literal["block"]
    year_sum: str
    uses: ClassVar[Mapping[str, Shape]] = {"year_sum": AMOUNT}


class Capitation(Subcontract):
    """A sum a year for each person on the list, paid in twelfths."""

    type: Literal["capitation"]
    per_head: str
    people: Literal["registered", "weighted"] = "registered"
    uses: ClassVar[Mapping[str, Shape]] = {"per_head": AMOUNT}


class CostAndVolume(Subcontract):
    """A base sum for a planned volume, and a marginal price for what lies beyond a band round it.

    below    whether what lies below the band is `returned` at the marginal price, or `kept`
    """

    type: Literal["cost_and_volume"]
    base: str
    volume: str
    band: str
    marginal: str
    below: Literal["returned", "kept"] = "kept"
    uses: ClassVar[Mapping[str, Shape]] = {"base": AMOUNT, "volume": AMOUNT, "band": SHARE, "marginal": AMOUNT}


class Item(Subcontract):
    """A price for each thing counted."""

    type: Literal["item"]
    price: str
    uses: ClassVar[Mapping[str, Shape]] = {"price": AMOUNT}


AnySubcontract = Annotated[Block | Capitation | CostAndVolume | Item, Field(discriminator="type")]
# What a statement pays each month before anything is counted: the field that names the sum of the year. What the
# others pay is counted first, so a statement only says to whom.
PAID_MONTHLY: Mapping[type[Subcontract], str] = {Block: "year_sum", CostAndVolume: "base"}


class Subcontracts(Replacing):
    """Who is paid on: shares of lines, and subcontracts by block, capitation, cost and volume, or item.

    A term that is not written is the library's.
    """

    clause: Literal["subcontracts"]
    subcontracts: tuple[AnySubcontract, ...] = ()

    REPLACES: ClassVar[Mapping[str, Shape]] = {
        SHARES: table_of(ShareRow, _beyond),
        "paid_to_practices": NAMES,
        "payment_arrears_months": mapping_of(MONTHS, lambda: tuple(commissioners()), "service line"),
        "reserve_share": SHARE,
        "performance_pay_interim_share": SHARE,
        "payment_day": DAY_OF_MONTH,
        "payers": mapping_of(TEXT, lambda: PAYERS, "type of commissioner"),
    }

    def own_terms(self) -> Mapping[str, Shape]:
        """The sums, rates, volumes and prices that the subcontracts name."""
        return {name: held.uses[field] for held in self.subcontracts for field, name in held.named().items()}

    def faults(self) -> Iterator[ClauseFault]:
        """Terms that are not there, names given twice, and a line paid on to one provider in two ways."""
        yield from super().faults()
        names = [held.name for held in self.subcontracts]
        for i, held in enumerate(self.subcontracts):
            if names.index(held.name) < i:
                yield ClauseFault(("subcontracts", i, "name"), held.name, "is there twice.", "Give each its own.")
            for field, name in held.named().items():
                if name not in self.terms or name in self.REPLACES:
                    there = ", ".join(sorted(set(self.terms) - set(self.REPLACES))) or "none"
                    mend = f"Write it under terms; there: {there}."
                    yield ClauseFault(("subcontracts", i, field), name, "is no term of this clause.", mend)
            if (held.service_line, held.provider) in self._shared():
                message = f"is paid a share of {held.service_line} too, by {SHARES}."
                yield ClauseFault(("subcontracts", i, "provider"), held.provider, message, "Keep one of the two.")
        if self.subcontracts and SHARES not in self.terms:
            mend = f"Write the term {SHARES}: the lines that are paid on by share, which may be none."
            yield ClauseFault(("subcontracts",), names, "leaves the library's shares beside it.", mend)

    def _shared(self) -> set[tuple[str, str]]:
        held = self.terms[SHARES].values.values() if SHARES in self.terms else ()
        rows = [row for value in held if isinstance(value.value, list) for row in value.value]
        pairs = [(row.get("service_line"), row.get("provider")) for row in rows if isinstance(row, dict)]
        return {(str(line), str(provider)) for line, provider in pairs}

    @property
    def replaces(self) -> Mapping[str, Parameter]:
        """The terms; the shares dated in whole, with the sums that a statement pays each month beside them."""
        found = dict(super().replaces)
        if SHARES in found:
            found[SHARES] = self._with_sums(through_time(found[SHARES]))
        return found

    def _with_sums(self, shares: Parameter) -> Parameter:
        first = shares.values[0].start
        terms = {
            held.name: self.parameters[getattr(held, PAID_MONTHLY[type(held)])]
            for held in self.subcontracts
            if type(held) in PAID_MONTHLY
        }
        changes = {value.start for term in terms.values() for value in term.values if value.start > first}
        days = sorted({*(value.start for value in shares.values), *changes})
        return replace(shares, values=tuple(_on(shares, self.subcontracts, terms, day) for day in days))


def _on(shares: Parameter, held: Sequence[Subcontract], terms: Mapping[str, Parameter], day: date) -> DatedValue:
    """The rows of a day: shares, then the sums agreed, then who is paid once what they did is counted."""
    now = shares.on(day)
    rows = list(now.value)
    for subcontract in held:
        row = {"service_line": subcontract.service_line, "provider": subcontract.provider, "source": now.source}
        term = terms.get(subcontract.name)
        if term is None:
            rows.append(row)
        elif term.values[0].start <= day:
            value = term.on(day)
            sums = {"year_sum": value.value, "label": term.label, "status": value.status, "source": value.source}
            rows.append({**row, **sums})
    return replace(now, start=day, value=rows)
