"""How are the inputs of a contract's clause read from a file?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from commonweal.core.errors import InputError


def input_numbers(file: Path) -> dict[str, Decimal]:
    """A number for each input that a YAML file has a line for; a line without a value is no input.

    Raises   InputError when there is no such file, it is not YAML, or a value is no number.
    """
    return _numbers(file, _content(file))


def _content(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InputError("There is no such file.", where=str(file), mend="Name a YAML file of inputs.")
    try:
        # As text, so that 0.1 stays what was written.
        held = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError) as problem:
        raise InputError(f"is not YAML: {' '.join(str(problem).split())}", where=str(file)) from None
    if not isinstance(held, dict):
        raise InputError("holds no inputs.", where=str(file), mend="Write a line for each, as 'actual: 56400000'.")
    return held


def _numbers(file: Path, held: Any) -> dict[str, Decimal]:
    if not isinstance(held, dict) or not all(isinstance(value, str) for value in held.values()):
        raise InputError("holds no inputs.", where=str(file), mend="Write a line for each, as 'actual: 56400000'.")
    return {str(name): _number(file, str(name), text) for name, text in held.items() if text.strip()}


def _number(file: Path, name: str, text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("_", ""))
    except ArithmeticError:
        raise InputError(f"'{text}' is no number.", where=f"{file}: {name}", mend="Mend it.") from None


def inputs_by_year(file: Path) -> tuple[dict[str, Decimal], dict[str, dict[str, Decimal]]]:
    """The numbers of a file, and those of the years before that it holds under their names.

    Returns  the year's own inputs; by financial year, such as 2024-25, its inputs.
    Raises   InputError as `input_numbers` does.
    """
    held = _content(file)
    now = {name: value for name, value in held.items() if isinstance(value, str)}
    before = {name: value for name, value in held.items() if not isinstance(value, str)}
    return _numbers(file, now), {name: _numbers(file, value) for name, value in sorted(before.items())}
