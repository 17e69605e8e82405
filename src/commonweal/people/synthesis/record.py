"""How is the record of a place's made-up people written and published?"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from commonweal.core.errors import InputError
from commonweal.people.pseudonyms import IDENTITY, identity_folder, place_key
from commonweal.people.record import Record, publish_record
from commonweal.people.synthesis.assumptions import Assumptions
from commonweal.people.synthesis.block import Synthesis
from commonweal.people.synthesis.care import Catalogue
from commonweal.people.synthesis.cohort import Cohort, cohort
from commonweal.people.synthesis.days import year_bounds
from commonweal.people.synthesis.identity import IDENTITY_FILE
from commonweal.people.synthesis.rates import rates
from commonweal.people.synthesis.seasons import Seasons
from commonweal.people.synthesis.writing import BLOCKS_A_PART, write_synthesis
from commonweal.place.inputs import Inputs
from commonweal.place.population import PracticePopulation, practice_populations

DEFAULT_YEARS, DEFAULT_SEED = 3, 2026
MOST_YEARS = 20
MOST_WORKERS = 8
# Changes whenever the same input would make other people.
EDITION = "2"


def synthesise_record(
    inputs: Inputs,
    *,
    people: int | None = None,
    years: int = DEFAULT_YEARS,
    seed: int = DEFAULT_SEED,
    end: date | None = None,
    key_file: Path | None = None,
    progress: Callable[[str, float], None] | None = None,
    workers: int | None = None,
    blocks_a_part: int = BLOCKS_A_PART,
) -> Record:
    """Make up a place's people and what became of them, publish it as its record, and say who they are beside it.

    Takes    people: on the lists on the last day; as many as are registered when None, else in the same proportions.
             years: how many whole years the record covers; end: the first day after them, the start of the place's
             contract when None. seed: other people for another seed. key_file: where the key of the pseudonyms is, the
             place's identity folder when None; made from the seed where there is none. workers: how many work at once;
             what comes out is the same.
    Returns  the record; the identity file is people.parquet in the place's identity folder.
    Raises   InputError for no people, no years, or a place without any registered people.
    """
    practices = practice_populations(inputs)
    end = end or inputs.place.contract_start
    _checked(practices, inputs, people=people, years=years, seed=seed)
    key = place_key(inputs.place.path, key_file=key_file, new=_key_of(seed))
    assumptions = Assumptions(inputs.parameters, end)
    step = progress or (lambda said, share: None)
    step("Finding the rates of care", 0.0)
    shared = _shared(practices, assumptions, people=people, years=years, seed=seed, end=end, key=key)
    identity = identity_folder(inputs.place.path) / IDENTITY_FILE
    waiting = identity.with_suffix(".parquet.part")
    counted: dict[str, int] = {}

    def write(folder: Path) -> None:
        found = write_synthesis(
            shared,
            folder,
            waiting,
            workers=workers or min(os.cpu_count() or 1, MOST_WORKERS),
            step=step,
            blocks_a_part=blocks_a_part,
        )
        counted.update({name: many for name, many in sorted(found.items()) if name != IDENTITY})

    facts: dict[str, Any] = {"seed": seed, "people": int(shared.cohort.sizes.sum()), "rows": counted}
    digest = _digest(shared, inputs, key)
    try:
        published = publish_record(
            inputs.place.path, digest, write, start=_start(shared), end=end, synthetic=True, facts=facts
        )
        waiting.replace(identity)
    finally:
        waiting.unlink(missing_ok=True)
    return published


def _checked(
    practices: tuple[PracticePopulation, ...], inputs: Inputs, *, people: int | None, years: int, seed: int
) -> None:
    where = str(inputs.place.path)
    if sum(practice.people for practice in practices) <= 0:
        mend = "Copy the published list counts, or the need-weighted populations, into lists/."
        raise InputError("No file says how many people the place's practices have registered.", where=where, mend=mend)
    if people is not None and people < 1:
        raise InputError(f"{people} people cannot be made up.", where=where, mend="Ask for one person at least.")
    if not 1 <= years <= MOST_YEARS:
        raise InputError(
            f"A record of {years} years cannot be made up.", where=where, mend=f"Ask for 1 to {MOST_YEARS}."
        )
    if seed < 0:
        raise InputError("A seed is not negative.", where=where, mend="Give a whole number from 0 on.")


def _shared(
    practices: tuple[PracticePopulation, ...],
    assumptions: Assumptions,
    *,
    people: int | None,
    years: int,
    seed: int,
    end: date,
    key: bytes,
) -> Synthesis:
    who: Cohort = cohort(practices, assumptions, people=people, years=years, key=key)
    bounds = year_bounds(end, years)
    return Synthesis(
        cohort=who,
        assumptions=assumptions,
        rates=rates(assumptions, years),
        catalogue=Catalogue(assumptions),
        seasons=Seasons(assumptions, int(bounds[0]), int(bounds[-1])),
        practices=tuple(practice.practice_code for practice in practices),
        seed=seed,
        end=end,
        years=years,
    )


def _start(shared: Synthesis) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(shared.bounds[0]))


def _key_of(seed: int) -> bytes:
    """The key of a made-up place's pseudonyms: it keeps nobody's secret, so that it may follow from the seed."""
    return hashlib.sha256(f"commonweal synthetic people {seed}".encode()).digest()


def _digest(shared: Synthesis, inputs: Inputs, key: bytes) -> str:
    """A name for all that the people are made from: the practices, the parameters, and what was asked for."""
    assumptions = shared.assumptions
    names = sorted(name for name in inputs.parameters if name.startswith("synthesis_"))
    told = [(name, assumptions.value(name)) for name in names]
    told.append(("england", assumptions.value("england_by_age_sex_deprivation")))
    told.append(("segments", assumptions.value("segment_outcomes")))
    asked = (EDITION, shared.seed, shared.end, shared.years, shared.practices, shared.cohort.sizes.tolist())
    kept = hashlib.sha256(repr((asked, told)).encode())
    kept.update(shared.cohort.deciles.tobytes())
    kept.update(shared.cohort.age.tobytes())
    # A digest of a digest: another key makes another record, and nobody gets back to the key.
    kept.update(hashlib.sha256(key).digest())
    return kept.hexdigest()[:16]
