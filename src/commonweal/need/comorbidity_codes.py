"""Which ICD-10 codes belong to which category of a comorbidity score, and what does each weigh?

The tables are those of the pycomorb package, read where they lie in it, so that its corrections are ours.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters

HOSPITAL_FRAILTY_FILE = "HFRS.csv"
DEFINITIONS = {"quan": "QUAN", "rcs": "RCS", "uk_shmi": "UK_SHMI_v1.60"}
AGE = "Age"


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a score: the beginnings of its codes, and its weight; None where the weighting leaves it out."""

    name: str
    prefixes: tuple[str, ...]
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Score:
    """A comorbidity score.

    milder    pairs of severe and milder category; the milder one counts for nothing beside the severe one
    floor     no total falls below it; None where totals may be negative
    """

    code: str
    label: str
    categories: tuple[Category, ...]
    milder: tuple[tuple[str, str], ...]
    floor: Decimal | None

    def weight(self, name: str) -> Decimal:
        """What a category weighs; nothing where the weighting leaves it out."""
        return next((c.weight for c in self.categories if c.name == name and c.weight is not None), Decimal(0))


def comorbidity_score(code: str, parameters: Parameters, *, on: date) -> Score:
    """A score of parameters/need_comorbidity.yaml with its codes and weights.

    Raises   ParameterProblem when there is no such score.
    """
    rows = {row["code"]: row for row in parameters["comorbidity_scores"].on(on).value}
    if code not in rows:
        raise ParameterProblem(f"There is no comorbidity score '{code}'.", mend=f"Name one of {', '.join(rows)}.")
    row = rows[code]
    categories = index_categories(row["index"], row["codes"], row["weights"])
    names = {category.name for category in categories}
    pairs = tuple(
        (pair["severe"], pair["milder"])
        for pair in parameters["milder_forms"].on(on).value
        if pair["index"] == row["index"] and {pair["severe"], pair["milder"]} <= names
    )
    floor = Decimal(row["floor"]) if row["floor"] else None
    return Score(row["code"], row["label"], categories, pairs, floor)


@lru_cache(maxsize=32)
def index_categories(index: str, codes: str, weights: str) -> tuple[Category, ...]:
    """The categories of an index, under the names that its weights have.

    Takes    index: CHARLSON or ELIXHAUSER; codes: quan, rcs or uk_shmi; weights: a column of pycomorb's weights.
    """
    renamed = _aliases(index).get(codes) or {}
    weight_of = {row["category"]: row[weights] for row in _rows(f"{index}_WEIGHTS.csv")}
    found = []
    for row in _rows(f"{index}_{DEFINITIONS[codes]}.csv"):
        if row["category"] and row["category"] != AGE and row["icd10_codes"]:
            name = renamed.get(row["category"], row["category"])
            written = weight_of.get(name)
            weight = Decimal(written) if written else None
            found.append(Category(name, tuple(code.strip() for code in row["icd10_codes"].split("|")), weight))
    return tuple(found)


@lru_cache(maxsize=1)
def hospital_frailty_weights() -> dict[str, Decimal]:
    """The weight of each three-character code of the Hospital Frailty Risk Score."""
    return {row["icd10_codes"]: Decimal(row["weight"]) for row in _rows(HOSPITAL_FRAILTY_FILE)}


def _rows(file: str) -> list[dict[str, str]]:
    text = (files("pycomorb") / "common" / file).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _aliases(index: str) -> dict[str, Any]:
    text = (files("pycomorb") / "common" / f"{index}_CATEGORY_ALIASES.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
