"""How sure is it that two records are of one person? The model of Fellegi and Sunter, by Splink.

How often each field agrees by chance (u) is counted on pairs drawn at random with a fixed seed; how often it agrees
for one person (m) is learnt by expectation maximisation. Both are rounded before they are used, and learning runs on
one thread, so that the same records give the same weights however many threads there are.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from math import log2
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.exceptions import SplinkException

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import CommonwealError
from commonweal.core.parameters import Parameters
from commonweal.people.linkage.comparisons import (
    Level,
    compared_pairs,
    splink_comparisons,
    stated_levels,
    training_pairs,
)
from commonweal.people.linkage.fields import COMPARED, GIVEN_ROOT, ROW

SEED = 20261
UNIQUE = "row"
RECORDS, PEOPLE = "records", "identity"
SIGNIFICANT_DIGITS = 6
THREADS = 2
PAIRS = pa.schema(
    [
        pa.field("record", pa.int64()),
        pa.field("person", pa.int64()),
        pa.field("match_weight", pa.float64()),
        pa.field("match_probability", pa.float64()),
        *(
            pa.field(f"{part}_{name}", kind)
            for name in COMPARED
            for part, kind in (("level", pa.int16()), ("weight", pa.float64()))
        ),
    ]
)
SILENT = logging.CRITICAL + 1


@dataclass(frozen=True, slots=True)
class Model:
    """What the weights rest on.

    levels    every level of every comparison with its probabilities
    prior     how likely it is that a record and a person drawn at random are one
    learnt    whether the probabilities were learnt from these records; the stated ones hold where there are too few
    """

    levels: tuple[Level, ...]
    prior: float
    learnt: bool

    def weight(self, level: Level) -> float:
        """What agreeing in this way adds to a pair's match weight, in bits, before a name's frequency is counted."""
        return log2(level.m / level.u)


def linkage_model(records: pa.Table, people: pa.Table, *, parameters: Parameters, on: date) -> Model:
    """The model for records and the people they may be of.

    Takes    records, people: fields as they are compared (`fields.compared_fields`).
    Returns  stated probabilities where either side has fewer rows than it takes to learn; learnt ones otherwise.
    """
    levels = stated_levels(parameters, on)
    listed = float(parameters["linkage_expected_share_listed"].on(on).number())
    prior = listed / max(people.num_rows, 2)
    fewest = int(parameters["linkage_fewest_rows_to_learn"].on(on).number())
    if min(records.num_rows, people.num_rows) < fewest:
        return Model(levels, prior, learnt=False)
    pairs = float(parameters["linkage_pairs_to_learn_from"].on(on).number())
    with _quiet(), _linker(records, people, Model(levels, prior, learnt=False), threads=1) as linker:
        # All pairs in one go: stopping early would count on a handful of people.
        linker.training.estimate_u_using_random_sampling(
            max_pairs=pairs, seed=SEED, min_count_per_level=None, num_chunks=1
        )
        for rule in training_pairs():
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=pairs, record_sample_proportion=1.0
            )
        held = linker.misc.save_model_to_json()
    strength = float(parameters["linkage_weight_of_stated"].on(on).number())
    share = strength / (strength + listed * records.num_rows)
    return Model(_learnt(levels, held, share), prior, learnt=True)


def _learnt(levels: tuple[Level, ...], held: dict[str, Any], stated: float) -> tuple[Level, ...]:
    """The levels with what was learnt, the stated m counting for a share of the whole."""
    found = {
        (comparison["output_column_name"], level["label_for_charts"]): level
        for comparison in held["comparisons"]
        for level in comparison["comparison_levels"]
    }

    def one(level: Level) -> Level:
        row = found[level.comparison, level.level]
        m, u = (row[name] if isinstance(row.get(name), float) else 0.0 for name in ("m_probability", "u_probability"))
        # A level never seen between two people keeps its stated u: nought would make it proof.
        return replace(level, m=_rounded(stated * level.m + (1 - stated) * m), u=_rounded(u or level.u))

    return tuple(one(level) for level in levels)


def _rounded(probability: float) -> float:
    return float(f"{probability:.{SIGNIFICANT_DIGITS}g}")


def scored_pairs(
    records: pa.Table, people: pa.Table, model: Model, *, least_weight: float, threads: int = THREADS
) -> pa.Table:
    """Every pair that is compared and reaches a weight.

    Returns  record, person (rows of the two tables), match_weight (bits), match_probability, for each comparison its
             level (`level_...`, -1 where nothing can be compared) and its weight with the frequency of the name
             (`weight_...`); in order of record, best first.
    """
    if not records.num_rows or not people.num_rows:
        return PAIRS.empty_table()
    with _quiet(), _linker(records, people, model, threads=threads) as linker:
        found = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
        table = found.as_pyarrow_table()  # type: ignore[no-untyped-call]
    left = "l" if _side(table) else "r"
    right = "r" if left == "l" else "l"
    columns = [table[f"{UNIQUE}_{left}"], table[f"{UNIQUE}_{right}"], table["match_weight"], table["match_probability"]]
    for name in COMPARED:
        adjusted = f"mw_tf_adj_{name}"
        weight = table[f"mw_{name}"].cast(pa.float64())
        if adjusted in table.column_names:
            weight = pc.add(weight, pc.fill_null(table[adjusted].cast(pa.float64()), 0.0))
        columns += [table[f"gamma_{name}"], weight]
    order = [("record", "ascending"), ("match_weight", "descending"), ("person", "ascending")]
    return pa.table(columns, names=PAIRS.names).cast(PAIRS).sort_by(order)


def _side(table: pa.Table) -> bool:
    """Whether records stand on the left side of the pairs."""
    return bool(table.num_rows) and table["source_dataset_l"][0].as_py() == RECORDS


@contextmanager
def _linker(records: pa.Table, people: pa.Table, model: Model, *, threads: int) -> Iterator[Linker]:
    engine = duckdb_engine(threads=threads)
    kept = [ROW, *COMPARED, GIVEN_ROOT]
    try:
        api = DuckDBAPI(connection=engine.con)
        sides = [
            api.register(table.select(kept), dataset_display_name=name)
            for name, table in ((RECORDS, records), (PEOPLE, people))
        ]
        settings = SettingsCreator(
            link_type="link_only",
            comparisons=splink_comparisons(model.levels),
            blocking_rules_to_generate_predictions=compared_pairs(),
            probability_two_random_records_match=model.prior,
            unique_id_column_name=UNIQUE,
            retain_matching_columns=True,  # Splink says a pair's levels only then
            retain_intermediate_calculation_columns=True,
            linker_uid="commonweal",
        )
        yield Linker(sides, settings, log_level=None, validate_settings=False)
    except (SplinkException, duckdb.Error) as problem:
        # Its text quotes the statement and may quote a row.
        raise CommonwealError(f"Linkage stopped ({type(problem).__name__}).", where="linkage") from None
    finally:
        engine.disconnect()


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink's log is silent meanwhile, whatever level it is at: it is the one place where values could come out."""
    log = logging.getLogger("splink")
    before = log.level, log.propagate, log.disabled
    log.setLevel(SILENT)
    log.propagate = False
    try:
        yield
    finally:
        log.level, log.propagate, log.disabled = before
        log.setLevel(before[0])
