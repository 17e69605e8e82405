"""Why is a person's risk higher than most, in words that a clinician would use?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pyarrow as pa

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
    said = [_said(group, features) for group in groups]
    for place, words in enumerate(said):
        weight[[text == "" for text in words], place] = -np.inf
    order = np.argsort(-weight, axis=1, kind="stable")[:, :most]
    return [
        BETWEEN.join(said[place][person] for place in places if weight[person, place] > 0)
        for person, places in enumerate(order)
    ]


def _weights(model: RiskModel, features: pa.Table, groups: tuple[ReasonGroup, ...]) -> Floats:
    place_of = {name: place for place, group in enumerate(groups) for name in group.features}
    found = np.zeros((features.num_rows, len(groups)))
    contributions = model.contributions(features)
    for column, design in enumerate(model.design.columns):
        if design.feature in place_of:
            found[:, place_of[design.feature]] += contributions[:, column]
    # Twelve digits, so that a tie does not fall one way here and another way there.
    return np.round(found, 12)


def _said(group: ReasonGroup, features: pa.Table) -> list[str]:
    """What would be said of each person; empty for those it does not hold of."""
    found = [""] * features.num_rows
    for kind, window in reversed(group.histories):
        counts = features[f"{kind.code}_{window.code}"].to_pylist()
        found = [_history(kind, window, n) if n else held for n, held in zip(counts, found, strict=True)]
    if group.main:
        values = features[group.main].to_pylist()
        found = [_words(group, value) or held for value, held in zip(values, found, strict=True)]
    return [text[:1].upper() + text[1:] for text in found]


def _words(group: ReasonGroup, value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, str):
        return "" if value in group.not_when else group.words.format(value)
    if value is not True and not (value > 0 and group.at_least <= value <= group.at_most):
        return ""
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
