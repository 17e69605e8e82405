"""How does a figure of the population stand in a cell: hidden where few, marked where it is illustrative?"""

from __future__ import annotations

from decimal import Decimal

from commonweal.need.at_a_glance import PopulationAtAGlance
from commonweal.web.document import Cell, Illustrative
from commonweal.web.values import cell_text


class Shown:
    """Turns figures into cells.

    Takes    glance: whose figures; those of made-up people are all marked.
             rule_illustrative: whether the figures rest on an illustrative rule besides.
    """

    def __init__(self, glance: PopulationAtAGlance, *, rule_illustrative: bool = False) -> None:
        self.hidden_text = glance.hidden_text
        self.marked = glance.synthetic or rule_illustrative

    def people(self, count: int | None) -> Cell:
        """A count, or the words for few people."""
        return self._mark(count)

    def share(self, share: Decimal | None) -> Cell:
        """A share, or nothing where it is made from few people."""
        return None if share is None else self._mark(share)

    def number(self, number: Decimal | None) -> Cell:
        """A rate or an amount, or the words for few people."""
        return self._mark(number)

    def note(self, count: int | None) -> str:
        """A count in words, to stand under its share."""
        return f"{count_text(count, self.hidden_text)} people"

    def _mark(self, number: Decimal | int | None) -> Cell:
        if number is None:
            return self.hidden_text
        return Illustrative(number) if self.marked and number else number


def count_text(count: int | None, hidden_text: str) -> str:
    """A count in words."""
    return hidden_text if count is None else cell_text(count, "people")


def share_text(share: Decimal | None, places: int = 1) -> str:
    """A share in words."""
    return cell_text(share, "share", places)
