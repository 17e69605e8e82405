"""Are the practices of a place open, in every file, and where the files say they are?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import ibis
import numpy as np
from scipy.spatial import cKDTree

from commonweal.core.findings import Finding
from commonweal.place.inputs import Inputs
from commonweal.place.published.forms import FORM_NAMES, PAYMENTS
from commonweal.place.selection import EARTH_RADIUS_KM, distance_km

# With fewer practices "no other has it" says nothing.
FEWEST_TO_COMPARE = 3


def closed_practices(inputs: Inputs) -> list[Finding]:
    """Practices of the place with a closing day."""
    mend = "Leave the practice out of place.yaml if its patients have left; keep it if its list went to its neighbours."
    file = _file(inputs, "locations") or _file(inputs, PAYMENTS)
    return [
        Finding("warning", "practice-closed", file, None, "", f"{_who(inputs, code)} closed on {day}.", mend, code)
        for code, day in inputs.closed.items()
    ]


def missing_practices(inputs: Inputs) -> list[Finding]:
    """Practices of the place that one of the files does not hold, and practices of its networks without a need."""
    found = []
    for form, rule in (("need_populations", "not-in-need-file"), (PAYMENTS, "not-in-payments-file")):
        found += [_missing(inputs, code, form, rule) for code in inputs.absent[form]]
    for form, rule in (("locations", "not-in-locations"), ("memberships", "not-in-memberships")):
        if inputs.published.file_of(form) is not None:
            table = inputs.published.tables[form]
            held = inputs.ours(table).select("practice_code").distinct()
            there = set(held.practice_code.to_pyarrow().to_pylist())
            found += [_missing(inputs, code, form, rule) for code in inputs.codes if code not in there]
    for day, counts in inputs.list_counts.items():
        for code in inputs.codes:
            if code not in counts:
                message = f"{_who(inputs, code)} is not in the count of registered lists of {day}."
                mend = "Nothing if it had closed or not yet opened; its list counts as nothing on that day."
                file = _file(inputs, "list_counts", str(day))
                found.append(Finding("warning", "not-in-list-count", file, None, "", message, mend, code))
    return found + _networks_practices_without_need(inputs)


def _missing(inputs: Inputs, code: str, form: str, rule: str) -> Finding:
    message = f"{_who(inputs, code)} is not in {FORM_NAMES[form]}."
    mend = "Nothing if it opened later or has closed; otherwise see whether its code changed."
    year = inputs.published.baseline_year if form == PAYMENTS else ""
    return Finding("warning", rule, _file(inputs, form, year), None, "", message, mend, code)


def _networks_practices_without_need(inputs: Inputs) -> list[Finding]:
    networks = sorted({row["pcn_code"] for row in inputs.practice_rows.values() if row["pcn_code"]})
    table = inputs.published.tables["practices"]
    paid = inputs.published.tables[PAYMENTS]
    ours = table.filter(table.pcn_code.isin(networks) & table.registered_people.isnull())
    held = ours.inner_join(
        paid.filter((paid.financial_year == inputs.published.baseline_year) & (paid.registered_people > 0)),
        "practice_code",
    )
    rows = held.select("practice_code", name=ours.practice_name, network=ours.pcn_code, row=held.row, file=held.file)
    mend = "See whether it opened later, or its code changed; it cannot be funded without a need-weighted population."
    return [
        Finding(
            "note",
            "not-in-need-file",
            row["file"],
            row["row"],
            "",
            f"{row['name']} ({row['practice_code']}) of network {row['network']} is paid but not in "
            f"{FORM_NAMES['need_populations']}, and so not of the place.",
            mend,
            row["practice_code"],
        )
        for row in rows.order_by("practice_code").to_pyarrow().to_pylist()
        if row["practice_code"] not in inputs.codes
    ]


def foreign_postcodes(inputs: Inputs) -> list[Finding]:
    """Practices whose postcode area, the letters before the first digit, no other practice of the place has."""
    areas = {code: _area(row["postcode"]) for code, row in inputs.practice_rows.items() if row["postcode"]}
    held = Counter(areas.values())
    if len(areas) < FEWEST_TO_COMPARE or max(held.values()) == 1:
        return []
    mend = "Check the practice's code and postcode; leave it out of place.yaml if it belongs elsewhere."
    return [
        Finding(
            "warning",
            "postcode-outside",
            _file(inputs, "need_populations"),
            None,
            "",
            f"{_who(inputs, code)} is the only practice of the place in postcode area {area} "
            f"({inputs.practice_rows[code]['postcode']}).",
            mend,
            code,
        )
        for code, area in areas.items()
        if held[area] == 1
    ]


def _area(postcode: str) -> str:
    return postcode[:2].rstrip("0123456789")


def far_practices(inputs: Inputs) -> list[Finding]:
    """Practices further from every other practice of the place than the limit."""
    placed = {code: _point(row) for code, row in inputs.practice_rows.items() if _point(row) is not None}
    if len(placed) < FEWEST_TO_COMPARE:
        return []
    limit = _limit(inputs, "practice_distance_limit_km")
    mend = "Check the practice's code and postcode; leave it out of place.yaml if it belongs elsewhere."
    found = []
    for code, km in zip(placed, _nearest_km(np.array(list(placed.values()))), strict=True):
        if km > limit:
            message = f"{_who(inputs, code)} is {km:.0f} km from the nearest other practice of the place."
            file = _file(inputs, "need_populations")
            found.append(Finding("warning", "far-from-others", file, None, "", message, mend, code))
    return found


def _nearest_km(points: np.ndarray) -> np.ndarray:
    """Distance from each point, latitude and longitude in degrees, to its nearest other."""
    latitude, longitude = np.radians(points).T
    flat = np.cos(latitude)
    on_sphere = np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])
    chord = cKDTree(on_sphere).query(on_sphere, k=2)[0][:, 1]
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1, chord / 2))


def location_disagreements(inputs: Inputs) -> list[Finding]:
    """Practices that the need-weighted populations and the locations place too far apart."""
    need, places = (inputs.published.tables[name] for name in ("need_populations", "locations"))
    joined = need.inner_join(places, "practice_code", rname="other_{name}")
    joined = inputs.ours(joined).order_by("practice_code")
    columns = ("practice_code", "latitude", "longitude", "other_latitude", "other_longitude", "file", "row")
    limit = _limit(inputs, "location_disagreement_limit_km")
    mend = "See which file is later; correct the other at its source."
    found = []
    for row in joined.select(*columns, other=joined.other_file).to_pyarrow().to_pylist():
        first, second = _point(row), _point({name: row[f"other_{name}"] for name in ("latitude", "longitude")})
        if first is None or second is None:
            continue
        apart = distance_km(first, second)
        if apart > limit:
            code = row["practice_code"]
            message = f"{_who(inputs, code)} stands {apart:.1f} km from where {row['other']} puts it."
            found.append(Finding("warning", "location-disagrees", row["file"], row["row"], "", message, mend, code))
    return found


def unknown_locations(inputs: Inputs) -> list[Finding]:
    """Practices that no file places."""
    mend = "Add practice locations that hold it; without a location it cannot be put into a neighbourhood."
    return [
        Finding(
            "error", "location-unknown", "", None, "", f"No file says where {_who(inputs, code)} stands.", mend, code
        )
        for code, row in inputs.practice_rows.items()
        if _point(row) is None
    ]


def changed_networks(inputs: Inputs) -> list[Finding]:
    """Practices whose latest membership is in another network than the baseline files say."""
    table = inputs.published.tables["memberships"]
    table = inputs.ours(table)
    latest = table.mutate(age=ibis.row_number().over(group_by=table.practice_code, order_by=table.year.desc()))
    rows = latest.filter(latest.age == 0).order_by("practice_code").to_pyarrow().to_pylist()
    mend = "Say in place.yaml what must be together if neighbourhoods should follow the later network."
    found = []
    for row in rows:
        code = row["practice_code"]
        before, now = inputs.practice_rows[code]["pcn_code"], row["pcn_code"]
        if before != now and row["year"] > inputs.published.baseline_year:
            was, is_now = before or "no network", f"{row['pcn_name'] or ''} ({now})".strip() if now else "no network"
            message = f"{_who(inputs, code)} moved from {was} to {is_now} by {row['year']}."
            found.append(Finding("warning", "network-changed", row["file"], row["row"], "", message, mend, code))
    return found


def other_commissioners(inputs: Inputs) -> list[Finding]:
    """Practices of another board than the place's commissioner."""
    mend = "Settle which board pays for it; see that the commissioner in place.yaml is right."
    return [
        Finding(
            "warning",
            "several-commissioners",
            _file(inputs, "need_populations"),
            None,
            "",
            f"{_who(inputs, code)} belongs to {row['icb_name'] or row['icb_code']}.",
            mend,
            code,
        )
        for code, row in inputs.practice_rows.items()
        if row["icb_code"] and row["icb_code"] != inputs.place.commissioner_code
    ]


def _point(row: Mapping[str, Any]) -> tuple[float, float] | None:
    here = row["latitude"], row["longitude"]
    return None if None in here else here


def _who(inputs: Inputs, code: str) -> str:
    name = inputs.names.get(code, code)
    return code if name == code else f"{name} ({code})"


def _file(inputs: Inputs, form: str, year: str = "") -> str:
    held = inputs.published.file_of(form, year)
    return held.name if held else ""


def _limit(inputs: Inputs, parameter: str) -> float:
    return float(inputs.parameters[parameter].during(inputs.baseline_year).number())
