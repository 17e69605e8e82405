"""What does a clause of scope say: how much of each service line, under which option, from when to when?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from commonweal.contract.agreed.replacing import Replacing
from commonweal.contract.agreed.rows import (
    ServiceLineCode,
    ShareText,
    Spanned,
    commissioners,
    span_faults,
    sum_of,
    through_time,
)
from commonweal.contract.agreed.values import TEXT, Shape, Wrong, table_of
from commonweal.contract.clauses.clause import ClauseFault
from commonweal.core.parameters import Parameter
from commonweal.place.participation.events import Option

IN_USE = "scope_in_use"
TABLES = ("scope", "dudley_scope")


class ScopeTableRow(Spanned):
    """One cell: of a service line under an option, the share in the budget, shown in the pooled view, and kept."""

    option: Option
    service_line: ServiceLineCode
    commissioner: Literal["ICB", "NHS England", "local authority"] | None = None
    share_in_scope: ShareText
    pooled_view: ShareText
    stays_with_practices: ShareText
    practice_code: str = ""
    status: Literal["published", "derived", "illustrative", "given"] | None = None


def _beyond(rows: list[ScopeTableRow]) -> Iterator[Wrong]:
    for i, row in enumerate(rows):
        whole = sum_of((row.share_in_scope, row.stays_with_practices))
        if whole > 1:
            message = "is more than the whole: the share in scope and what stays with the practices."
            yield Wrong((i,), str(whole), message, "They sum to at most 1.")
        if row.option == "virtual" and sum_of((row.share_in_scope,)):
            message = "is in the budget, but the virtual option pays no budget."
            yield Wrong((i, "share_in_scope"), row.share_in_scope, message, "Use pooled_view instead.")
        pays = commissioners()[row.service_line]
        if row.commissioner and row.commissioner != pays:
            message = f"does not pay for {row.service_line}."
            yield Wrong((i, "commissioner"), row.commissioner, message, f"Write {pays}, or leave it out.")
    yield from span_faults(rows, [(row.option, row.service_line, row.practice_code) for row in rows])


TABLE = table_of(ScopeTableRow, _beyond)


class ScopeClause(Replacing):
    """The scope: rows of service line × commissioner × option with the share in each, from a day to a day.

    A row that is not written is the library's. `scope_in_use` names the table that counts.
    """

    clause: Literal["scope"]

    REPLACES: ClassVar[Mapping[str, Shape]] = {IN_USE: TEXT, **dict.fromkeys(TABLES, TABLE)}

    def faults(self) -> Iterator[ClauseFault]:
        """A scope in use that is no table, besides what is wrong with any term."""
        yield from super().faults()
        if IN_USE in self.terms:
            for day, held in sorted(self.terms[IN_USE].values.items()):
                if isinstance(held.value, str) and held.value.strip() and held.value not in TABLES:
                    path = ("terms", IN_USE, "values", day.isoformat(), "value")
                    yield ClauseFault(path, held.value, "is no table of scope.", f"Name {' or '.join(TABLES)}.")

    @property
    def replaces(self) -> Mapping[str, Parameter]:
        """The tables, dated in whole, and which of them is in use."""
        return {
            name: through_time(held, ("commissioner",)) if name in TABLES else held
            for name, held in super().replaces.items()
        }
