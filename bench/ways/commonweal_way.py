"""Commonweal's own way: its table functions, as Ibis expressions on DuckDB."""

from __future__ import annotations

from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
from ways.asked import END, GROUPS, LAST_YEAR, PARAMETERS, START, budget_shared

from commonweal.core.engine import duckdb_engine
from commonweal.need.cost_on_need_cells import cost_cells
from commonweal.need.risk.history import history as history_of
from commonweal.people.care_cost import monthly_cost


def _tables(folder: Path) -> dict[str, ir.Table]:
    engine = duckdb_engine(memory="3GB")
    files = {name: str(folder / f"{name}.parquet") for name in ("persons", "registrations", "person_need")}
    return {
        name: engine.read_parquet(path)
        for name, path in {**files, "activity": str(folder / "activity" / "*.parquet")}.items()
    }


def monthly(folder: Path) -> pa.Table:
    """Cost by month, practice, service line and segment."""
    tables = _tables(folder)
    need = tables["person_need"]
    return monthly_cost(tables["activity"], need, start=START, end=END, parameters=PARAMETERS).to_pyarrow()


def budget(folder: Path) -> pa.Table:
    """The need-weighted budget of each practice."""
    tables = _tables(folder)
    need = tables["person_need"]
    cells = cost_cells(tables, need, GROUPS, start=LAST_YEAR, end=END, parameters=PARAMETERS)
    return budget_shared(cells.to_pyarrow())


def history(folder: Path) -> pa.Table:
    """History features of each person."""
    activity = _tables(folder)["activity"]
    return history_of(activity, on=END, parameters=PARAMETERS, since=LAST_YEAR).to_pyarrow()
