"""On what are tables computed?

Table functions are Ibis expressions and never ask which engine they run on. The default is DuckDB in the process;
beyond one machine the same expressions run on Spark.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.backends import BaseBackend

from commonweal.core.errors import CommonwealError


def duckdb_engine(*, threads: int = 2, memory: str = "1GB") -> BaseBackend:
    """A new in-process DuckDB. Rows keep their order, so that equal inputs give equal bytes.

    Takes    threads, memory: what it may use at most.
    """
    settings: dict[str, Any] = {"threads": threads, "memory_limit": memory, "preserve_insertion_order": True}
    engine = ibis.duckdb.connect(**settings)
    engine.con.execute("SET enable_progress_bar = false")
    return engine


def spark_engine(*, threads: int = 2) -> BaseBackend:
    """A Spark session in local mode.

    Raises   CommonwealError when PySpark or Java is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise CommonwealError(
            "Spark is not installed.",
            mend="Install it with: pip install 'commonweal[spark]', and a Java runtime.",
        ) from None
    builder = SparkSession.builder.master(f"local[{threads}]").appName("commonweal")
    session = (
        builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", str(threads))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session)
