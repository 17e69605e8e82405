"""On what are tables computed?

Table functions are Ibis expressions and never ask which engine they run on. The default is DuckDB in the process;
beyond one machine the same expressions run on Spark.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import ibis
from ibis.backends import BaseBackend

from commonweal.core.errors import CommonwealError, InputError

ENGINES = ("duckdb", "spark")
RECORD_MEMORY = "3GB"


def duckdb_engine(*, threads: int = 2, memory: str = "1GB") -> BaseBackend:
    """A new in-process DuckDB. Rows keep their order, so that equal inputs give equal bytes.

    Takes    threads, memory: what it may use at most; what does not fit is put aside in the machine's temporary folder.
    """
    aside = Path(tempfile.gettempdir()) / f"commonweal-duckdb-{os.getpid()}"
    settings: dict[str, Any] = {
        "threads": threads,
        "memory_limit": memory,
        "preserve_insertion_order": True,
        "temp_directory": str(aside),
    }
    engine = ibis.duckdb.connect(**settings)
    engine.con.execute("SET enable_progress_bar = false")
    return engine


def record_engine() -> BaseBackend:
    """DuckDB with what a record of some million people takes: about 1.5 GB a million, twice that at most."""
    return duckdb_engine(memory=RECORD_MEMORY)


def spark_engine(*, master: str = "local[2]") -> BaseBackend:
    """Tables on Spark.

    Takes    master: the cluster's address as Spark writes it (spark://host:7077, yarn, k8s://...), or local[N] for
             this machine alone. Memory, cores and credentials come from the cluster's own configuration
             (spark-defaults.conf, or --conf in PYSPARK_SUBMIT_ARGS).
    Raises   CommonwealError when PySpark or Java is not installed, or the cluster does not answer.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise CommonwealError(
            "Spark is not installed.",
            mend="Install it with: pip install 'commonweal[spark]', and a Java runtime.",
        ) from None
    builder = SparkSession.builder.master(master).appName("commonweal")
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    if master.startswith("local"):
        # One machine: a shuffle into two hundred parts, Spark's own default, would only cost time.
        builder = builder.config("spark.sql.shuffle.partitions", "4")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    try:
        session = builder.getOrCreate()
    except Exception as problem:
        # Py4J has an exception of its own for every trouble between here and the cluster.
        kind = type(problem).__name__
        mend = "Check the address, that a Java runtime is installed, and that the cluster is up."
        raise CommonwealError(f"Spark did not start ({kind}).", where=master, mend=mend) from None
    session.sparkContext.setLogLevel("ERROR")
    # PySpark warns of pandas 3 at every table handed over; the test suite compares rows on the two engines.
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"pyspark\.")
    return ibis.pyspark.connect(session)


def engine_named(name: str, *, master: str = "local[2]", memory: str = RECORD_MEMORY) -> BaseBackend:
    """The engine a person asked for: `duckdb` or `spark`.

    Takes    master: where Spark runs; memory: what DuckDB may use.
    Raises   InputError for another name.
    """
    if name == "duckdb":
        return duckdb_engine(memory=memory)
    if name == "spark":
        return spark_engine(master=master)
    raise InputError(f"There is no engine '{name}'.", mend=f"Name one of {', '.join(ENGINES)}.")
