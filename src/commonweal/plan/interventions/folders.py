"""How is an intervention of the library taken into a place, to be edited?"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from commonweal.core.errors import InputError
from commonweal.plan.interventions.reading import PLAN


def begin_intervention(place: Path, base: str, name: str = "") -> Path:
    """Write an intervention of the library into the place's `plan` folder, under its own name or another.

    Returns  the file written.
    Raises   InputError when the library has none of the name, or the place has a file of that name already.
    """
    shipped = {held.name.removesuffix(".yaml"): held for held in (files("commonweal") / "interventions").iterdir()}
    if base not in shipped:
        raise InputError(
            "is no intervention of the library.", where=base, mend=f"There are {', '.join(sorted(shipped))}."
        )
    called = name or base
    if not called.replace("_", "").isalnum() or called != called.lower() or not called[0].isalpha():
        raise InputError("is no name.", where=called, mend="Use small letters, digits and '_', a letter first.")
    text = shipped[base].read_text(encoding="utf-8").replace(f"\nname: {base}\n", f"\nname: {called}\n", 1)
    file = place / PLAN / f"{called}.yaml"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise InputError("is there already.", where=str(file), mend="Edit it, or give another name.") from None
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}.", where=str(file), mend="Name a place you may write."
        ) from None
    return file
