"""What does a clause of options say: which practice may take part how, and by which way back?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from commonweal.contract.agreed.replacing import Replacing
from commonweal.contract.agreed.values import MONTHS, Shape, one_of
from commonweal.contract.clauses.clause import ClauseFault, Strict
from commonweal.core.amounts import Source
from commonweal.place.participation.events import History, Option
from commonweal.place.participation.way_back import ParticipationBreach


class Offer(Strict):
    """An option that practices may take: all of them, or those named; from a day, to the first day after."""

    option: Option
    practices: tuple[str, ...] = Field(default=(), description="Practice codes; every practice when empty.")
    from_: date | None = Field(default=None, alias="from")
    to: date | None = Field(default=None, description="The first day after.")

    def holds(self, practice_code: str, day: date) -> bool:
        """Whether a practice may take it on a day."""
        named = not self.practices or practice_code in self.practices
        return named and (self.from_ or date.min) <= day < (self.to or date.max)


class OptionsClause(Replacing):
    """The options: what is offered to which practice, and the rules of the way back to a suspended contract.

    A rule of the way back that is not written is the library's.
    """

    clause: Literal["options"]
    offered: tuple[Offer, ...] = Field(description="What practices may take; none where it is empty.")

    ONE_ONLY: ClassVar[bool] = True
    REPLACES: ClassVar[Mapping[str, Shape]] = {
        "reactivation_window_months": MONTHS,
        "reactivation_notice_months": MONTHS,
        "reactivations_most": MONTHS,
        "list_follows_gp_within_months": MONTHS,
        "all_partners_agree": one_of("yes", "no"),
    }

    def faults(self) -> Iterator[ClauseFault]:
        """Offers that end before they begin, or are made twice, besides what is wrong with any term."""
        yield from super().faults()
        for i, offer in enumerate(self.offered):
            if offer.from_ and offer.to and offer.to <= offer.from_:
                mend = "Give the first day after the last."
                yield ClauseFault(("offered", i, "to"), offer.to.isoformat(), f"is not after {offer.from_}.", mend)
            for j, other in enumerate(self.offered[:i]):
                if offer.option == other.option and _shared(offer, other) and _overlap(offer, other):
                    message = f"is offered in row {j} for the same days."
                    yield ClauseFault(("offered", i, "option"), offer.option, message, "Keep one, or end one before.")

    def refuse_unoffered(self, history: History) -> None:
        """Nothing, where every practice took an option on a day on which it was offered.

        Raises   ParticipationBreach naming the practice, the clause and the first day the option is offered.
        """
        for event in history.events:
            if event.event != "participates" or event.option is None:
                continue
            if not any(o.option == event.option and o.holds(event.practice_code, event.start) for o in self.offered):
                raise self._breach(event.practice_code, event.option, event.start)

    def _breach(self, practice_code: str, option: Option, day: date) -> ParticipationBreach:
        later = [
            offer.from_
            for offer in self.offered
            if offer.option == option and offer.from_ and offer.from_ > day and offer.holds(practice_code, offer.from_)
        ]
        source = self.source.source() if self.source else Source("")
        return ParticipationBreach(
            f"the {option} option is not offered to it on {day}.",
            where=practice_code,
            rule=self.label,
            source=str(source),
            earliest=min(later, default=None),
        )


def _shared(offer: Offer, other: Offer) -> bool:
    return not offer.practices or not other.practices or bool(set(offer.practices) & set(other.practices))


def _overlap(offer: Offer, other: Offer) -> bool:
    starts_before = (offer.from_ or date.min) < (other.to or date.max)
    return starts_before and (other.from_ or date.min) < (offer.to or date.max)
