"""How do rows become CSV that a spreadsheet opens safely?"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any


def csv_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """Rows as CSV text with a header.

    Takes    columns: the header where there may be no rows; the first row's keys when not given.
    Returns  nothing at all for no rows without columns.
    """
    named = list(columns or (rows[0] if rows else ()))
    if not named:
        return ""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, fieldnames=named, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _safe(value) for key, value in row.items()})
    return written.getvalue()


def _safe(value: Any) -> Any:
    # A spreadsheet runs a cell that begins like a formula; names in published files are not ours to trust.
    if isinstance(value, str) and value[:1] in "=+@\t\r" and value:
        return "'" + value
    return "" if value is None else value
