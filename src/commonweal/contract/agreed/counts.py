"""How are the numbers that a clause is counted by read from a file that a person writes?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from commonweal.contract.agreed.subcontract_payments import Counted
from commonweal.contract.agreed.values import number
from commonweal.core.amounts import Line, Source, given, given_column
from commonweal.core.errors import InputError

COUNTS = {"people": "people", "count": "items", "before": "items"}


def counts_of(path: Path) -> dict[str, Counted]:
    """What each subcontract of a file is counted by: people, count of the month, count of the months before it.

    Raises   InputError naming the file, and the subcontract and number that cannot be read.
    """
    found: dict[str, Counted] = {}
    for name, held in _content(path).items():
        where = f"{path}: {name}"
        if not isinstance(held, dict) or not set(held) <= set(COUNTS):
            raise InputError("is no set of counts.", where=where, mend=f"Write any of {', '.join(COUNTS)} under it.")
        lines = {key: _line(f"{name}, {key}", text, unit=COUNTS[key], path=path) for key, text in held.items()}
        found[name] = Counted(**lines)
    return found


def people_of(path: Path) -> Line:
    """The people of each practice in a file, a column by practice code.

    Raises   InputError naming the file, and the practice whose number cannot be read.
    """
    held = {code: _number(f"{path}: {code}", text) for code, text in sorted(_content(path).items())}
    return given_column("people by practice", held, unit="people", source=Source(path.name))


def _line(name: str, text: Any, *, unit: str, path: Path) -> Line:
    return given(name, _number(f"{path}: {name}", text), unit=unit, source=Source(path.name))


def _number(where: str, text: Any) -> Decimal:
    held = number(text.replace(",", "").replace("_", "")) if isinstance(text, str) else None
    if held is None or held < 0:
        raise InputError(f"{text!r} is no number of 0 or more.", where=where, mend="Write a number, as 12000.")
    return held


def _content(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise InputError("There is no such file.", where=str(path), mend="Name a YAML file of numbers.")
    try:
        # As text, so that 0.1 stays what was written.
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise InputError(f"is not YAML: {' '.join(str(problem).split())}", where=str(path)) from None
    if not isinstance(held, dict) or not all(isinstance(key, str) for key in held):
        raise InputError("holds no numbers.", where=str(path), mend="Write a line for each, as 'M85001: 12000'.")
    return held
