"""What is said of an estimate of risk: the same figures for terminal, page, card and JSON, few people hidden?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from commonweal.core.parameters import Parameters
from commonweal.need.disclosure import DisclosureRule, disclosed_count, disclosed_rate, disclosure_rule
from commonweal.need.risk.discrimination import Tenth, TopShare
from commonweal.need.risk.estimation import RiskEstimate
from commonweal.need.risk.evaluation import Calibration, Evaluation, Judged
from commonweal.need.risk.history import history_windows

PLACES = 3
SMALL_PLACES = 4
NO_STATISTICS = ("auroc", "auroc_low", "auroc_high", "in_the_large", "slope", "brier")
Figures = dict[str, Any]


def risk_record(estimate: RiskEstimate, parameters: Parameters, *, synthetic: bool) -> Figures:
    """Dates, people, models with how good each is, published models beside them, and warnings.

    Counts of few people are hidden (None) and all others rounded, by the rule of need.disclosure; shares are made from
    counts as shown.
    """
    on = estimate.dates.apply
    rule = disclosure_rule(parameters, on=on)
    anchors = list(parameters["risk_anchor_top_shares"].on(on).value)
    fewest = int(parameters["risk_fewest_people_judged"].on(on).number())
    models = [_model(held, estimate, rule, anchors, fewest) for held in estimate.evaluations.values()]
    return {
        "dates": _dates(estimate),
        "seed": estimate.seed,
        "synthetic": synthetic,
        "applied": estimate.applied,
        "applied_because": estimate.applied_because,
        "people": _people(estimate, rule),
        "models": models,
        "anchors": list(parameters["risk_anchors"].on(on).value),
        "warnings": list(_warnings(estimate, parameters, synthetic)),
    }


def risk_rows(record: Mapping[str, Any]) -> list[Figures]:
    """The same as flat rows: one a model, group and share of the population."""
    return [
        {
            "model": model["model"],
            **{key: value for key, value in judged.items() if key != "top_shares"},
            **{f"top_{key}" if key != "share" else key: value for key, value in top.items()},
        }
        for model in record["models"]
        for judged in (model["whole"], *model["groups"])
        for top in judged["top_shares"]
    ]


def _dates(estimate: RiskEstimate) -> Figures:
    held = estimate.dates
    return {
        "record_begins": held.since.isoformat(),
        "learned_on": held.learn.isoformat(),
        "tested_on": held.test.isoformat(),
        "applied_on": held.apply.isoformat(),
        "months_ahead": held.months,
    }


def _people(estimate: RiskEstimate, rule: DisclosureRule) -> Figures:
    return {name: disclosed_count(count, rule) for name, count in asdict(estimate.people).items()}


def _model(
    held: Evaluation,
    estimate: RiskEstimate,
    rule: DisclosureRule,
    anchors: Sequence[Mapping[str, str]],
    fewest: int,
) -> Figures:
    whole = _judged(held.whole, rule, fewest)
    published = {Decimal(row["share"]): row for row in anchors}
    for top in whole["top_shares"]:
        row = published.get(top["share"], {})
        top["published_ppv"] = Decimal(row["ppv"]) if row.get("ppv") else None
        top["published_sensitivity"] = Decimal(row["sensitivity"]) if row.get("sensitivity") else None
    return {
        "model": held.kind,
        "design_columns": len(estimate.models[held.kind].design.columns),
        "whole": whole,
        "before_recalibration": _calibration(held.uncalibrated),
        "tenths": [_tenth(tenth, rule) for tenth in held.tenths],
        "groups": [_judged(group, rule, fewest) for group in held.groups],
    }


def _judged(held: Judged, rule: DisclosureRule, fewest: int) -> Figures:
    people, admitted = disclosed_count(held.people, rule), disclosed_count(held.admitted, rule)
    others = disclosed_count(held.people - held.admitted, rule)
    found: Figures = {
        "by": held.by,
        "group": held.group,
        "people": people,
        "admitted": admitted,
        "observed": _share(admitted, people),
        "foretold": None if people is None else figure(held.calibration.foretold),
        "auroc": figure(held.ranked.auroc),
        "auroc_low": figure(held.ranked.low),
        "auroc_high": figure(held.ranked.high),
        **_calibration(held.calibration),
    }
    if admitted is None or others is None:
        found |= dict.fromkeys(NO_STATISTICS)
    return found | {"top_shares": [_top(top, admitted, rule, fewest) for top in held.top_shares]}


def _calibration(held: Calibration) -> Figures:
    return {
        "in_the_large": figure(held.in_the_large),
        "slope": figure(held.slope),
        "brier": figure(held.brier, SMALL_PLACES),
    }


def _top(held: TopShare, all_admitted: int | None, rule: DisclosureRule, fewest: int) -> Figures:
    people, admitted = disclosed_count(held.people, rule), disclosed_count(held.admitted, rule)
    return {
        "share": Decimal(str(held.share)),
        "people": people,
        "admitted": admitted,
        "lowest_risk": figure(held.lowest_risk),
        # Both counts are rounded: of a few people the share would be an accident of rounding.
        "ppv": _share(admitted, people) if held.people >= fewest else None,
        "sensitivity": _share(admitted, all_admitted),
    }


def _tenth(held: Tenth, rule: DisclosureRule) -> Figures:
    people, admitted = disclosed_count(held.people, rule), disclosed_count(held.admitted, rule)
    foretold = None if people is None else figure(held.foretold, SMALL_PLACES)
    observed = disclosed_rate(admitted, people, places=SMALL_PLACES)
    return {"tenth": held.tenth, "people": people, "foretold": foretold, "admitted": admitted, "observed": observed}


def _share(part: int | None, whole: int | None) -> Decimal | None:
    held = disclosed_rate(part, whole, places=PLACES)
    # Both counts are rounded, so that all of a few people could come out above all.
    return held if held is None else min(held, Decimal(1))


def figure(value: float, places: int = PLACES) -> Decimal | None:
    """A statistic as a decimal; None where it is not a number."""
    return None if math.isnan(value) else Decimal(f"{value:.{places}f}")


def _warnings(estimate: RiskEstimate, parameters: Parameters, synthetic: bool) -> Sequence[str]:
    dates = estimate.dates
    found = []
    if synthetic:
        found.append("The people are made up: these figures say how the software works and nothing about real people.")
    limit = float(parameters["risk_implausible_auroc"].on(dates.apply).number())
    for kind, held in estimate.evaluations.items():
        if held.whole.ranked.auroc >= limit:
            found.append(
                f"The {kind} model ranks {held.whole.ranked.auroc:.3f} of pairs rightly, which is too good to be true: "
                "look for information from after the day, or for made-up people who are too easy."
            )
    every = history_windows(parameters, on=dates.apply)
    kept = history_windows(parameters, on=dates.apply, since=dates.since_for(dates.apply))
    short = [window.label for window in every if window not in kept]
    if short:
        found.append(f"The record does not look back far enough to count care {' or '.join(short)}.")
    return found
