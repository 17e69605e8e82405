"""How does a command keep what it found as a file to open, send or work on?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from commonweal.cli.output import say
from commonweal.core.errors import InputError
from commonweal.web.document import Document
from commonweal.web.html import write_page
from commonweal.web.pdf import write_pdf
from commonweal.web.workbook import write_workbook

WRITERS: Mapping[str, Callable[[Path, Document], Path]] = {
    ".html": write_page,
    ".xlsx": write_workbook,
    ".pdf": write_pdf,
}

save_option = click.option(
    "--save",
    "saved",
    type=click.Path(path_type=Path),
    help="Also write it to a file: .html (unfolds, works offline), .xlsx (live formulas) or .pdf.",
)


def checked_file(file: Path | None) -> None:
    """Refuse a file that no writer knows, before any work is done.

    Raises   InputError.
    """
    if file is not None and file.suffix.lower() not in WRITERS:
        raise InputError("is no kind of file to save.", where=str(file), mend=f"End it in {', '.join(WRITERS)}.")


def save(file: Path | None, document: Callable[[], Document]) -> None:
    """Write the document by the ending of the file's name; nothing without a file.

    Raises   InputError for an ending that no writer knows, and where nothing can be written.
    """
    if file is None:
        return
    checked_file(file)
    try:
        WRITERS[file.suffix.lower()](file, document())
    except OSError as problem:
        raise InputError(
            f"cannot be written: {problem.strerror}.", where=str(file), mend="Name a file you may write."
        ) from None
    say(f"Written: {file}")
