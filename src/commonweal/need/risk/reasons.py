"""Why is a person's risk higher than most, in words that a clinician would use?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.need.risk.design import Floats
from commonweal.need.risk.features import CONDITION
from commonweal.need.risk.history import Kind, Window, history_kinds, history_windows
from commonweal.need.risk.models import Booleans, RiskModel

BETWEEN = "; "
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
A_YEAR = 12


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Features that make up one reason, and how it is said.

    main       the feature whose value stands in the words; empty where there are none
    bands      how wide the bands are that a number is said in, and where the last one begins
    histories  what may be said instead: a kind of care and the window's words, the one to be said first in front
    """

    code: str
    features: tuple[str, ...]
    main: str
    words: str
    at_least: float
    at_most: float
    not_when: tuple[str, ...]
    bands: tuple[int, int] | None
    histories: tuple[tuple[Kind, Window], ...]

    @property
    def read(self) -> list[str]:
        """The features that its words are made from."""
        return [*([self.main] if self.main else []), *(f"{kind.code}_{window.code}" for kind, window in self.histories)]


def reason_groups(
    names: Sequence[str], parameters: Parameters, *, on: date, since: date | None = None
) -> tuple[ReasonGroup, ...]:
    """The reasons that features can give.

    Takes    names: the features; since: the first day that history was counted from.
    """
    windows = history_windows(parameters, on=on, since=since)
    a_year_ago = months_later(on, -A_YEAR)
    said = tuple(window for window in windows if window.start <= a_year_ago) or windows[-1:]
    kinds = history_kinds(parameters, on=on)
    taken: set[str] = set()
    found = []
    for row in parameters["risk_reasons"].on(on).value:
        mine = tuple(n for n in names if n not in taken and any(fnmatchcase(n, held) for held in row["features"]))
        taken |= set(mine)
        if mine:
            found.append(_group(row, mine, kinds, said))
    for row in parameters["conditions"].on(on).value:
        name = f"{CONDITION}{row['code']}"
        if name in names:
            found.append(ReasonGroup(name, (name,), name, row["label"], 0.0, np.inf, (), None, ()))
    return tuple(found)


def _group(
    row: Mapping[str, Any], mine: tuple[str, ...], kinds: tuple[Kind, ...], said: tuple[Window, ...]
) -> ReasonGroup:
    main = row["features"][0] if row["words"] and row["features"][0] in mine else ""
    stems = [held.removesuffix("_*") for held in row["features"] if held.endswith("_*")]
    histories = [
        (kind, window)
        for stem in stems
        for kind in kinds
        if kind.code == stem
        for window in said
        if f"{kind.code}_{window.code}" in mine
    ]
    limits = float(row["at_least"] or 0), float(row["at_most"] or np.inf)
    bands = (int(row["bands"]), int(row["open_from"])) if row.get("bands") else None
    return ReasonGroup(row["code"], mine, main, row["words"], *limits, tuple(row["not_when"]), bands, tuple(histories))


def reasons(
    model: RiskModel, features: pa.Table, parameters: Parameters, *, on: date, since: date | None = None
) -> list[str]:
    """Each person's reasons, the weightiest first, in the order of the table; empty where nothing raises the risk.

    A reason is what moves the model's log odds up from those of the average person and is there to be said: the absence
    of something is never one.
    """
    groups = reason_groups(features.column_names, parameters, on=on, since=since)
    most = int(parameters["risk_most_reasons"].on(on).number())
    weight = _weights(model, features, groups)
    for place, group in enumerate(groups):
        weight[~_holds(group, features), place] = -np.inf
    order = np.argsort(-weight, axis=1, kind="stable")[:, :most]
    raises = np.take_along_axis(weight, order, axis=1) > 0
    said = np.full(order.shape, "", dtype=object)
    for place, group in enumerate(groups):
        people, at = np.nonzero((order == place) & raises)
        said[people, at] = _said(group, features.select(group.read).take(people)) if len(people) else []
    return [BETWEEN.join(text for text in texts if text) for texts in said]


def _weights(model: RiskModel, features: pa.Table, groups: tuple[ReasonGroup, ...]) -> Floats:
    place_of = {name: place for place, group in enumerate(groups) for name in group.features}
    found = np.zeros((features.num_rows, len(groups)))
    contributions = model.contributions(features)
    for column, design in enumerate(model.design.columns):
        if design.feature in place_of:
            found[:, place_of[design.feature]] += contributions[:, column]
    # Twelve digits, so that a tie does not fall one way here and another way there.
    return np.round(found, 12)


def _holds(group: ReasonGroup, features: pa.Table) -> Booleans:
    """Of whom there is something to be said."""
    found = np.zeros(features.num_rows, bool)
    for kind, window in group.histories:
        found |= features[f"{kind.code}_{window.code}"].to_numpy() > 0
    if group.main:
        found |= _main_holds(group, features[group.main])
    return found


def _main_holds(group: ReasonGroup, values: pa.ChunkedArray) -> Booleans:
    if pa.types.is_string(values.type):
        holds = pc.invert(pc.is_in(values, value_set=pa.array(list(group.not_when), pa.string())))
        return np.asarray(pc.and_(holds, values.is_valid()).to_numpy(), dtype=bool)
    numbers = np.nan_to_num(np.asarray(values.cast(pa.float64()).to_numpy(), dtype=float), nan=0.0)
    return (numbers > 0) & (numbers >= group.at_least) & (numbers <= group.at_most)


def _said(group: ReasonGroup, people: pa.Table) -> list[str]:
    """The words for people of whom there is something to be said."""
    found = [""] * people.num_rows
    for kind, window in reversed(group.histories):
        counts = people[f"{kind.code}_{window.code}"].to_pylist()
        found = [_history(kind, window, n) if n else held for n, held in zip(counts, found, strict=True)]
    if group.main:
        holds, values = _main_holds(group, people[group.main]), people[group.main].to_pylist()
        found = [_words(group, v) if is_so else held for is_so, v, held in zip(holds, values, found, strict=True)]
    return [text[:1].upper() + text[1:] for text in found]


def _words(group: ReasonGroup, value: Any) -> str:
    if group.bands:
        return group.words.format(_band(int(value), *group.bands))
    return group.words.format(f"{value:.0f}" if isinstance(value, float) else value)


def _band(number: int, width: int, open_from: int) -> str:
    # In bands, since an exact age helps nobody here and would help to find out who a pseudonym is.
    first = number // width * width
    return f"{open_from} or over" if number >= open_from else f"{first} to {first + width - 1}"


def _history(kind: Kind, window: Window, times: int) -> str:
    number = NUMBERS[times] if times < len(NUMBERS) else f"{times:,}"
    return f"{number} {kind.one if times == 1 else kind.many} {window.label}"


def with_reasons(risk: Floats, share: float) -> Booleans:
    """Which people are given reasons: so great a share of all, those at highest risk."""
    people = min(len(risk), max(1, round(share * len(risk))))
    lowest = np.partition(risk, len(risk) - people)[len(risk) - people] if len(risk) else 0.0
    return risk >= lowest
