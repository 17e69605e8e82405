"""Who is not for a team's list, why not, and who sees them instead?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.need.cases.changeable import Booleans, at_least

OPTED_OUT, NO_TEAM = "opted_out", "no_team"
PLACED = ("care_home_months_3m", "nursing_months_3m")


@dataclass(frozen=True, slots=True)
class SetAside:
    """One reason for not being on the list, and who sees the person instead."""

    code: str
    label: str
    instead: str


def set_aside_rules(parameters: Parameters, *, on: date) -> tuple[SetAside, ...]:
    """The reasons in their order.

    Raises   ParameterProblem for a reason nobody knows how to look for, and where opting out is not the first.
    """
    held = parameters["case_set_aside"]
    rules = tuple(SetAside(row["code"], row["label"], row["instead"]) for row in held.on(on).value)
    known = {OPTED_OUT, NO_TEAM, *_TESTS}
    where = f"{held.file}: {held.name}"
    for rule in rules:
        if rule.code not in known:
            raise ParameterProblem(
                f"'{rule.code}' is no reason.", where=where, mend=f"Write one of {', '.join(sorted(known))}."
            )
    if not rules or rules[0].code != OPTED_OUT:
        raise ParameterProblem(
            "Opting out is not first.", where=where, mend="Put opted_out first; it is never left out."
        )
    return rules


def reason_of_each(
    people: pa.Table,
    teams: NDArray[np.object_],
    rules: tuple[SetAside, ...],
    parameters: Parameters,
    *,
    on: date,
    caseload: frozenset[int] | None = None,
) -> NDArray[np.int64]:
    """Which reason sets each person aside: its place among the rules, or -1 for whoever is on the list.

    Takes    people: features of the day of people who have not opted out; teams: each one's team, None for none;
             caseload: pseudonyms of people on a caseload; contacts in the last 30 days tell where it is None.
    """
    found = np.full(people.num_rows, -1, dtype=np.int64)
    asked = _Asked(people, parameters, on, caseload)
    for place, rule in enumerate(rules):
        if rule.code == OPTED_OUT:
            continue
        holds = np.equal(teams, None).astype(bool) if rule.code == NO_TEAM else _TESTS[rule.code](asked)
        found[(found < 0) & holds] = place
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    people: pa.Table
    parameters: Parameters
    on: date
    caseload: frozenset[int] | None

    def number(self, name: str) -> float:
        return float(self.parameters[name].on(self.on).number())

    def any_of(self, *names: str) -> Booleans:
        found = np.zeros(self.people.num_rows, bool)
        for name in names:
            if name in self.people.column_names:
                found |= at_least(self.people, name, 1)
        return found


def _child(asked: _Asked) -> Booleans:
    known = np.asarray(asked.people["age"].is_valid().to_numpy(), dtype=bool)
    return known & ~at_least(asked.people, "age", asked.number("case_lowest_age"))


def _on_caseload(asked: _Asked) -> Booleans:
    if asked.caseload is None:
        return at_least(asked.people, "community_30d", asked.number("case_caseload_contacts"))
    listed = pa.array(sorted(asked.caseload), type=pa.int64())
    return np.asarray(pc.is_in(asked.people["person"], value_set=listed).to_numpy(), dtype=bool)


_TESTS: Mapping[str, Callable[[_Asked], Booleans]] = {
    "child": _child,
    "end_of_life": lambda asked: asked.any_of("eol_plan", "condition_palliative"),
    "in_hospital": lambda asked: asked.any_of("in_hospital"),
    "care_home": lambda asked: asked.any_of("nh_rh", *PLACED),
    "on_caseload": _on_caseload,
}
