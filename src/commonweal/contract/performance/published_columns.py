"""In which column of which published file does each score of Hospital Value-Based Purchasing stand?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

HOSPITAL, YEAR, NOT_AVAILABLE = "Facility ID", "Fiscal Year", "Not Available"

FILES: Mapping[str, str] = {
    "clinical": "hvbp_clinical_outcomes.csv",
    "engagement": "hvbp_person_and_community_engagement.csv",
    "safety": "hvbp_safety.csv",
    "efficiency": "hvbp_efficiency_and_cost_reduction.csv",
    "total": "hvbp_tps.csv",
}

_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "clinical": ("MORT-30-AMI", "MORT-30-HF", "MORT-30-PN", "MORT-30-COPD", "MORT-30-CABG", "COMP-HIP-KNEE"),
    "engagement": (
        "Communication With Nurses",
        "Communication With Doctors",
        "Responsiveness Of Hospital Staff",
        "Care Transition",
        "Communication About Medicines",
        "Cleanliness And Quietness Of Hospital Environment",
        "Discharge Information",
        "Overall Rating Of Hospital",
    ),
    "safety": ("HAI-1", "HAI-2", "HAI-3", "HAI-4", "HAI-5", "HAI-6"),
    "efficiency": ("MSPB-1",),
}


def _measure(prefix: str) -> str:
    return prefix.lower().replace("-", "_").replace(" ", "_")


# Each measure of the clause: the file it stands in, and what its columns begin with.
MEASURES: Mapping[str, tuple[str, str]] = {
    _measure(prefix): (file, prefix) for file, prefixes in _PREFIXES.items() for prefix in prefixes
}
DIMENSIONS = tuple(_measure(prefix) for prefix in _PREFIXES["engagement"])
SURGICAL_SITES = ("hai_3", "hai_4")

COMBINED = "Combined SSI Measure Score"
BASE_SCORE, CONSISTENCY = "Hcahps Base Score", "Hcahps Consistency Score"
DOMAIN_COLUMNS: Mapping[str, tuple[str, str]] = {
    "clinical": (
        "Unweighted Normalized Clinical Outcomes Domain Score",
        "Weighted Normalized Clinical Outcomes Domain Score",
    ),
    "engagement": (
        "Unweighted Person And Community Engagement Domain Score",
        "Weighted Person And Community Engagement Domain Score",
    ),
    "safety": ("Unweighted Normalized Safety Domain Score", "Weighted Safety Domain Score"),
    "efficiency": (
        "Unweighted Normalized Efficiency And Cost Reduction Domain Score",
        "Weighted Efficiency And Cost Reduction Domain Score",
    ),
}
TOTAL = "Total Performance Score"


def needed_columns(file: str) -> Iterator[str]:
    """The columns that a file must have."""
    yield HOSPITAL
    for of, prefix in MEASURES.values():
        if of == file:
            kind = "Dimension" if file == "engagement" else "Measure"
            ends = ["Achievement Threshold", "Benchmark", "Baseline Rate", "Performance Rate"]
            ends += ["Achievement Points", "Improvement Points", f"{kind} Score"]
            ends += ["Floor"] if file == "engagement" else []
            yield from (f"{prefix} {end}" for end in ends)
    if file == "engagement":
        yield from (BASE_SCORE, CONSISTENCY)
    elif file == "safety":
        yield COMBINED
    elif file == "total":
        yield from (YEAR, TOTAL)
        yield from (column for pair in DOMAIN_COLUMNS.values() for column in pair)
