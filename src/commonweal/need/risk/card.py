"""What must be known of a model before it is used: its card, in words and as data?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from commonweal.core.parameters import Parameters
from commonweal.need.risk.estimation import RiskEstimate
from commonweal.need.risk.models import LOGISTIC, RiskModel

PURPOSE = (
    "To help a community team choose whom to call on first, when it has fewer hours than there are people who might "
    "gain from a visit: the risk of an emergency admission within the months stated."
)
NOT_FOR = (
    "Refusing, delaying or ending anybody's care.",
    "Deciding anything about one person without a clinician who knows them.",
    "Insurance, eligibility, performance of practices or of staff.",
    "Saying how much an admission could be avoided: a high risk is not the same as a risk that can be changed.",
)
LIMITS = (
    "It knows what the record holds. People who use little care, or whose care is recorded elsewhere, are missed more "
    "often; the group figures show for whom.",
    "People at high risk fall back towards the average whether they are seen or not. Compare with people alike who "
    "were not seen, never with the same people before.",
    "Matched studies of teams for people at high risk found no early fall in admissions (0, from -10 to +40 %, in the "
    "first two to three years).",
    "Care changes, and so do coding and lists: fit it again each year, and look at calibration before use.",
    "It is no more than a statement about groups: of ten people with a risk of 0.4, about four are admitted.",
)
FEATURE_NOTE = (
    "Ethnicity and practice are not features; they serve to judge the model. Who has opted out is left out of "
    "learning, testing and use."
)


def card_record(
    estimate: RiskEstimate, kind: str, record: Mapping[str, Any], parameters: Parameters, *, source: str
) -> dict[str, Any]:
    """The card of one model as data.

    Takes    record: as risk_record() returns; source: what the record is called.
    """
    model = estimate.models[kind]
    (figures,) = (held for held in record["models"] if held["model"] == kind)
    on = estimate.dates.apply
    return {
        "model": kind,
        "purpose": PURPOSE,
        "not_for": list(NOT_FOR),
        "outcome": _outcome(estimate, parameters),
        "record": source,
        "synthetic": record["synthetic"],
        "dates": record["dates"],
        "seed": record["seed"],
        "people": record["people"],
        "settings": parameters[f"risk_{kind}"].on(on).value,
        "recalibration": {"intercept": model.recalibration.intercept, "slope": model.recalibration.slope},
        "features": _features(model),
        "feature_note": FEATURE_NOTE,
        "performance": figures,
        "published_models": record["anchors"],
        "applied": record["applied"],
        "applied_because": record["applied_because"],
        "limits": list(LIMITS),
        "warnings": record["warnings"],
    }


def _outcome(estimate: RiskEstimate, parameters: Parameters) -> str:
    on = estimate.dates.apply
    death = str(parameters["risk_death_counts_as"].on(on).value).replace("_", " ")
    leaving = str(parameters["risk_leaving_counts_as"].on(on).value).replace("_", " ")
    return (
        f"Any emergency admission that begins in the {estimate.dates.months} months from the day on. Death without one "
        f"counts as {death}; leaving the lists as {leaving}."
    )


def _features(model: RiskModel) -> list[dict[str, Any]]:
    names = list(dict.fromkeys(column.feature for column in model.design.columns))
    taken = {name: [c.name for c in model.design.columns if c.feature == name] for name in names}
    return [{"feature": name, "columns": taken[name]} for name in names]


def card_text(card: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    return "\n".join(_lines(card)).rstrip() + "\n"


def _lines(card: Mapping[str, Any]) -> Iterator[str]:
    dates, people = card["dates"], card["people"]
    name = "Logistic regression" if card["model"] == LOGISTIC else "Gradient-boosted trees (LightGBM)"
    yield f"# {name}: risk of an emergency admission, {dates['applied_on']}\n"
    yield from (f"**{warning}**\n" for warning in card["warnings"])
    yield f"{card['purpose']}\n\n## Not for\n"
    yield from (f"- {line}" for line in card["not_for"])
    yield "\n## Data\n"
    made_up = ", made-up people" if card["synthetic"] else ""
    yield f"- Record {card['record']}{made_up}; it begins on {dates['record_begins']}."
    yield f"- Learned from {_count(people['learned_from'])} people registered on {dates['learned_on']}; calibrated on "
    yield f"  {_count(people['kept_for_calibration'])} others of that day."
    yield f"- Tested on {_count(people['tested'])} people registered on {dates['tested_on']}, of whom "
    yield f"  {_count(people['tested_and_admitted'])} were admitted."
    yield f"- Used for {_count(people['given_a_risk'])} people registered on {dates['applied_on']}; "
    yield f"  {_count(people['opted_out'])} who have opted out are left out."
    yield f"- {card['outcome']}"
    yield f"- Of the people of the test, {_count(people['died_without_admission'])} died without an admission and "
    yield f"  {_count(people['left_the_lists'])} left the lists."
    yield f"\n## Model\n\n- Seed {card['seed']}; settings {_settings(card['settings'])}."
    line = card["recalibration"]
    yield f"- Recalibrated: log odds = {line['intercept']:.4f} + {line['slope']:.4f} x score."
    yield f"- Applied: {card['applied']} ({card['applied_because']}).\n"
    yield from _performance(card["performance"], card["published_models"])
    yield "\n## Limits\n"
    yield from (f"- {line}" for line in card["limits"])
    yield f"\n## Features\n\n{card['feature_note']} All are known strictly before the day.\n"
    yield ", ".join(row["feature"] for row in card["features"]) + "."


def _performance(held: Mapping[str, Any], published: Sequence[Mapping[str, str]]) -> Iterator[str]:
    whole, before = held["whole"], held["before_recalibration"]
    yield "## How good it is\n"
    low, high = _cell(whole["auroc_low"]), _cell(whole["auroc_high"])
    yield f"- Pairs ranked rightly (AUROC) {_cell(whole['auroc'])}, from {low} to {high}."
    yield f"- Calibration in the large {_cell(whole['in_the_large'])}, slope {_cell(whole['slope'])}, Brier score "
    yield f"  {_cell(whole['brier'])}; before recalibration {_cell(before['in_the_large'])}, {_cell(before['slope'])}, "
    yield f"  {_cell(before['brier'])}."
    tops = whole["top_shares"]
    yield from _table(
        tops, ("share", "people", "admitted", "ppv", "sensitivity", "published_ppv", "published_sensitivity")
    )
    yield "By tenth of risk:"
    yield from _table(held["tenths"], ("tenth", "people", "foretold", "observed"))
    yield "By group:"
    names = ("by", "group", "people", "admitted", "observed", "foretold", "auroc", "in_the_large", "slope")
    yield from _table(held["groups"], names)
    yield "Published models:"
    yield from _table(published, ("model", "population", "outcome", "auroc"))


def _table(rows: Sequence[Mapping[str, Any]], names: tuple[str, ...]) -> Iterator[str]:
    yield ""
    yield "| " + " | ".join(name.replace("_", " ") for name in names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield "| " + " | ".join(_cell(row[name]) for name in names) + " |"
    yield ""


def _settings(held: Mapping[str, Any]) -> str:
    return ", ".join(f"{k.replace('_', ' ')} {' '.join(v) if isinstance(v, list) else v}" for k, v in held.items())


def _cell(value: Any) -> str:
    if value is None:
        return "hidden or none"
    return f"{value:,}" if isinstance(value, (int, Decimal)) else str(value)


def _count(value: int | None) -> str:
    return "a few" if value is None else f"{value:,}"
