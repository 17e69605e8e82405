"""How are made-up people written, block by block, without ever being held all at once?

Some workers make up parts of a fixed number of blocks side by side, and each writes its part of the activity itself;
what belongs into one file is written in order as parts come. So the files are the same however many work at once.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from commonweal.people.record import ACTIVITY, ROWS_TOGETHER
from commonweal.people.synthesis.block import MadeUp, Synthesis, made_up
from commonweal.people.synthesis.identity import IDENTITY_TABLE, identity_table
from commonweal.people.synthesis.tables import (
    activity_table,
    attributes_table,
    conditions_table,
    persons_table,
    registrations_table,
    schema,
)

BLOCKS_A_PART = 8
ZSTD_LEVEL = 1
WHOLE: dict[str, Callable[[MadeUp, Synthesis], pa.Table]] = {
    "persons": persons_table,
    "registrations": registrations_table,
    "attributes": attributes_table,
    "conditions": conditions_table,
    IDENTITY_TABLE: identity_table,
}
Step = Callable[[str, float], None]


def write_synthesis(
    shared: Synthesis, folder: Path, identity: Path, *, workers: int, step: Step, blocks_a_part: int = BLOCKS_A_PART
) -> dict[str, int]:
    """Write every table of a synthesis and count its rows.

    Takes    folder: of the record, with its activity folder; identity: the file of who the people are; step: told what
             is done, and how much of it.
    """
    parts = [
        range(first, min(first + blocks_a_part, shared.cohort.blocks))
        for first in range(0, shared.cohort.blocks, blocks_a_part)
    ]
    counted: Counter[str] = Counter({ACTIVITY: 0})
    with ExitStack() as opened:
        files = {
            name: opened.enter_context(
                _writer(identity if name == IDENTITY_TABLE else folder / f"{name}.parquet", name)
            )
            for name in WHOLE
        }
        pool = opened.enter_context(ThreadPoolExecutor(workers))

        def started(place: int) -> Future[tuple[int, dict[str, pa.Table]]]:
            return pool.submit(_write_part, shared, parts[place], folder / ACTIVITY / f"part-{place:05d}.parquet")

        for place, (activity, tables) in enumerate(_in_turn(started, len(parts), workers)):
            counted[ACTIVITY] += activity
            for name, table in tables.items():
                files[name].write_table(table, row_group_size=ROWS_TOGETHER)
                counted[name] += table.num_rows
            step("Making up people", (place + 1) / len(parts))
    return dict(counted)


def _in_turn(
    started: Callable[[int], Future[tuple[int, dict[str, pa.Table]]]], parts: int, workers: int
) -> Iterator[tuple[int, dict[str, pa.Table]]]:
    """The parts in order, with no more under way or waiting than there are workers and one."""
    waiting: deque[Future[tuple[int, dict[str, pa.Table]]]] = deque()
    for place in range(parts):
        waiting.append(started(place))
        if len(waiting) > workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _write_part(shared: Synthesis, blocks: range, path: Path) -> tuple[int, dict[str, pa.Table]]:
    """Write the activity of some blocks; returns its rows, and the rows of the other tables."""
    rows = 0
    held: dict[str, list[pa.Table]] = {name: [] for name in WHOLE}
    with _writer(path, ACTIVITY) as file:
        for number in blocks:
            made = made_up(shared, number)
            table = activity_table(made, shared)
            file.write_table(table, row_group_size=ROWS_TOGETHER)
            rows += table.num_rows
            for name, make in WHOLE.items():
                held[name].append(make(made, shared))
    return rows, {name: pa.concat_tables(tables) for name, tables in held.items()}


def _writer(path: Path, table: str) -> pq.ParquetWriter:
    # Without Arrow's own schema every reader sees plain texts, not positions in lists.
    return pq.ParquetWriter(
        path, schema(table), compression="zstd", compression_level=ZSTD_LEVEL, store_schema=False, write_statistics=True
    )
