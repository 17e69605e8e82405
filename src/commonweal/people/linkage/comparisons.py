"""In what ways can two records agree, and which pairs are compared at all?

Every comparison is a ladder of levels from full agreement to none; each level's starting probabilities are parameters.
A pair is compared when it agrees on any two of given name, family name, date of birth and postcode, so that no one
wrong field, and no two, keep a person from being found; names the other way round are looked for as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from splink.blocking_rule_library import CustomRule, block_on
from splink.comparison_level_library import CustomLevel
from splink.comparison_library import CustomComparison
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_creator import ComparisonCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from commonweal.core.parameters import Parameters

NONE = "different"
OTHER_WAY = "l.given_name = r.family_name and l.family_name = r.given_name"
_CROSSED = "given_name_l = family_name_r and family_name_l = given_name_r and given_name_l <> given_name_r"


def conditions(parameters: Parameters, on: date) -> Mapping[str, Mapping[str, str]]:
    """The levels of each comparison but the last, as DuckDB's SQL over both sides of a pair, tried in this order."""
    held = parameters["linkage_similarity"].on(on).value
    return {
        "given_name": {
            "same": "given_name_l = given_name_r",
            "short_form": "given_root_l = given_root_r "
            "or (length(given_name_l) >= 3 and starts_with(given_name_r, given_name_l)) "
            "or (length(given_name_r) >= 3 and starts_with(given_name_l, given_name_r))",
            **_likeness("given_name", held),
        },
        "family_name": {
            "same": "family_name_l = family_name_r",
            "other_way_round": _CROSSED,
            "part": "(length(family_name_l) >= 4 and contains(family_name_r, family_name_l)) "
            "or (length(family_name_r) >= 4 and contains(family_name_l, family_name_r))",
            **_likeness("family_name", held),
        },
        "birth_date": {
            "same": "birth_date_l = birth_date_r",
            "day_and_month": "birth_date_l[1:4] = birth_date_r[1:4] and birth_date_l[5:6] = birth_date_r[7:8] "
            "and birth_date_l[7:8] = birth_date_r[5:6]",
            "one_digit": _one_letter("birth_date"),
            "two_parts": "(birth_date_l[1:6] = birth_date_r[1:6]) or (birth_date_l[5:8] = birth_date_r[5:8]) "
            "or (birth_date_l[1:4] = birth_date_r[1:4] and birth_date_l[7:8] = birth_date_r[7:8])",
        },
        "sex": {"same": "sex_l = sex_r"},
        "postcode": {
            "same": "postcode_l = postcode_r",
            "one_letter": _one_letter("postcode"),
            "district": "left(postcode_l, length(postcode_l) - 3) = left(postcode_r, length(postcode_r) - 3)",
        },
    }


def _likeness(column: str, least: Mapping[str, str]) -> dict[str, str]:
    likeness = f"jaro_winkler_similarity({column}_l, {column}_r)"
    return {
        "alike": f"{likeness} >= {Decimal(least['alike'])} or {_one_letter(column)}",
        "resembling": f"{likeness} >= {Decimal(least['resembling'])}",
    }


def _one_letter(column: str) -> str:
    """One character wrong, missing or too many, or two neighbours exchanged."""
    # Two texts one letter apart have a Jaro similarity of at least .75, which takes a thirtieth of the time to see.
    sides = f"({column}_l, {column}_r)"
    return f"case when jaro_similarity{sides} >= 0.75 then damerau_levenshtein{sides} <= 1 else false end"


# The commoner a name is, the less it says.
FREQUENCIES = ("given_name", "family_name")
BLOCKED = ("given_name", "family_name", "birth_date", "postcode")


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which a field agrees: how often it does for one person (m) and for two people (u)."""

    comparison: str
    level: str
    label: str
    m: float
    u: float
    condition: str


def stated_levels(parameters: Parameters, on: date) -> tuple[Level, ...]:
    """The levels with the probabilities that the parameters state, in the order in which they are tried."""
    rows = {(row["comparison"], row["level"]): row for row in parameters["linkage_levels"].on(on).value}
    return tuple(
        Level(comparison, level, row["label"], float(row["m"]), float(row["u"]), condition)
        for comparison, ladder in conditions(parameters, on).items()
        for level, condition in (*ladder.items(), (NONE, "ELSE"))
        for row in (rows[comparison, level],)
    )


def splink_comparisons(levels: tuple[Level, ...]) -> list[ComparisonCreator | dict[str, Any]]:
    """The levels as Splink takes them."""
    return [
        CustomComparison(
            [*_left_out(name), *(_level(held) for held in levels if held.comparison == name)],
            output_column_name=name,
        )
        for name in dict.fromkeys(held.comparison for held in levels)
    ]


def _left_out(name: str) -> list[ComparisonLevelCreator | dict[str, Any]]:
    missing = CustomLevel(f"{name}_l is null or {name}_r is null", "missing").configure(is_null_level=True)
    if name != "given_name":
        return [missing]
    # Names the other way round count once, with the family name.
    crossed = CustomLevel(_CROSSED, "other way round").configure(is_null_level=True)
    return [missing, crossed]


def _level(held: Level) -> ComparisonLevelCreator:
    made = CustomLevel(held.condition, held.level).configure(m_probability=held.m, u_probability=held.u)
    if held.level == "same" and held.comparison in FREQUENCIES:
        made.configure(tf_adjustment_column=held.comparison)
    return made


def compared_pairs() -> list[BlockingRuleCreator | dict[str, Any]]:
    """Which pairs are compared: those that agree on two of four fields, or whose names are the other way round."""
    return [*(block_on(*two) for two in combinations(BLOCKED, 2)), CustomRule(OTHER_WAY)]


def training_pairs() -> list[BlockingRuleCreator]:
    """The pairs on which agreement is learnt: each field is learnt from pairs that were not chosen by it."""
    return [block_on("birth_date"), block_on("given_name", "family_name")]
