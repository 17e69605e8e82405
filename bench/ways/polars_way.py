"""The same in Polars, lazily, with its streaming engine where it has one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
from ways.asked import (
    AGE_BANDS,
    CELL,
    END,
    GROUPS,
    KINDS,
    LAST_YEAR,
    LEVELS,
    MONTH,
    POINTS,
    START,
    WINDOWS,
    budget_shared,
    line_of_group,
)


def _activity(folder: Path, first: object) -> pl.LazyFrame:
    held = pl.scan_parquet(folder / "activity" / "*.parquet")
    return held.filter(pl.col("arr_date") >= first, pl.col("arr_date") < END)


def _lined(activity: pl.LazyFrame) -> pl.LazyFrame:
    points = pl.LazyFrame([{name: row[name] for name in (*LEVELS, "service_line")} for row in POINTS])
    filled = activity.with_columns(pl.col(level).fill_null("") for level in LEVELS)
    return filled.join(points, on=LEVELS, how="left").with_columns(pl.col("service_line").fill_null(""))


def _collected(frame: pl.LazyFrame) -> pa.Table:
    return frame.collect(engine="streaming").to_arrow()


def monthly(folder: Path) -> pa.Table:
    """Cost by month, practice, service line and segment."""
    need = pl.scan_parquet(folder / "person_need.parquet").select("person", "core_segment")
    held = _lined(_activity(folder, START)).join(need, on="person", how="left")
    found = held.with_columns(month=pl.col("arr_date").dt.truncate("1mo")).group_by(MONTH)
    return _collected(
        found.agg(
            pieces=pl.len().cast(pl.Int64),
            items=pl.col("items").fill_null(1).cast(pl.Int64).sum(),
            cost_pence=pl.col("cost_pence").sum(),
        )
    )


def budget(folder: Path) -> pa.Table:
    """The need-weighted budget of each practice."""
    group = line_of_group()
    lined = _lined(_activity(folder, LAST_YEAR)).with_columns(
        component=pl.col("service_line").replace_strict(group, default=None, return_dtype=pl.String)
    )
    cost = lined.group_by("person").agg(
        pl.col("cost_pence").filter(pl.col("component") == name).sum().alias(name) for name in GROUPS
    )
    bands = pl.lit(None, dtype=pl.String)
    for first in AGE_BANDS:
        bands = pl.when(pl.col("age") >= first).then(pl.lit(str(first))).otherwise(bands)
    people = pl.scan_parquet(folder / "person_need.parquet").select(
        "person",
        "practice_code",
        "core_segment",
        age_sex=pl.col("sex") + " " + bands,
        deprivation=((pl.col("imd_decile") + 1) // 2).cast(pl.String),
        care_home=pl.when("care_home").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    joined = people.join(_days(folder), on="person").join(cost, on="person", how="left")
    sums = {f"cost_{name}": pl.col(name).fill_null(0).sum() for name in GROUPS}
    return budget_shared(_collected(joined.group_by(CELL).agg(people=pl.len(), days=pl.col("days").sum(), **sums)))


def _days(folder: Path) -> pl.LazyFrame:
    deaths = pl.scan_parquet(folder / "persons.parquet").select("person", "death_date")
    spells = pl.scan_parquet(folder / "registrations.parquet").join(deaths, on="person", how="left")
    last = pl.min_horizontal(
        pl.col("end").fill_null(END), pl.col("death_date").fill_null(END).dt.offset_by("1d"), pl.lit(END)
    )
    days = (last - pl.max_horizontal("start", pl.lit(LAST_YEAR))).dt.total_days()
    inside = spells.select("person", days=days).filter(pl.col("days") > 0)
    return inside.group_by("person").agg(pl.col("days").sum().clip(upper_bound=(END - LAST_YEAR).days))


def history(folder: Path) -> pa.Table:
    """History features of each person."""
    left = pl.col("dep_date").fill_null(pl.col("arr_date"))
    held = _activity(folder, WINDOWS["12m"]).select(
        "person",
        "arr_date",
        *LEVELS,
        rows=pl.lit(1),
        items=pl.col("items").fill_null(1),
        days=(pl.min_horizontal(left, pl.lit(END)) - pl.col("arr_date")).dt.total_days(),
        cost=pl.when(left < END).then(pl.col("cost_pence").fill_null(0)).otherwise(0),
        inside=pl.all_horizontal(
            pl.col("pod_l1") == "secondary", pl.col("pod_l2a") == "ip", pl.col("pod_l2b") == "emergency",
            pl.col("dep_date") >= END,
        ).fill_null(False),
    )  # fmt: skip
    taken = [pl.col("inside").max().cast(pl.Int8).alias("in_hospital")]
    for name, start in WINDOWS.items():
        recent = pl.col("arr_date") >= start
        taken.append(pl.col("cost").filter(recent).sum().alias(f"cost_{name}"))
        for kind in KINDS:
            same = [pl.col(level) == kind[level] for level in LEVELS if kind[level] != "*"]
            taken.append(pl.col(kind["counts"]).filter(recent, *same).sum().alias(f"{kind['code']}_{name}"))
    return _collected(held.group_by("person").agg(taken))
