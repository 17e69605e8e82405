"""The same in pandas, text held as categories, as somebody would write it who has the memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
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

TEXT = [*LEVELS, "practice_code"]


def _activity(folder: Path, columns: list[str], first: object) -> pd.DataFrame:
    between = (ds.field("arr_date") >= first) & (ds.field("arr_date") < END)
    held = pq.read_table(
        folder / "activity", columns=columns, filters=between, read_dictionary=[n for n in columns if n in TEXT]
    )
    return held.to_pandas(date_as_object=False, self_destruct=True)


def _point(table: pd.DataFrame) -> pd.Series:
    """The place of each row's point of delivery in POINTS, -1 for one that is not known."""
    codes = {tuple(row[level] for level in LEVELS): place for place, row in enumerate(POINTS)}
    distinct = table[list(LEVELS)].drop_duplicates()
    key = sum(table[level].cat.codes.astype("int32") * 100**place for place, level in enumerate(LEVELS))
    keys = key.loc[distinct.index]
    texts = [tuple("" if pd.isna(v) else str(v) for v in row) for row in distinct.itertuples(index=False)]
    return key.map(dict(zip(keys, (codes.get(text, -1) for text in texts), strict=True)))


def monthly(folder: Path) -> pa.Table:
    """Cost by month, practice, service line and segment."""
    held = _activity(folder, ["person", "arr_date", "items", "cost_pence", *TEXT], START)
    lines = [row["service_line"] for row in POINTS]
    held["service_line"] = _point(held).map(dict(enumerate(lines))).fillna("").astype("category")
    held = held.drop(columns=list(LEVELS))
    need = pd.read_parquet(folder / "person_need.parquet", columns=["person", "core_segment"])
    need["core_segment"] = need["core_segment"].astype("category")
    held = held.merge(need, on="person", how="left")
    held["month"] = held["arr_date"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    held["items"] = held["items"].fillna(1).astype("int64")
    held["cost_pence"] = held["cost_pence"].fillna(0).astype("int64")
    found = held.groupby(list(MONTH), observed=True, dropna=False).agg(
        pieces=("person", "size"), items=("items", "sum"), cost_pence=("cost_pence", "sum")
    )
    return pa.Table.from_pandas(found.reset_index(), preserve_index=False)


def budget(folder: Path) -> pa.Table:
    """The need-weighted budget of each practice."""
    held = _activity(folder, ["person", "arr_date", "cost_pence", *LEVELS], LAST_YEAR)
    group = line_of_group()
    held["component"] = _point(held).map({n: group.get(row["service_line"]) for n, row in enumerate(POINTS)})
    held = held.dropna(subset=["component", "cost_pence"])
    cost = held.groupby(["person", "component"])["cost_pence"].sum().unstack(fill_value=0).astype("int64")
    days = _days(folder)
    people = pd.read_parquet(folder / "person_need.parquet").set_index("person").join(days, how="inner")
    people = people.join(cost).fillna(dict.fromkeys(GROUPS, 0))
    band = np.array(AGE_BANDS)[np.searchsorted(AGE_BANDS, people["age"], side="right") - 1].astype(str)
    people["age_sex"] = people["sex"].astype(str) + " " + band
    people["deprivation"] = ((people["imd_decile"] + 1) // 2).astype(int).astype(str)
    people["care_home"] = np.where(people["care_home"], "yes", "no")
    sums = {f"cost_{name}": (name, "sum") for name in GROUPS}
    cells = people.groupby(list(CELL)).agg(people=("days", "size"), days=("days", "sum"), **sums)
    return budget_shared(pa.Table.from_pandas(cells.reset_index(), preserve_index=False))


def _days(folder: Path) -> pd.Series:
    spells = pd.read_parquet(folder / "registrations.parquet")
    spells = spells.merge(pd.read_parquet(folder / "persons.parquet", columns=["person", "death_date"]), how="left")
    first, last = pd.Timestamp(LAST_YEAR), pd.Timestamp(END)
    end = pd.to_datetime(spells["end"]).fillna(last).clip(upper=last)
    death = pd.to_datetime(spells["death_date"]).fillna(last) + pd.Timedelta(days=1)
    spells["days"] = (np.minimum(end, death) - pd.to_datetime(spells["start"]).clip(lower=first)).dt.days
    spells = spells[spells["days"] > 0]
    return spells.groupby("person")["days"].sum().clip(upper=(END - LAST_YEAR).days)


def history(folder: Path) -> pa.Table:
    """History features of each person: counted by person, kind of care and window, then turned into columns."""
    first = WINDOWS["12m"]
    held = _activity(folder, ["person", "arr_date", "dep_date", "items", "cost_pence", *LEVELS], first)
    last = np.datetime64(END)
    arrived = held["arr_date"].to_numpy()
    left = held["dep_date"].fillna(held["arr_date"]).to_numpy()
    within = sum((arrived < np.datetime64(start)).astype("int8") for start in WINDOWS.values())
    point = _point(held)
    emergency = next(n for n, row in enumerate(POINTS) if row["pod_l2b"] == "emergency")
    rows = pd.DataFrame(
        {
            "person": held["person"],
            "point": point.astype("int8"),
            "within": within,
            "rows": np.int32(1),
            "days": (np.minimum(left, last) - arrived).astype("timedelta64[D]").astype("int32"),
            "items": held["items"].fillna(1).astype("int32"),
            "cost": np.where(left < last, held["cost_pence"].fillna(0), 0).astype("int64"),
            "inside": ((point == emergency) & (held["dep_date"] >= pd.Timestamp(END))).astype("int8"),
        }
    )
    del held, arrived, left, within, point
    cells = rows.groupby(["person", "point", "within"]).agg(
        rows=("rows", "sum"),
        days=("days", "sum"),
        items=("items", "sum"),
        cost=("cost", "sum"),
        inside=("inside", "max"),
    )
    del rows
    by_person = cells.groupby("person")
    columns = {"in_hospital": by_person["inside"].max()}
    columns |= _windowed(cells["cost"].groupby(["person", "within"]).sum(), "cost")
    for kind in KINDS:
        mine = [n for n, row in enumerate(POINTS) if all(kind[v] in ("*", row[v]) for v in LEVELS)]
        some = cells.loc[cells.index.get_level_values("point").isin(mine), kind["counts"]]
        columns |= _windowed(some.groupby(["person", "within"]).sum(), kind["code"])
    found = pd.DataFrame(columns, index=by_person.size().index).fillna(0).astype("int64")
    return pa.Table.from_pandas(found.reset_index(), preserve_index=False)


def _windowed(sums: pd.Series, code: str) -> dict[str, pd.Series]:
    wide = sums.unstack(fill_value=0).reindex(columns=range(len(WINDOWS)), fill_value=0).cumsum(axis=1)
    return {f"{code}_{name}": wide[place] for place, name in enumerate(WINDOWS)}
