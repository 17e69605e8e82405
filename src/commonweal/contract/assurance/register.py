"""What does the register of assurance say: of each question, and of each stage?

The system's finding and a person's answer stand side by side. The person's rating stands where there is one; one that
differs from the system's needs a reason, and both are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from commonweal.contract.assurance.answers import Answer, answers_file, answers_on, read_answers
from commonweal.contract.assurance.asked import Asked, Found
from commonweal.contract.assurance.findings import FINDS, found
from commonweal.contract.assurance.questions import RATINGS, Question, Stage, questions_on, stage_named, stages_on
from commonweal.core.errors import InputError
from commonweal.core.periods import Period, financial_year_of, months_later
from commonweal.place.folder import Place

Standing = Literal["green", "amber", "red", "unanswered"]
STANDINGS: tuple[Standing, ...] = (*RATINGS, "unanswered")
RatedBy = Literal["person", "system", "nobody"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with what the system found and what a person answered; old: the answer is past its time."""

    question: Question
    found: Found | None
    answer: Answer | None
    old: bool

    @property
    def rating(self) -> Standing:
        """The rating that stands."""
        if self.answer is not None:
            return self.answer.rating
        return self.found.rating if self.found is not None else "unanswered"

    @property
    def rated_by(self) -> RatedBy:
        """Whose rating stands."""
        return "person" if self.answer is not None else "system" if self.found is not None else "nobody"

    @property
    def overridden(self) -> bool:
        """Whether a person's rating stands in place of a different one of the system."""
        return self.answer is not None and self.found is not None and self.answer.rating != self.found.rating


@dataclass(frozen=True, slots=True)
class StageRegister:
    """One stage with its questions answered."""

    stage: Stage
    entries: tuple[Entry, ...]

    @property
    def counts(self) -> Mapping[Standing, int]:
        """How many questions stand at each rating."""
        return {standing: sum(entry.rating == standing for entry in self.entries) for standing in STANDINGS}

    @property
    def rating(self) -> Standing:
        """The stage's rating, that of its worst question; unanswered while one is, unless one is red."""
        held = self.counts
        return next((s for s in ("red", "unanswered", "amber") if held[s]), "green")


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a place on a day: its stages, in order."""

    place: str
    on: date
    stages: tuple[StageRegister, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every question once, in order of the stages that ask it first."""
        return tuple({entry.question.code: entry for held in self.stages for entry in held.entries}.values())


def year_assured(place: Place, on: date) -> Period:
    """The financial year whose budget and statements a register looks at: the day's, or that of the first day."""
    return financial_year_of(max(on, place.contract_start))


def register(asked: Asked, on: date, *, stage: str = "") -> Register:
    """The register of a place on a day.

    Takes    stage: the code of the one stage wanted; all when empty.
    Raises   InputError for an unknown stage, for answers that cannot be read, and for an answer that overrides the
             system's finding without a reason.
    Source   ISAP, as parameters/assurance.yaml cites it.
    """
    stages = stages_on(asked.parameters, on)
    questions = questions_on(asked.parameters, on, frozenset(FINDS))
    wanted = (stage_named(stages, stage),) if stage else stages
    answers = answers_on(read_answers(asked.place.path, questions), on)
    asking = [q for q in questions if any(held.code in q.stages for held in wanted)]
    entries = {question.code: _entry(question, asked, on, answers.get(question.code)) for question in asking}
    _refuse_without_reason(asked, tuple(entries.values()))
    return Register(
        asked.place.name,
        on,
        tuple(StageRegister(held, tuple(entries[q.code] for q in asking if held.code in q.stages)) for held in wanted),
    )


def _entry(question: Question, asked: Asked, on: date, answer: Answer | None) -> Entry:
    lasts = int(asked.parameters["assurance_answer_lasts_months"].on(on).number())
    old = answer is not None and months_later(answer.on, lasts) <= on
    return Entry(question, found(question.finds, asked, on) if question.finds else None, answer, old)


def _refuse_without_reason(asked: Asked, entries: tuple[Entry, ...]) -> None:
    path = answers_file(asked.place.path)
    silent = [
        f"{path}: {entry.question.code} is {entry.found.rating} by the system and {entry.answer.rating} by its owner, "
        "with no reason. Write it in the column 'note'."
        for entry in entries
        if entry.overridden and entry.found and entry.answer and not entry.answer.note
    ]
    if silent:
        raise InputError("\n".join(silent))
