"""How is what the MCP earns, or has to bear, shared among its practices or parties, and who can stop it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from commonweal.contract.agreed.replacing import Replacing
from commonweal.contract.agreed.values import SHARE, Shape, Wrong, number
from commonweal.contract.clauses.clause import ClauseFault, Strict
from commonweal.core.amounts import Line, given_column, split, to_penny
from commonweal.core.errors import InputError

ONE = Decimal(1)


def _stated(value: Any) -> Iterator[Wrong]:
    if not isinstance(value, Mapping) or not value:
        yield Wrong((), value, "is no mapping.", "Write a share for each party.")
        return
    held = {key: number(share) for key, share in value.items()}
    for key, share in held.items():
        if share is None or not 0 <= share <= 1:
            yield Wrong((str(key),), value[key], "is no share.", "Write 0 to 1, in quotes.")
    whole = sum((share for share in held.values() if share is not None), Decimal(0))
    if None not in held.values() and whole != 1:
        yield Wrong((), str(whole), "is what the shares sum to, not 1.", "Let them sum to 1.")


STATED = Shape(_stated, {"type": "object", "additionalProperties": {"type": "string"}})


class Decision(Strict):
    """How members decide to change the shares.

    threshold  the term that says which share of votes is needed
    votes      one a member, or by the shares stated
    no_veto    that no member alone can stop it, which is then checked
    """

    threshold: str
    votes: Literal["one_each", "by_share"] = "one_each"
    no_veto: bool = False


class MemberShares(Replacing):
    """The shares of members in what is paid to all of them, or what all of them owe.

    by    equally; by registered or weighted list, among practices; or as stated in a term
    """

    clause: Literal["member_shares"]
    shared: str = Field(min_length=1, description="What is shared, in words.")
    among: Literal["practices", "parties"] = "practices"
    by: Literal["equal", "list", "weighted_list", "stated"]
    parties: tuple[str, ...] = Field(default=(), description="The parties, where they share and not the practices.")
    stated: str | None = Field(default=None, description="The term of stated shares.")
    decision: Decision | None = None

    REPLACES: ClassVar[Mapping[str, Shape]] = {}

    def own_terms(self) -> Mapping[str, Shape]:
        """The shares stated, and the share of votes needed."""
        named: dict[str, Shape] = {self.stated: STATED} if self.stated else {}
        return {**named, self.decision.threshold: SHARE} if self.decision else named

    def faults(self) -> Iterator[ClauseFault]:
        """Shares of nobody or of strangers, lists that parties have not, and a veto where there is to be none."""
        yield from super().faults()
        if self.by == "stated" and not self.stated:
            yield ClauseFault(("stated",), None, "names no term.", "Name the term of stated shares.")
        if self.by != "stated" and self.stated:
            yield ClauseFault(("stated",), self.stated, f"is not used: shares are by {self.by}.", "Take it out.")
        if self.stated and self.stated not in self.terms:
            yield ClauseFault(("stated",), self.stated, "is no term of this clause.", "Write it under terms.")
        if self.decision and self.decision.threshold not in self.terms:
            path = ("decision", "threshold")
            yield ClauseFault(path, self.decision.threshold, "is no term of this clause.", "Write it under terms.")
        if self.among == "parties" and self.by in ("list", "weighted_list"):
            yield ClauseFault(("by",), self.by, "is of practices; parties have no list.", "Share equally or as stated.")
        if (self.among == "parties") != bool(self.parties):
            mend = "Name them where among is parties, and only there."
            yield ClauseFault(("parties",), list(self.parties), f"does not fit among {self.among}.", mend)
        if len(set(self.parties)) < len(self.parties):
            yield ClauseFault(("parties",), list(self.parties), "names a party twice.", "Name each once.")
        yield from self._strangers()
        yield from self._vetoes()

    def _strangers(self) -> Iterator[ClauseFault]:
        for day, shares in self._dated_shares():
            if self.parties and set(shares) != set(self.parties):
                path = ("terms", str(self.stated), "values", day.isoformat(), "value")
                yield ClauseFault(path, sorted(shares), "is not the parties.", f"Give {', '.join(self.parties)}.")

    def _dated_shares(self) -> Iterator[tuple[date, dict[str, Decimal]]]:
        term = self.terms.get(self.stated or "")
        for day, held in sorted(term.values.items()) if term else ():
            if not list(_stated(held.value)):
                yield day, {str(key): Decimal(share) for key, share in held.value.items()}

    def _vetoes(self) -> Iterator[ClauseFault]:
        if not self.decision or not self.decision.no_veto or not self.parties:
            return
        term = self.terms.get(self.decision.threshold)
        needed = [number(held.value) for held in term.values.values()] if term else []
        most = max((share for share in needed if share is not None), default=Decimal(0))
        votes = [(name, ONE / len(self.parties)) for name in self.parties]
        if self.decision.votes == "by_share":
            votes = [pair for _, shares in self._dated_shares() for pair in shares.items()]
        for name, vote in sorted(set(votes)):
            if ONE - vote < most:
                message = f"can stop a decision alone: the others have {ONE - vote:.4f} of the votes, {most} is needed."
                yield ClauseFault(("decision", "no_veto"), name, message, "Lower the threshold, or spread the votes.")


def member_shares(
    clause: MemberShares, amount: Line, on: date, *, practices: Sequence[str] = (), people: Line | None = None
) -> Line:
    """An amount shared among members: a column in whole pence, by member, that sums to the amount to the penny.

    Takes    amount: one exact amount, above or below zero; practices: who takes part, where practices share; people:
             their registered or weighted list, a column by practice, where shares are by list.
    Raises   InputError for members or a list that are not there; ParameterProblem for shares that have no value yet.
    """
    weights = _weights(clause, on, tuple(practices), people)
    if sum(weights.by_key().values()) == 0:
        raise InputError("the weights of all members are nothing.", where=clause.name, mend="Give one a weight.")
    whole = to_penny(amount.name, amount)
    return split(f"{clause.label}: shares", whole, weights)


def _weights(clause: MemberShares, on: date, practices: tuple[str, ...], people: Line | None) -> Line:
    members = clause.parties or practices
    if clause.by == "stated":
        parameter = clause.parameters[str(clause.stated)]
        held = parameter.on(on)
        strangers = sorted(set(members) ^ set(held.value)) if members else []
        if strangers:
            mend = "State a share for every member, and for nobody else."
            raise InputError(f"{strangers[0]} has no stated share or is no member.", where=clause.name, mend=mend)
        return given_column(
            parameter.label, held.value, unit="share", status=held.status, source=held.source, working="as stated"
        )
    if not members:
        raise InputError("there are no members.", where=clause.name, mend="Name the practices that take part.")
    if clause.by == "equal":
        return given_column("equal shares", dict.fromkeys(members, "1"), unit="ratio", working="one each")
    if people is None or people.keys is None:
        raise InputError("there is no list to share by.", where=clause.name, mend="Give people by practice.")
    lists = people.by_key()
    absent = [code for code in members if code not in lists]
    if absent:
        raise InputError(f"{absent[0]} has no list.", where=clause.name, mend="Give people for every practice.")
    if len(members) == len(lists):
        return people
    return given_column(
        people.name, {code: lists[code] for code in members}, unit=people.unit, status="derived", source=people.source
    )
