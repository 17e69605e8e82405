"""How are several yes or no facts of one person gathered in one pass? As the bits of a number."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir


@ibis.udf.agg.builtin(name="bit_or", signature=((dt.int64,), dt.int64))  # type: ignore[untyped-decorator]
def all_marks(marks: ir.IntegerColumn) -> ir.IntegerScalar:
    """Every bit that is set in any row of a group; DuckDB and Spark have it under the one name."""
