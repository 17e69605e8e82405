"""What is in the MCP's budget, and what stays where it is, under each contract option?

The three options are shown as if every practice took them, beside what the practices have agreed. For every
practice, service line and option the parts sum to the cost of care, to the penny:

    in budget             paid to the MCP
    performance pay       in scope, paid to the MCP for results
    stays with practices  income of the practices' own contracts
    existing contracts    stays in contracts with other providers; some of it is in the alliance's pooled view
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from commonweal.budget.care_budget import CareBudget
from commonweal.budget.service_lines import ServiceLine
from commonweal.budget.whole_population_budget import WholePopulationBudget, whole_population_budget
from commonweal.contract.scope import Scope, scope_on, scope_shares, shares_in_pooled_view, shares_kept
from commonweal.core.amounts import Line, less, pennies, summed, times, total
from commonweal.core.explanation import reliability
from commonweal.core.parameters import Parameters
from commonweal.place.participation.events import OPTIONS, Option

AS_AGREED = "as_agreed"
LABELS = {"virtual": "Virtual", "partial": "Partial", "full": "Full", AS_AGREED: "As agreed"}
PARTS = ("in_budget", "performance_pay", "stays_with_practices", "existing_contracts")
PART_LABELS = {
    "in_budget": "In the MCP's budget",
    "performance_pay": "Performance pay",
    "stays_with_practices": "Stays with the practices",
    "existing_contracts": "Stays in existing contracts",
    "pooled_view": "In the pooled view",
}


@dataclass(frozen=True, slots=True)
class Portions:
    """One sum of money by where it goes; the four sum to `funded`. `pooled_view` is part of existing contracts."""

    in_budget: Line
    performance_pay: Line
    stays_with_practices: Line
    existing_contracts: Line
    pooled_view: Line
    funded: Line


@dataclass(frozen=True, slots=True)
class OptionBudget:
    """The cost of care under one option: for each service line, columns of whole pence by practice.

    name     virtual, partial, full or as_agreed
    options  the option of each practice that takes part
    """

    name: str
    label: str
    options: Mapping[str, Option]
    scope: Scope
    budget: WholePopulationBudget
    lines: Mapping[str, Portions]
    labels: Mapping[str, str]

    def of_line(self, service_line: str) -> Portions:
        """One service line, the practices added up."""
        held = self.lines[service_line]
        return _portions(lambda part: summed(self.labels[service_line], getattr(held, part)))

    def of_practice(self, code: str) -> Portions:
        """One practice, the service lines added up; `explained` tells each of them in full."""
        return _portions(lambda part: self._added(code, part, code))

    def of_practice_line(self, code: str, service_line: str) -> Portions:
        """One practice and service line; `explained` tells each part in full."""
        held = self.lines[service_line]
        return _portions(lambda part: _entry(getattr(held, part), code, self.labels[service_line]))

    def explained(self, code: str, service_line: str, part: str) -> Line:
        """One part of one practice and service line with its whole explanation.

        Takes    part: in_budget, performance_pay, stays_with_practices, existing_contracts, pooled_view or funded.
        """
        line: Line = getattr(self.lines[service_line], part)
        return line.at(code)

    def of_group(self, name: str, codes: tuple[str, ...]) -> Portions:
        """A neighbourhood, or any other group of practices."""
        return _portions(lambda part: total(name, *(self._added(code, part, code) for code in codes)))

    @property
    def whole(self) -> Portions:
        """The whole place."""
        return _portions(
            lambda part: total(
                PART_LABELS.get(part, "Cost of care"),
                *(summed(self.labels[code], getattr(held, part)) for code, held in self.lines.items()),
            )
        )

    def _added(self, name: str, part: str, code: str) -> Line:
        return total(name, *(_entry(getattr(held, part), code, self.labels[line]) for line, held in self.lines.items()))


@dataclass(frozen=True, slots=True)
class Options:
    """The options side by side, for one year and the scope of one day."""

    care: CareBudget
    on: date
    scope: Scope
    virtual: OptionBudget
    partial: OptionBudget
    full: OptionBudget
    as_agreed: OptionBudget

    def __iter__(self) -> Iterator[OptionBudget]:
        yield from (self.virtual, self.partial, self.full, self.as_agreed)

    def of_neighbourhood(self, option: str, code: str) -> Portions:
        """One neighbourhood under one option."""
        held: OptionBudget = getattr(self, option)
        return held.of_group(code, self.care.neighbourhoods[code])


def options(
    care: CareBudget, parameters: Parameters, on: date, *, agreed: Mapping[str, Option] | None = None
) -> Options:
    """Virtual, partial and full as if every practice took them, and as agreed.

    Takes    on: the day whose scope counts; agreed: the option of each practice that takes part on that day, as
             `participation.options_on` gives it.
    Raises   ParameterProblem when the scope lacks a service line.
    """
    scope = scope_on(parameters, on)
    whole: dict[str, OptionBudget] = {
        option: option_budget(care, scope, dict.fromkeys(care.practices, option), option) for option in OPTIONS
    }
    return Options(
        care,
        on,
        scope,
        whole["virtual"],
        whole["partial"],
        whole["full"],
        option_budget(care, scope, dict(agreed or {}), AS_AGREED),
    )


def option_budget(care: CareBudget, scope: Scope, taken: Mapping[str, Option], name: str) -> OptionBudget:
    """The cost of care under the options that practices take; one that is absent stays out.

    Returns  for each service line and practice: in budget + performance pay + with the practice + existing
             contracts = funded, to the penny.
    """
    lines = [held.service_line for held in care.lines]
    in_scope = scope_shares(scope, taken, care.practices, lines)
    kept = shares_kept(scope, taken, care.practices, lines)
    pooled = shares_in_pooled_view(scope, taken, care.practices, lines)
    budget = whole_population_budget(care, in_scope)
    portions = {line.code: _of_line(line, care, budget, kept[line.code], pooled[line.code]) for line in lines}
    labels = {line.code: line.label for line in lines}
    return OptionBudget(name, LABELS[name], taken, scope, budget, portions, labels)


def _of_line(line: ServiceLine, care: CareBudget, budget: WholePopulationBudget, kept: Line, pooled: Line) -> Portions:
    outside = budget.outside[line.code]
    stays = pennies(f"{line.label} with the practices", times(f"{line.label} kept", outside, kept))
    existing = less(f"{line.label} in existing contracts", outside, stays)
    view = pennies(f"{line.label} in the pooled view", times(f"{line.label} pooled", existing, pooled))
    return Portions(
        budget.in_budget[line.code],
        budget.performance_pay[line.code],
        stays,
        existing,
        view,
        care.line(line.code).funded,
    )


def option_rows(found: Options) -> list[dict[str, object]]:
    """One row per option, service line and practice: pounds by where they go, as exact decimals."""
    rows: list[dict[str, object]] = []
    for held in found:
        for code, portions in held.lines.items():
            columns = {name: getattr(portions, name).by_key() for name in (*PARTS, "pooled_view")}
            funded, status = portions.funded.by_key(), reliability(portions.funded)
            rows.extend(
                {
                    "financial_year": found.care.year.label,
                    "option": held.name,
                    "service_line": code,
                    "practice_code": practice,
                    "practice_name": found.care.names.get(practice, ""),
                    "practice_option": held.options.get(practice, ""),
                    **{name: column[practice] for name, column in columns.items()},
                    "cost_of_care": funded[practice],
                    "status": status,
                }
                for practice in found.care.practices
            )
    return rows


def _entry(column: Line, code: str, name: str) -> Line:
    """One practice's entry of a column, its explanation folded.

    Cutting the whole tree below a column costs a thousand lines a practice; here the column itself is the part, so
    what the amount depends on is still known, and a sum over hundreds of practices takes no time.
    """
    held: Any = column.value
    value = held[(column.keys or ()).index(code)]
    return replace(column, name=name, value=value, keys=None, parts=(column,), folded=True)


def _portions(of: Callable[[str], Line]) -> Portions:
    return Portions(**{part: of(part) for part in (*PARTS, "pooled_view", "funded")})
