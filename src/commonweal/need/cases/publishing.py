"""Where are a place's cases kept, and how are they found from its record and its risks?"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from commonweal.core.engine import record_engine
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.store import Store, publish_folder
from commonweal.need.cases.finding import Cases, Team, case_finding
from commonweal.need.cases.records import cases_record
from commonweal.need.risk.dates import risk_dates
from commonweal.need.risk.estimation import opted_out_count, people_known
from commonweal.need.risk.publishing import NEED, published_risk
from commonweal.people.record import Record, read_record
from commonweal.place.folder import Place

CASES = "cases"
BY_NEIGHBOURHOOD, BY_PRACTICE = "neighbourhood", "practice"


@dataclass(frozen=True, slots=True)
class PublishedCases:
    """Case finding as it was published: the folder with the list of pseudonyms, and what may be said of it anywhere."""

    path: Path
    record: Mapping[str, Any]


def publish_cases(
    place: Place,
    hours: Mapping[str, float],
    *,
    by: str = BY_NEIGHBOURHOOD,
    hours_per_person: float | None = None,
    caseload_file: Path | None = None,
    parameters: Parameters,
    engine: BaseBackend | None = None,
) -> PublishedCases:
    """Find whom each team of a place might see, and publish the list in its out folder.

    Takes    hours: by team, the empty name for every team not named; by: neighbourhood or practice; hours_per_person:
             what everybody takes; caseload_file: people on a caseload, a CSV or Parquet file with a column `person`.
    Returns  what was published, in `out/need/cases`: `cases.parquet` and the same as `cases.csv`, by pseudonym.
    Raises   NotAPlace without a record, an estimate of risk or neighbourhoods; InputError for hours or a caseload that
             cannot be used, and where the record has changed since risk was estimated.
    """
    record, risk = read_record(place.path), published_risk(place.path)
    if risk.manifest["record"] != record.path.name:
        raise InputError(
            "The record has changed since risk was estimated.",
            where=str(risk.path),
            mend="Run: commonweal need risk DIR",
        )
    teams = place_teams(place, hours, by=by)
    caseload = read_caseload(caseload_file) if caseload_file else None
    on = date.fromisoformat(risk.manifest["dates"]["applied_on"])
    held = engine or record_engine()
    people, opted_out = _people(held, record, risk, on, parameters)
    cases = case_finding(
        people,
        teams,
        parameters,
        on=on,
        opted_out=opted_out,
        caseload=caseload,
        hours_per_person=hours_per_person,
    )
    said = {"by": by, "model": risk.manifest["applied"], **cases_record(cases, parameters)}
    return PublishedCases(_publish(place, cases, said, risk.path.name, caseload), said)


def place_teams(place: Place, hours: Mapping[str, float], *, by: str) -> tuple[Team, ...]:
    """The teams of a place with their hours.

    Raises   InputError for hours of a team that is not there or below nought; NotAPlace's mend where no neighbourhoods
             are formed.
    """
    if by == BY_NEIGHBOURHOOD and not place.neighbourhoods:
        raise InputError(
            "The place has no neighbourhoods yet.",
            where=str(place.path),
            mend="Run: commonweal form DIR, or ask by practice.",
        )
    found = (
        [(held.code, held.name, held.practice_codes) for held in place.neighbourhoods.values()]
        if by == BY_NEIGHBOURHOOD
        else [(code, code, (code,)) for code in place.practice_codes]
    )
    unknown = sorted(set(hours) - {code for code, _, _ in found} - {""})
    if unknown:
        known = ", ".join(code for code, _, _ in found)
        raise InputError(f"There is no team {', '.join(unknown)}.", mend=f"Name one of {known}.")
    if any(number < 0 for number in hours.values()):
        raise InputError("A team cannot have fewer hours than none.", mend="Give hours of nought or more.")
    usual = hours.get("", 0.0)
    return tuple(Team(code, name, practices, hours.get(code, usual)) for code, name, practices in found)


def read_caseload(path: Path) -> frozenset[int]:
    """The pseudonyms of people on a caseload.

    Raises   InputError for a file that is not there or has no column `person` of whole numbers. It never says which.
    """
    if not path.is_file():
        raise InputError("There is no such file.", where=str(path), mend="Name a CSV or Parquet file.")
    mend = "It needs a column `person` of pseudonyms, as in cases.csv."
    try:
        table = pq.read_table(path) if path.suffix == ".parquet" else pa_csv.read_csv(path)
        return frozenset(int(value) for value in table["person"].cast(pa.int64()).drop_null().to_pylist())
    except (KeyError, pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise InputError("The file is not a caseload.", where=str(path), mend=mend) from None


def _people(engine: BaseBackend, record: Record, risk: Store, on: date, parameters: Parameters) -> tuple[pa.Table, int]:
    """Features of the day with risk and reasons, of those who were given a risk; and how many have opted out."""
    tables = record.tables(engine)
    dates = risk_dates(record.start, record.end, parameters, on=on)
    features = people_known(engine, tables, on, dates, parameters)
    risks = risk.table("risk").select(["person", "risk", "reasons"])
    people = features.join(risks, "person", join_type="inner").sort_by("person")
    return people, opted_out_count(engine, tables, on=on)


def _publish(place: Place, cases: Cases, said: Mapping[str, Any], risk: str, caseload: frozenset[int] | None) -> Path:
    text = json.dumps(said, sort_keys=True, default=str)
    listed = hashlib.sha256(repr(sorted(caseload or ())).encode()).hexdigest()
    digest = hashlib.sha256(f"{risk} {text} {listed}".encode()).hexdigest()[:16]

    def write(folder: Path) -> Mapping[str, Any]:
        pq.write_table(cases.table, folder / "cases.parquet", compression="zstd")
        with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(cases.table.column_names)
            rows.writerows(zip(*(column.to_pylist() for column in cases.table.columns), strict=True))
        return {"cases": digest, "risk": risk, **json.loads(text)}

    return publish_folder(place.out / NEED / CASES, f"cases-{digest}", write).path
