"""How is a place written down?

place.yaml and neighbourhoods.yaml are for people first: few lines, comments, always in the same order. What is read
back is checked key by key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from commonweal.core.errors import NotAPlace

KEEP_PCN = ("always", "prefer", "ignore")


@dataclass(frozen=True, slots=True)
class NeighbourhoodRecord:
    """A neighbourhood as the place keeps it."""

    code: str
    name: str
    practice_codes: tuple[str, ...]


def place_text(
    *,
    name: str,
    commissioner: tuple[str, str],
    contract_start: date,
    rule: Mapping[str, Any],
    practices: Sequence[tuple[str, str]],
    payments_year: str,
    allow_years_apart: bool,
) -> str:
    """place.yaml of a new place; practices are pairs of code and name."""
    named = "\n".join(f"    - {code}  # {' '.join(label.split())}" for code, label in practices)
    rules = "\n".join(f"    {kind}: {_quoted(asked)}" for kind, asked in rule.items())
    return f"""\
# A place: the practices of one MCP, who commissions it, and when its contract starts.

name: {_quoted(name)}

commissioner:
  code: {_quoted(commissioner[0])}
  name: {_quoted(commissioner[1])}

# First day of the contract. Windows of the way back to independent contracts are counted from it.
contract_start: {contract_start.isoformat()}

practices:
  # How the practices were chosen. It is kept for the record; the codes below are what counts.
  rule:
{rules}
  codes:
{named}

# The published files in lists/ that the baseline is built on.
files:
  payments_year: {_quoted(payments_year)}
  allow_years_apart: {str(allow_years_apart).lower()}

# How neighbourhoods are formed. keep_pcn: always, prefer or ignore. Pairs are practice codes, as in [[A12345, B12345]].
formation:
  keep_pcn: ignore
  must_be_together: []
  never_together: []
"""


def neighbourhoods_text(neighbourhoods: Sequence[NeighbourhoodRecord], names: Mapping[str, str]) -> str:
    """neighbourhoods.yaml: each neighbourhood with its practices, in order of code."""
    lines = ["# The neighbourhoods of the place. Written by `commonweal form`; edit it to move a practice.", ""]
    for held in sorted(neighbourhoods, key=lambda n: n.code):
        lines += [f"{_quoted(held.code)}:", f"  name: {_quoted(held.name)}", "  practices:"]
        lines += [
            f"    - {code}{f'  # {names[code]}' if code in names else ''}" for code in sorted(held.practice_codes)
        ]
    return "\n".join(lines) + "\n"


def _quoted(value: Any) -> str:
    # JSON is YAML, and quotes what YAML would otherwise read as a number or a truth value.
    return json.dumps(value, ensure_ascii=False)


class PlaceReader:
    """place.yaml read key by key; every complaint names the file and the key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content = mapping_in(path)

    def text(self, key: str) -> str:
        """A text that must be there and not be blank."""
        return self._checked(key, lambda v: isinstance(v, str) and bool(v.strip()), "a text").strip()

    def text_or_blank(self, key: str) -> str:
        """A text that may be left out."""
        held = self._found(key)
        return "" if held is None else self._checked(key, lambda v: isinstance(v, str), "a text").strip()

    def day(self, key: str) -> date:
        """A day."""
        return self._checked(key, lambda v: isinstance(v, date) and not isinstance(v, datetime), "a day, as 2026-04-01")

    def truth(self, key: str) -> bool:
        """True or false; false when left out."""
        return self._found(key) is not None and self._checked(key, lambda v: isinstance(v, bool), "true or false")

    def one_of(self, key: str, allowed: Sequence[str], otherwise: str) -> str:
        """One of some words."""
        if self._found(key) is None:
            return otherwise
        return self._checked(key, lambda v: v in allowed, f"one of {', '.join(allowed)}")

    def codes(self, key: str) -> tuple[str, ...]:
        """A list of codes, at least one, none twice; in order."""
        held = self._checked(key, lambda v: isinstance(v, list) and bool(v), "a list of at least one code")
        tidy = [str(code).strip().upper() for code in held]
        twice = sorted({code for code in tidy if tidy.count(code) > 1})
        if twice:
            raise self.problem(key, f"names {', '.join(twice)} twice", "Keep one of them.")
        return tuple(sorted(tidy))

    def pairs(self, key: str, codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Pairs of practices of the place; none when left out."""
        held = self._found(key) or []
        if not isinstance(held, list) or any(not isinstance(pair, list) or len(pair) != 2 for pair in held):
            raise self.problem(key, "is not a list of pairs", "Write [[A12345, B12345]].")
        pairs = tuple((str(a).strip().upper(), str(b).strip().upper()) for a, b in held)
        unknown = sorted({code for pair in pairs for code in pair} - set(codes))
        if unknown:
            raise self.problem(key, f"names {', '.join(unknown)}, not of this place", "Name practices of the place.")
        return pairs

    def mapping(self, key: str) -> Mapping[str, Any]:
        """A mapping; empty when left out."""
        held = self._found(key)
        return {} if held is None else self._checked(key, lambda v: isinstance(v, dict), "a mapping")

    def problem(self, key: str, what: str, mend: str) -> NotAPlace:
        """The complaint about a key."""
        return NotAPlace(f"{key} {what}.", where=str(self.path), mend=mend)

    def _found(self, key: str) -> Any:
        held: Any = self.content
        for part in key.split("."):
            held = held.get(part) if isinstance(held, dict) else None
        return held

    def _checked(self, key: str, fits: Callable[[Any], bool], should_be: str) -> Any:
        held = self._found(key)
        if held is None:
            raise self.problem(key, "is missing", f"Give it {should_be}.")
        if not fits(held):
            raise self.problem(key, f"is not {should_be}", f"It says {held!r}; correct it.")
        return held


def mapping_in(path: Path) -> Mapping[str, Any]:
    """The mapping in a YAML file.

    Raises   NotAPlace when it is not YAML or holds something else.
    """
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = str(path) if line is None else f"{path}, line {line + 1}"
        raise NotAPlace("is not YAML.", where=where, mend="Mend the line, or take the file from a copy.") from None
    if not isinstance(held, dict):
        raise NotAPlace("holds no keys.", where=str(path), mend="Write one key a line, as in name: Fylde.")
    return held
