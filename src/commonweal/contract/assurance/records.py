"""In what stable shape is the register of assurance handed to other programs?"""

from __future__ import annotations

from typing import Any

from commonweal.contract.assurance.answers import EVIDENCE_BETWEEN
from commonweal.contract.assurance.register import Entry, Register


def register_record(held: Register) -> dict[str, Any]:
    """The register as nested data: stages, each with its questions."""
    return {
        "place": held.place,
        "on": held.on.isoformat(),
        "stages": [
            {
                "stage": found.stage.code,
                "label": found.stage.label,
                "when": found.stage.when,
                "who": found.stage.who,
                "rating": found.rating,
                **found.counts,
                "questions": [_entry(entry) for entry in found.entries],
            }
            for found in held.stages
        ],
    }


def register_rows(held: Register) -> list[dict[str, Any]]:
    """One row per stage and question, as tables/assurance.yaml says."""
    return [{"stage": found.stage.code, **_entry(entry)} for found in held.stages for entry in found.entries]


def _entry(entry: Entry) -> dict[str, Any]:
    question, answer, found = entry.question, entry.answer, entry.found
    return {
        "theme": question.theme,
        "question": question.code,
        "text": question.question,
        "good": question.good,
        "rating": entry.rating,
        "rated_by": entry.rated_by,
        "found_rating": found.rating if found else "",
        "found": found.text if found else "",
        "answered_rating": answer.rating if answer else "",
        "owner": answer.owner if answer else "",
        "answered_on": answer.on.isoformat() if answer else None,
        "old": entry.old,
        "overridden": entry.overridden,
        "evidence": EVIDENCE_BETWEEN.join((*(found.documents if found else ()), *(answer.evidence if answer else ()))),
        "note": answer.note if answer else "",
        "status": question.status,
        "source": str(question.source),
    }
