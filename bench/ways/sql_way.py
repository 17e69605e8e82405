"""The same as SQL written by hand for DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
from ways.asked import AGE_BANDS, END, GROUPS, KINDS, LAST_YEAR, LEVELS, POINTS, START, WINDOWS, budget_shared


def _connected(folder: Path) -> duckdb.DuckDBPyConnection:
    held = duckdb.connect(config={"threads": 2, "memory_limit": "3GB"})
    for name in ("persons", "registrations", "person_need"):
        held.execute(f"create view {name} as from read_parquet('{folder / name}.parquet')")
    held.execute(f"create view activity as from read_parquet('{folder}/activity/*.parquet')")
    held.execute("create table points (pod_l1 text, pod_l2a text, pod_l2b text, service_line text)")
    held.executemany(
        "insert into points values (?, ?, ?, ?)", [[row[n] for n in (*LEVELS, "service_line")] for row in POINTS]
    )
    return held


SAME_POINT = " and ".join(f"p.{level} = coalesce(a.{level}, '')" for level in LEVELS)


def monthly(folder: Path) -> pa.Table:
    """Cost by month, practice, service line and segment."""
    return (
        _connected(folder)
        .execute(
            f"""
            select date_trunc('month', arr_date)::date as month, a.practice_code,
                   coalesce(p.service_line, '') as service_line, core_segment,
                   count(*) as pieces, sum(coalesce(items, 1))::bigint as items,
                   sum(coalesce(cost_pence, 0))::bigint as cost_pence
            from activity a left join points p on {SAME_POINT} left join person_need n using (person)
            where arr_date >= '{START}' and arr_date < '{END}'
            group by all
            """
        )
        .to_arrow_table()
    )


def budget(folder: Path) -> pa.Table:
    """The need-weighted budget of each practice."""
    lines = {name: ", ".join(f"'{line}'" for line in held) for name, held in GROUPS.items()}
    costs = ", ".join(f"sum(cost_pence) filter (service_line in ({held})) as {name}" for name, held in lines.items())
    sums = ", ".join(f"sum(coalesce({name}, 0))::bigint as cost_{name}" for name in GROUPS)
    bands = " ".join(f"when age >= {first} then '{first}'" for first in reversed(AGE_BANDS))
    cells = (
        _connected(folder)
        .execute(
            f"""
            with cost as (
                select person, {costs} from activity a join points p on {SAME_POINT}
                where arr_date >= '{LAST_YEAR}' and arr_date < '{END}' group by person
            ), days as (
                select person, least(sum(greatest(0, date_diff('day', greatest(start, date '{LAST_YEAR}'),
                       least(coalesce("end", date '{END}'), coalesce(death_date, date '{END}') + 1, date '{END}')))),
                       {(END - LAST_YEAR).days})::bigint as days
                from registrations left join persons using (person) group by person
            )
            select practice_code, sex || ' ' || case {bands} end as age_sex,
                   ((imd_decile + 1) // 2)::text as deprivation, core_segment,
                   case when care_home then 'yes' else 'no' end as care_home,
                   count(*) as people, sum(days)::bigint as days, {sums}
            from person_need join days using (person) left join cost using (person)
            where days > 0 group by all
            """
        )
        .to_arrow_table()
    )
    return budget_shared(cells)


def history(folder: Path) -> pa.Table:
    """History features of each person."""
    taken = []
    for kind in KINDS:
        is_kind = " and ".join(f"{level} = '{kind[level]}'" for level in LEVELS if kind[level] != "*")
        counts = {
            "rows": "1",
            "items": "coalesce(items, 1)",
            "days": f"date_diff('day', arr_date, least(coalesce(dep_date, arr_date), date '{END}'))",
        }[kind["counts"]]
        taken += [
            f"coalesce(sum({counts}) filter ({is_kind} and arr_date >= '{start}'), 0)::int as {kind['code']}_{name}"
            for name, start in WINDOWS.items()
        ]
    taken += [
        f"coalesce(sum(cost_pence) filter (coalesce(dep_date, arr_date) < '{END}' and arr_date >= '{start}'), 0)"
        f"::bigint as cost_{name}"
        for name, start in WINDOWS.items()
    ]
    emergency = "pod_l1 = 'secondary' and pod_l2a = 'ip' and pod_l2b = 'emergency'"
    inside = f"max(coalesce(({emergency} and dep_date >= '{END}')::int, 0))::tinyint as in_hospital"
    return (
        _connected(folder)
        .execute(
            f"""
            select person, {", ".join(taken)}, {inside}
            from activity where arr_date >= '{WINDOWS["12m"]}' and arr_date < '{END}' group by person
            """
        )
        .to_arrow_table()
    )
