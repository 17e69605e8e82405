"""How do words look in a PDF, and which letters can it print?

Helvetica, which every reader has, prints western European letters. Signs it lacks (a minus sign, ≤) come from the Vera
font that reportlab brings along and are put into the file; letters neither has lose their accents.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import getFont, registerFont
from reportlab.pdfbase.ttfonts import TTFont

from commonweal.web.document import runs

BLUE = HexColor("#005eb8")
INK = HexColor("#212b32")
GREY = HexColor("#4c6272")
LINE = HexColor("#d8dde0")
PALE = HexColor("#f0f4f5")
YELLOW = HexColor("#fff9c4")
AMBER = HexColor("#ffb81c")
RED = HexColor("#d5281b")

SIGNS_FONT = "Vera"

# What must be free below a caption or a heading, in points, for it to stay on a page: its first rows.
ROOM_BELOW_CAPTION = 90.0
ROOM_BELOW_HEADING = 140.0


def _style(name: str, size: float, **rest: object) -> ParagraphStyle:
    settings: dict[str, object] = {
        "fontName": "Helvetica",
        "fontSize": size,
        "leading": size * 1.35,
        "textColor": INK,
        "spaceAfter": 6,
        "splitLongWords": 1,
    }
    return ParagraphStyle(name, **(settings | rest))


STYLES = {
    style.name: style
    for style in (
        _style("title", 24, fontName="Helvetica-Bold", spaceAfter=4, leading=29),
        _style("subtitle", 13, textColor=GREY, spaceAfter=14),
        _style("contents", 10, spaceAfter=0, leading=16),
        _style("heading-2", 16, fontName="Helvetica-Bold", textColor=BLUE, spaceBefore=18),
        _style("heading-3", 12.5, fontName="Helvetica-Bold", spaceBefore=12),
        _style("heading-4", 10.5, fontName="Helvetica-Bold", spaceBefore=8),
        _style("body", 10),
        _style("lead", 12, spaceAfter=10),
        _style("bullet", 10, leftIndent=14, bulletIndent=2, spaceAfter=3),
        _style("caption", 10, fontName="Helvetica-Bold", spaceBefore=8, spaceAfter=4),
        _style("bar", 8.5, spaceAfter=0, keepWithNext=1),
        _style("note", 8, textColor=GREY, spaceBefore=3),
        _style("small", 8, textColor=GREY, spaceAfter=0),
        _style("cell", 8.5, spaceAfter=0),
        _style("cell-right", 8.5, spaceAfter=0, alignment=TA_RIGHT),
        _style("cell-centre", 8.5, spaceAfter=0, alignment=TA_CENTER),
        _style("strong", 10, fontName="Helvetica-Bold", spaceAfter=0),
        _style("number", 15, fontName="Helvetica-Bold", spaceAfter=0),
    )
}


def running_text(marked: str, anchors: frozenset[str]) -> str:
    """Running text in reportlab's markup.

    Takes    anchors: the document's own; links to other pages and files of a site are printed as words.
    """
    return "".join(_run(run.text, run.strong, run.target, anchors) for run in runs(marked))


def linked(words: str, target: str, anchors: frozenset[str]) -> str:
    """Words in reportlab's markup, as a link where a PDF can follow it."""
    if not (target.startswith(("https:", "http:", "mailto:")) or (target[:1] == "#" and target[1:] in anchors)):
        return text(words)
    return f'<a href={quoteattr(target)} color="#005eb8">{text(words)}</a>'


def text(words: str) -> str:
    """Plain words in reportlab's markup, each sign in a font that has it."""
    return "".join(
        f'<font name="{SIGNS_FONT}">{escape(part)}</font>' if font == SIGNS_FONT else escape(part)
        for font, part in _stretches(words)
    )


def printable(words: str) -> str:
    """Plain words with only the letters Helvetica has, for where there is no markup."""
    return "".join(part if font != SIGNS_FONT else _simpler(part) for font, part in _stretches(words))


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """The width of words in points."""
    name = "Helvetica-Bold" if bold else "Helvetica"
    return sum(
        float(getFont(SIGNS_FONT if font == SIGNS_FONT else name).stringWidth(part, size))
        for font, part in _stretches(words)
    )


def _run(words: str, strong: bool, target: str, anchors: frozenset[str]) -> str:
    if target:
        return linked(words, target, anchors)
    return f"<b>{text(words)}</b>" if strong else text(words)


def _stretches(words: str) -> Iterator[tuple[str, str]]:
    plain = "".join(_known(letter) for letter in words.replace("\u202f", "\u00a0"))
    for font, letters in groupby(plain, key=_font_of):
        yield font, "".join(letters)


@cache
def _font_of(letter: str) -> str:
    return "Helvetica" if _in_helvetica(letter) else SIGNS_FONT


def _in_helvetica(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return letter >= " "


@cache
def _known(letter: str) -> str:
    if _in_helvetica(letter) or ord(letter) in _signs():
        return letter
    return " " if letter.isspace() else _simpler(letter)


def _simpler(words: str) -> str:
    bare = "".join(x for x in unicodedata.normalize("NFKD", words) if _in_helvetica(x))
    return bare or {"−": "-", "≤": "<=", "≥": ">=", "≠": "not ="}.get(words, "?")


@cache
def _signs() -> dict[int, int]:
    font = TTFont(SIGNS_FONT, "Vera.ttf")
    registerFont(font)
    return font.face.charToGlyph  # type: ignore[no-any-return]


# Registered once for the process: markup names the font before any width is asked for.
_signs()
