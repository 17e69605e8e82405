"""Where is an estimate of risk kept, and how is it made for a place?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from commonweal.core.engine import record_engine
from commonweal.core.parameters import Parameters
from commonweal.core.store import Store, current_store, publish_folder
from commonweal.need.risk.card import card_record, card_text
from commonweal.need.risk.dates import risk_dates
from commonweal.need.risk.estimation import Progress, RiskEstimate, risk_estimate
from commonweal.need.risk.models import save_model
from commonweal.need.risk.records import risk_record
from commonweal.people.record import Record, read_record

NEED = "need"
CARD_TEXT, CARD_DATA = "card.md", "card.json"


@dataclass(frozen=True, slots=True)
class PublishedRisk:
    """An estimate of risk as it was published: its folder and what is said of it."""

    path: Path
    record: Mapping[str, Any]

    @property
    def cards(self) -> tuple[Path, ...]:
        """The cards of its models."""
        return tuple(sorted(self.path.glob(f"*/{CARD_TEXT}")))


def publish_risk(
    place: Path,
    *,
    on: date | None = None,
    model: str,
    seed: int,
    parameters: Parameters,
    engine: BaseBackend | None = None,
    progress: Progress = lambda step, share: None,
) -> PublishedRisk:
    """Fit, test and apply models to a place's record, and publish them in its out folder.

    Takes    place: the place's folder; on: the day people are given a risk, the record's end when not given; model:
             logistic, lightgbm or both; seed: of whatever is drawn.
    Returns  what was published, in `out/need/risk-` and a digest of the record, the day, the model, the seed and the
             parameters: `risk.parquet` and a folder a model with its card. On any failure the last one stays.
    Raises   NotAPlace without a record; InputError for a day or a record that no model can be made for.
    """
    record = read_record(place)
    dates = risk_dates(record.start, record.end, parameters, on=on)
    held = engine or record_engine()
    estimate = risk_estimate(
        held, record.tables(held), dates, model=model, parameters=parameters, seed=seed, progress=progress
    )
    said = risk_record(estimate, parameters, synthetic=record.synthetic)
    digest = _digest(record, dates.apply, model, seed, parameters)

    def write(folder: Path) -> Mapping[str, Any]:
        pq.write_table(estimate.risks, folder / "risk.parquet", compression="zstd")
        _write_models(estimate, said, parameters, record.path.name, folder)
        return {"risk": digest, "record": record.path.name, **json.loads(_json(said))}

    progress("Publishing", 0.95)
    return PublishedRisk(publish_folder(place / "out" / NEED, f"risk-{digest}", write).path, said)


def _write_models(
    estimate: RiskEstimate, said: Mapping[str, Any], parameters: Parameters, source: str, folder: Path
) -> None:
    for kind, model in estimate.models.items():
        mine = folder / kind
        mine.mkdir()
        save_model(model, mine)
        card = card_record(estimate, kind, said, parameters, source=source)
        (mine / CARD_TEXT).write_text(card_text(card), encoding="utf-8")
        (mine / CARD_DATA).write_text(_json(card), encoding="utf-8")


def published_risk(place: Path) -> Store:
    """The place's last estimate of risk.

    Raises   NotAPlace where there is none yet.
    """
    return current_store(
        place / "out" / NEED, missing="Nobody's risk has been estimated yet.", mend="Run: commonweal need risk DIR"
    )


def _digest(record: Record, on: date, model: str, seed: int, parameters: Parameters) -> str:
    digest = hashlib.sha256(f"{record.path.name} {on} {model} {seed}".encode())
    for name in parameters:
        digest.update(f"{name} {[(held.start, held.value) for held in parameters[name].values]}".encode())
    return digest.hexdigest()[:16]


def _json(held: Mapping[str, Any]) -> str:
    return json.dumps(held, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"
