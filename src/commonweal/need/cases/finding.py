"""Whom might each team see with the hours it has, by which rule, and who is set aside?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
from commonweal.need.cases.changeable import ChangeRule, change_rules, rule_of_each
from commonweal.need.cases.choosing import Choice, choice
from commonweal.need.cases.set_aside import SetAside, reason_of_each, set_aside_rules

CHOSEN, NEXT, SET_ASIDE = "chosen", "next", "set aside"
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Team:
    """A team, the practices whose people it sees, and its hours."""

    code: str
    name: str
    practices: tuple[str, ...]
    hours: float


@dataclass(frozen=True, slots=True)
class TeamCases:
    """What a team's hours reach.

    candidates         people who could be on the list
    admitted           expected number of those chosen who will be admitted without more care (the sum of their risks)
    changed            how many of these admissions might be avoided: low, central, high
    next_hour          central benefit of one more hour: the next person's benefit over their hours
    """

    team: Team
    candidates: int
    chosen: int
    choice: Choice
    admitted: float
    changed: tuple[float, float, float]
    next_hour: float


@dataclass(frozen=True, slots=True)
class Cases:
    """Case finding for all teams.

    table            the table `cases` of tables/risk.yaml; nobody who has opted out is in it
    set_aside        each reason with how many people it sets aside, and how many of them have a risk as high as the
                     lowest among those chosen by their team
    chosen_by_rule   each rule with how many of those chosen it gave the share to
    """

    on: date
    teams: tuple[TeamCases, ...]
    set_aside: tuple[tuple[SetAside, int, int], ...]
    chosen_by_rule: tuple[tuple[ChangeRule, int], ...]
    caseload_given: bool
    table: pa.Table


def case_finding(
    people: pa.Table,
    teams: Sequence[Team],
    parameters: Parameters,
    *,
    on: date,
    opted_out: int = 0,
    caseload: frozenset[int] | None = None,
    hours_per_person: float | None = None,
) -> Cases:
    """Whom each team might see.

    Takes    people: features of the day with `risk` and `reasons`, one row a person, nobody who has opted out;
             opted_out: how many have; caseload: pseudonyms of those on a caseload, None where there is no such list;
             hours_per_person: what everybody takes, whatever the rules say.
    Returns  for each team the people in order of risk times changeable share over hours, as far as its hours reach, and
             those next in line; and who is set aside, by reason.
    """
    rules = change_rules(parameters, on=on, hours_per_person=hours_per_person)
    aside = set_aside_rules(parameters, on=on)
    team_of = {practice: team.code for team in teams for practice in team.practices}
    of_each = np.array([team_of.get(code) for code in people["practice_code"].to_pylist()], dtype=object)
    reason = reason_of_each(people, of_each, aside, parameters, on=on, caseload=caseload)
    rule = rule_of_each(people, rules)
    listed = _Listed(people, of_each, reason, rule, rules, aside)
    shown_next = int(parameters["case_next_in_line"].on(on).number())
    found = [listed.of_team(team, shown_next) for team in teams]
    chosen = np.concatenate([team.choice.chosen for team, _ in found]) if found else np.array([], np.int64)
    counted = np.bincount(rule[chosen], minlength=len(rules))
    lowest = {team.team.code: listed.lowest_risk(team.choice.chosen) for team, _ in found}
    high = listed.as_high_as(lowest)
    sums = tuple(
        (one, opted_out if place == 0 else int((reason == place).sum()), int(((reason == place) & high).sum()))
        for place, one in enumerate(aside)
    )
    rows = [row for _, rows in found for row in rows] + listed.set_aside_rows(high)
    by_rule = tuple((rules[place], int(counted[place])) for place in range(len(rules)))
    teams_found = tuple(team for team, _ in found)
    return Cases(on, teams_found, sums, by_rule, caseload is not None, _table(rows))


@dataclass(frozen=True, slots=True)
class _Listed:
    """Everybody, with team, reason and rule."""

    people: pa.Table
    team: NDArray[np.object_]
    reason: NDArray[np.int64]
    rule: NDArray[np.int64]
    rules: tuple[ChangeRule, ...]
    aside: tuple[SetAside, ...]

    def of_team(self, team: Team, shown_next: int) -> tuple[TeamCases, list[dict[str, Any]]]:
        """What a team's hours reach, and its rows."""
        mine = np.flatnonzero((self.team == team.code) & (self.reason < 0))
        risk, person = self._numbers("risk")[mine], self.people["person"].to_numpy()[mine]
        share = np.array([[r.low, r.central, r.high] for r in self.rules])[self.rule[mine]]
        hours = np.array([r.hours for r in self.rules])[self.rule[mine]]
        held = choice(risk * share[:, 1], hours, risk, person, limit=team.hours)
        changed = tuple(float((risk * share[:, one])[held.chosen].sum()) for one in range(3))
        following = held.next
        an_hour = 0.0 if following is None else float(risk[following] * share[following, 1] / hours[following])
        taken = set(held.chosen.tolist())
        places = {int(position): place for place, position in enumerate(held.order, start=1)}
        waiting = [int(position) for position in held.order if int(position) not in taken][:shown_next]
        shown = [(int(p), CHOSEN) for p in held.chosen] + [(p, NEXT) for p in waiting]
        rows = [self._row(int(mine[p]), team.code, status, places[p]) for p, status in shown]
        behind = None if following is None else int(mine[following])
        in_whole = Choice(mine[held.order], mine[held.chosen], held.hours, held.benefit, held.most, behind)
        low, central, high = changed
        expected = float(risk[held.chosen].sum())
        return TeamCases(team, len(mine), len(taken), in_whole, expected, (low, central, high), an_hour), rows

    def lowest_risk(self, chosen: NDArray[np.int64]) -> float:
        """The lowest risk among people chosen; above any where nobody is."""
        return float(self._numbers("risk")[chosen].min()) if len(chosen) else 2.0

    def as_high_as(self, lowest: Mapping[str, float]) -> NDArray[np.bool_]:
        """Who is set aside though the risk is as high as that of somebody chosen by the same team."""
        wanted = np.array([lowest.get(team, 2.0) for team in self.team])
        return (self.reason >= 0) & (self._numbers("risk") >= wanted)

    def set_aside_rows(self, high: NDArray[np.bool_]) -> list[dict[str, Any]]:
        """Rows of those set aside though their risk is high, for a clinician to look at."""
        return [
            self._row(int(position), str(self.team[position]), SET_ASIDE, None) for position in np.flatnonzero(high)
        ]

    def _row(self, position: int, team: str, status: str, place: int | None) -> dict[str, Any]:
        risk = float(self.people["risk"][position].as_py())
        row = {name: self.people[name][position].as_py() for name in ("person", "practice_code", "reasons")}
        row |= {"team": team, "status": status, "risk": risk, "place": place}
        if status == SET_ASIDE:
            why = self.aside[self.reason[position]]
            return row | {"set_aside": f"{why.label}. Instead: {why.instead}"}
        rule = self.rules[self.rule[position]]
        benefit = round(risk * rule.central, DIGITS)
        return row | {"changeable": rule.central, "benefit": benefit, "hours": rule.hours, "rule": rule.label}

    def _numbers(self, name: str) -> NDArray[np.float64]:
        return np.asarray(self.people[name].to_numpy(), dtype=float)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    schema = definitions()["cases"].schema.to_pyarrow()
    held = pa.schema([pa.field(field.name, field.type) for field in schema])
    table = pa.Table.from_pylist([{name: row.get(name) for name in held.names} for row in rows], schema=held)
    return table.sort_by([(name, "ascending") for name in ("team", "status", "place", "person")])
