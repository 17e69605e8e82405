"""What is asked of a contract at each stage of assurance?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from commonweal.core.amounts import Source, Status
from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import Parameter, Parameters

Rating = Literal["green", "amber", "red"]
RATINGS: tuple[Rating, ...] = ("green", "amber", "red")
STAGE_KEYS = ("code", "label", "when", "who")
QUESTION_KEYS = ("code", "theme", "question", "good", "status")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its code and label, when it comes, and whose it is."""

    code: str
    label: str
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, with the stages that ask it.

    good     what a good answer looks like
    finds    the name of the system's finding that answers it; empty where only people can
    status   published where the source asks it, illustrative where it does not
    """

    code: str
    stages: tuple[str, ...]
    theme: str
    question: str
    good: str
    finds: str
    status: Status
    source: Source


def stages_on(parameters: Parameters, day: date) -> tuple[Stage, ...]:
    """The stages in force on a day, in order.

    Source   parameters/assurance.yaml; a place may write its own.
    """
    parameter = parameters["assurance_stages"]
    return tuple(Stage(*(str(row[key]) for key in STAGE_KEYS)) for row in _rows(parameter, day, STAGE_KEYS))


def stage_named(stages: tuple[Stage, ...], code: str) -> Stage:
    """The stage of a code; a hyphen stands for an underscore.

    Raises   InputError when there is none.
    """
    found = [stage for stage in stages if stage.code == code.strip().lower().replace("-", "_")]
    if not found:
        there = ", ".join(stage.code for stage in stages)
        raise InputError(f"'{code}' is no stage of assurance.", where="stage", mend=f"Stages are {there}.")
    return found[0]


def questions_on(parameters: Parameters, day: date, known: frozenset[str]) -> tuple[Question, ...]:
    """The questions in force on a day, in order.

    Takes    known: the names of what the system can find.
    Raises   ParameterProblem for a question without a part, with an unknown stage or finding, or a code given twice.
    Source   parameters/assurance.yaml; a place may write its own.
    """
    parameter = parameters["assurance_questions"]
    stages = {stage.code for stage in stages_on(parameters, day)}
    held = parameter.on(day)
    found = tuple(_question(row, held.source) for row in _rows(parameter, day, QUESTION_KEYS))
    for question in found:
        where = f"{parameter.file}: {parameter.name}, {question.code}"
        unknown = [stage for stage in question.stages if stage not in stages]
        if unknown or not question.stages:
            named = f"'{unknown[0]}', which is no stage" if unknown else "no stage"
            raise ParameterProblem(f"names {named}.", where=where, mend=f"Stages are {', '.join(sorted(stages))}.")
        if question.finds and question.finds not in known:
            there = ", ".join(sorted(known))
            raise ParameterProblem(f"asks the system for '{question.finds}'.", where=where, mend=f"It finds {there}.")
    return found


def _question(row: Mapping[str, Any], otherwise: Source) -> Question:
    cited = row.get("source") or {}
    source = Source(*(str(cited.get(key, "")) for key in ("title", "where", "url"))) if cited else otherwise
    return Question(
        code=str(row["code"]),
        stages=tuple(str(stage) for stage in row.get("stages") or ()),
        theme=str(row["theme"]),
        question=str(row["question"]),
        good=str(row["good"]),
        finds=str(row.get("finds", "")),
        status=cast(Status, str(row["status"])),
        source=source,
    )


def _rows(parameter: Parameter, day: date, keys: tuple[str, ...]) -> list[Mapping[str, Any]]:
    where = f"{parameter.file}: {parameter.name}"
    rows = parameter.on(day).value
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ParameterProblem("is not a list of rows.", where=where, mend=f"Write {', '.join(keys)} for each.")
    for number, row in enumerate(rows, start=1):
        missing = [key for key in keys if not row.get(key)]
        if missing:
            raise ParameterProblem(f"row {number} lacks {missing[0]}.", where=where, mend="Write it.")
    codes = [row["code"] for row in rows]
    twice = sorted({str(code) for code in codes if codes.count(code) > 1})
    if twice:
        raise ParameterProblem(f"has '{twice[0]}' twice.", where=where, mend="Keep one.")
    return rows
