"""How does a plain table of features become the numbers that a model is fitted to?

A whole number that counts is taken as its logarithm, beside whether there is any; a measure as it stands; age as a line
that bends; yes and no as 1 and 0; words as one column for each word. What is not known is a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonweal.core.errors import InputError

NOT_FEATURES = ("person", "practice_code", "ethnicity")
BENDING = "age"
NO_COUNTS = (BENDING, "imd_decile")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DesignColumn:
    """One column of numbers: the feature it is made from, and how.

    how      number, log, any, above (so much beyond a bend), is (a word), unknown
    word     of `is`
    bend     of `above`
    middle   mean among the people learned from, and what stands where a number is not known
    spread   standard deviation among them
    """

    feature: str
    how: str
    word: str = ""
    bend: float = 0.0
    middle: float = 0.0
    spread: float = 1.0

    @property
    def name(self) -> str:
        """The feature and how it is taken, in words."""
        said = {"number": "", "log": ", logarithm", "any": ", any", "unknown": ", not known"}
        if self.how == "is":
            return f"{self.feature}: {self.word}"
        return f"{self.feature} above {self.bend:g}" if self.how == "above" else self.feature + said[self.how]


@dataclass(frozen=True, slots=True)
class Design:
    """The columns a model is fitted to, in their order.

    standardised   whether columns are taken as how many standard deviations from their mean, with the mean for what is
                   not known; otherwise as they are, with no number for what is not known
    """

    columns: tuple[DesignColumn, ...]
    standardised: bool

    def matrix(self, features: pa.Table) -> Floats:
        """One row a person, one column a design column.

        Raises   InputError naming features that the table lacks.
        """
        missing = sorted({column.feature for column in self.columns} - set(features.column_names))
        if missing:
            raise InputError(
                f"The table lacks {', '.join(missing)}.", mend="Give it the features the model was fitted to."
            )
        held = np.empty((features.num_rows, len(self.columns)))
        numbers: dict[str, Floats] = {}
        for place, column in enumerate(self.columns):
            if column.how != "is" and column.feature not in numbers:
                numbers = {column.feature: _numbers(features[column.feature])}
            taken = _taken(column, features, numbers)
            if self.standardised:
                taken = (np.where(np.isnan(taken), column.middle, taken) - column.middle) / column.spread
            held[:, place] = taken
        return held

    def as_rows(self) -> list[dict[str, Any]]:
        """The columns as plain rows, for saving."""
        return [asdict(column) for column in self.columns]


def design_from(rows: Sequence[Mapping[str, Any]], *, standardised: bool) -> Design:
    """The design that was saved as rows."""
    return Design(tuple(DesignColumn(**row) for row in rows), standardised)


def straight_design(features: pa.Table, *, bends: Sequence[float], least: int) -> Design:
    """The design of a model that adds up: standardised, counts as logarithms, age bent.

    Takes    features: one row a person, with `person` and whatever else; bends: ages at which the line of age bends;
             least: a column that fewer people have, or lack, is left out.
    """
    found = []
    for column in _straight_columns(features, bends):
        taken = _taken(column, features, None)
        known = taken[~np.isnan(taken)]
        values, counts = np.unique(known, return_counts=True)
        if len(values) < 2 or known.size - counts.max() < least:
            continue
        middle, spread = _rounded(known.mean()), _rounded(known.std())
        found.append(DesignColumn(column.feature, column.how, column.word, column.bend, middle, spread))
    return Design(tuple(found), True)


def tree_design(features: pa.Table, *, least: int) -> Design:
    """The design of a model of trees: numbers as they are, one column for each word.

    Takes    least: a column that fewer people have, or lack, is left out.
    """
    columns = (column for column in _straight_columns(features, ()) if column.how in ("number", "log", "is"))
    plain = [DesignColumn(c.feature, "is" if c.how == "is" else "number", c.word) for c in columns]
    kept = []
    for column in plain:
        taken = _taken(column, features, None)
        values, counts = np.unique(taken[~np.isnan(taken)], return_counts=True)
        if len(values) > 1 and counts.sum() - counts.max() >= least:
            kept.append(column)
    return Design(tuple(kept), False)


def _straight_columns(features: pa.Table, bends: Sequence[float]) -> Iterator[DesignColumn]:
    for name in features.column_names:
        column = features[name]
        if name in NOT_FEATURES:
            continue
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            words = sorted(word for word in pc.unique(column).to_pylist() if word is not None)
            yield from (DesignColumn(name, "is", word) for word in words)
        elif pa.types.is_integer(column.type) and name not in NO_COUNTS and (pc.min(column).as_py() or 0) >= 0:
            yield DesignColumn(name, "log")
            yield DesignColumn(name, "any")
        else:
            yield DesignColumn(name, "number")
            if name == BENDING:
                yield from (DesignColumn(name, "above", bend=bend) for bend in bends)
        if column.null_count:
            yield DesignColumn(name, "unknown")


def _taken(column: DesignColumn, features: pa.Table, numbers: Mapping[str, Floats] | None) -> Floats:
    if column.how == "is":
        return pc.equal(features[column.feature], column.word).fill_null(False).to_numpy().astype(float)
    held = _numbers(features[column.feature]) if numbers is None else numbers[column.feature]
    if column.how == "unknown":
        return np.isnan(held).astype(float)
    if column.how == "log":
        return np.log1p(held)
    if column.how == "any":
        return np.where(np.isnan(held), np.nan, (held > 0).astype(float))
    return np.maximum(held - column.bend, 0.0) if column.how == "above" else held


def _numbers(column: pa.ChunkedArray) -> Floats:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        known = column.is_valid().to_numpy()
        return np.where(known, 0.0, np.nan)
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=float)


def _rounded(number: float) -> float:
    # Nine digits, so that the same people give the same bytes whatever the machine adds up first.
    return float(f"{number:.9g}")
