"""How are interventions read: those of the library, and those of a place's `plan` folder?"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from commonweal.contract.clauses.reading import is_clause, read_clause, yaml_content
from commonweal.core.errors import InterventionProblem
from commonweal.core.parameters import Parameters
from commonweal.plan.interventions.activity import planned_activity
from commonweal.plan.interventions.intervention import Intervention

KINDS = {"intervention": Intervention}
PLAN = "plan"


def library_interventions(parameters: Parameters) -> Mapping[str, Intervention]:
    """The interventions that ship with Commonweal, by name."""
    return read_interventions(files("commonweal") / "interventions", "library", parameters)


def interventions_of_place(folder: Path, parameters: Parameters) -> Mapping[str, Intervention]:
    """The interventions of a place by name: those in its `plan` folder in front of the library's.

    Raises   InterventionProblem telling every fault found.
    """
    own = folder / PLAN
    library = library_interventions(parameters)
    return {**library, **read_interventions(own, PLAN, parameters)} if own.is_dir() else library


def read_interventions(folder: Traversable, name: str, parameters: Parameters) -> Mapping[str, Intervention]:
    """The interventions of a folder by name; each YAML file holds one.

    Raises   InterventionProblem telling every fault found: file, path, value, what is wrong and the mend.
    """
    found: dict[str, Intervention] = {}
    read_from: dict[str, str] = {}
    faults: list[str] = []
    known = planned_activity(parameters)
    for file in sorted(folder.iterdir(), key=lambda held: held.name):
        if not file.name.endswith(".yaml") or not file.is_file():
            continue
        where = f"{name}/{file.name}"
        content, wrong = yaml_content(file, where)
        if not wrong and not is_clause(content):
            wrong = [f"{where}: does not say 'clause: intervention'. Write it first."]
        faults += wrong
        if wrong:
            continue
        held, wrong = read_clause(content, where, KINDS)
        faults += wrong
        if not isinstance(held, Intervention):
            continue
        faults += [f"{where}: {told}" for told in _unknown_activity(held, known)]
        if held.name in found:
            faults.append(f"{where}: name '{held.name}' is that of {read_from[held.name]} too. Give each its own.")
        found[held.name] = held
        read_from[held.name] = where
    if faults:
        raise InterventionProblem("\n".join(faults))
    return found


def _unknown_activity(held: Intervention, known: Mapping[str, object]) -> list[str]:
    named = {
        **{f"effects[{i}].activity": effect.activity for i, effect in enumerate(held.effects)},
        **{f"moves[{i}].becomes": move.becomes for i, move in enumerate(held.moves)},
    }
    there = ", ".join(sorted(known))
    return [
        f"{path} '{code}': is no kind of activity. There are {there}."
        for path, code in named.items()
        if code not in known
    ]
