"""How much of each service line is in the MCP's budget, under which option?

A scope is a table: service line × option × share, dated. The library ships a documented default and Dudley's as an
example. A place replaces any row by writing it under `scope` in its contract folder; rows that it does not write
are the library's. A row may be for one practice alone, by its `practice_code`: some lines move in practice by practice.
`scope_in_use` names the table, so that a place can take Dudley's whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from commonweal.budget.service_lines import ServiceLine
from commonweal.core.amounts import Line, Source, Status, given_column
from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameter, Parameters, library
from commonweal.place.participation.events import OPTIONS, Option

SHARES = ("share_in_scope", "pooled_view", "stays_with_practices")
SHARE_LABELS = {
    "share_in_scope": "share in scope",
    "kept_of_outside": "practices' share of the rest",
    "pooled_view": "share in the pooled view",
}
OUT = Decimal(0)


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One cell of the scope.

    share_in_scope        the share of the line in the MCP's budget
    stays_with_practices  the share that stays with the practices as income of their own
    pooled_view           the share shown in the alliance's pooled view
    practice_code         the practice that the row is for; empty for every practice without a row of its own
    What is neither in scope nor with the practices stays in existing contracts.
    """

    option: Option
    service_line: str
    share_in_scope: Decimal
    pooled_view: Decimal
    stays_with_practices: Decimal
    status: Status
    source: Source
    practice_code: str = ""

    @property
    def kept_of_outside(self) -> Decimal:
        """The practices' share of what is not in the MCP's budget; 0 where all of it is."""
        outside = 1 - self.share_in_scope
        return self.stays_with_practices / outside if outside else Decimal(0)


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope table in force on a day."""

    label: str
    on: date
    cells: Mapping[tuple[Option, str, str], ScopeRow]

    def row(self, option: Option, service_line: str, practice_code: str = "") -> ScopeRow:
        """The cell of one option and service line; a practice's own where it has one.

        Raises   ParameterProblem when the table does not say.
        """
        own = self.cells.get((option, service_line, practice_code))
        found = own or self.cells.get((option, service_line, ""))
        if found is not None:
            return found
        raise ParameterProblem(
            f"{self.label} does not say how much of {service_line} is in scope under {option}.",
            where="scope",
            mend="Add the row to contract/scope.yaml in the place.",
        )


def scope_on(parameters: Parameters, day: date, *, name: str = "") -> Scope:
    """The scope in force on a day: the one named, else the one that `scope_in_use` names.

    Raises   ParameterProblem for a share outside 0 to 1, shares that sum past 1, an unknown option, or a row twice.
    Source   parameters/scope.yaml.
    """
    wanted = name or str(parameters["scope_in_use"].on(day).value)
    parameter = parameters[wanted]
    found = (*_library_rows(wanted, day), *_rows(parameter, day))
    return Scope(parameter.label, day, {_key(row): row for row in found})


def scope_shares(
    scope: Scope,
    options_by_practice: Mapping[str, Option],
    practices: Sequence[str],
    lines: Iterable[ServiceLine],
) -> dict[str, Line]:
    """For each service line the share in the MCP's budget, a column by practice.

    Takes    options_by_practice: the option of each practice that takes part; one that is absent has share 0.
    """
    return {line.code: _column(scope, line, options_by_practice, practices, "share_in_scope") for line in lines}


def shares_kept(
    scope: Scope,
    options_by_practice: Mapping[str, Option],
    practices: Sequence[str],
    lines: Iterable[ServiceLine],
) -> dict[str, Line]:
    """For each service line the practices' share of what is not in the budget, a column by practice.

    A practice that stays out keeps what it would keep in the virtual option, which leaves every contract as it is.
    """
    everyone: dict[str, Option] = {code: options_by_practice.get(code, "virtual") for code in practices}
    return {line.code: _column(scope, line, everyone, practices, "kept_of_outside") for line in lines}


def shares_in_pooled_view(
    scope: Scope,
    options_by_practice: Mapping[str, Option],
    practices: Sequence[str],
    lines: Iterable[ServiceLine],
) -> dict[str, Line]:
    """For each service line the share shown in the pooled view, a column by practice."""
    return {line.code: _column(scope, line, options_by_practice, practices, "pooled_view") for line in lines}


def _column(
    scope: Scope, line: ServiceLine, options: Mapping[str, Option], practices: Sequence[str], share: str
) -> Line:
    rows = {code: scope.row(options[code], line.code, code) for code in practices if code in options}
    used = set(rows.values())
    sources = sorted({str(row.source) for row in used})
    return given_column(
        f"{line.label}: {SHARE_LABELS[share]}",
        {code: getattr(rows[code], share) if code in rows else OUT for code in practices},
        unit="share of the service line",
        status="illustrative" if any(row.status == "illustrative" for row in used) else _status(used),
        source=Source("; ".join(sources) or scope.label, scope.label),
        working="by the option of each practice; 0 for a practice that stays out",
    )


def _status(rows: set[ScopeRow]) -> Status:
    found = sorted({row.status for row in rows})
    return found[0] if len(found) == 1 else "given" if not found else "derived"


def _library_rows(name: str, day: date) -> tuple[ScopeRow, ...]:
    shipped = library()
    if name not in shipped or shipped[name].values[0].start > day:
        return ()
    return _rows(shipped[name], day)


def _rows(parameter: Parameter, day: date) -> tuple[ScopeRow, ...]:
    held = parameter.on(day)
    where = f"{parameter.file}: {parameter.name}"
    if not isinstance(held.value, list):
        raise ParameterProblem("is not a list of rows.", where=where, mend="Write one row per option and line.")
    rows = tuple(_row(body, held.status, held.source, where) for body in held.value)
    keys = [_key(row) for row in rows]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ParameterProblem(f"has {twice[0][1]} under {twice[0][0]} twice.", where=where, mend="Keep one.")
    return rows


def _key(row: ScopeRow) -> tuple[Option, str, str]:
    return (row.option, row.service_line, row.practice_code)


def _row(body: Any, status: Status, source: Source, where: str) -> ScopeRow:
    if not isinstance(body, Mapping) or body.get("option") not in OPTIONS or not body.get("service_line"):
        raise ParameterProblem(
            f"the row {body!r} names no option or no service line.", where=where, mend=f"Options: {', '.join(OPTIONS)}."
        )
    place = f"{where}, {body['option']}, {body['service_line']}"
    in_scope, pooled, kept = (_share(body.get(name), name, place) for name in SHARES)
    if in_scope + kept > 1:
        raise ParameterProblem(
            f"puts {in_scope} in scope and leaves {kept} with the practices, more than the whole.",
            where=place,
            mend="The two sum to at most 1.",
        )
    if body["option"] == "virtual" and in_scope:
        raise ParameterProblem(
            f"puts {in_scope} in the budget, but the virtual option pays no budget.",
            where=place,
            mend="Use pooled_view instead.",
        )
    own = cast(Status, body.get("status", status))
    practice = str(body.get("practice_code", ""))
    return ScopeRow(body["option"], str(body["service_line"]), in_scope, pooled, kept, own, source, practice)


def _share(value: Any, name: str, where: str) -> Decimal:
    try:
        share = Decimal(str(value))
    except InvalidOperation:
        raise ParameterProblem(f"{name} is '{value}', not a number.", where=where, mend="Write 0 to 1.") from None
    if not share.is_finite() or not 0 <= share <= 1:
        raise ParameterProblem(f"{name} is {value}, outside 0 to 1.", where=where, mend="Write 0 to 1.")
    return share
