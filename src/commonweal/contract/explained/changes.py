"""In what do two gain and loss shares differ, and what would one pay with some of the differences made?

A change is an input, a term or an operation that one side has otherwise. Between the two sides lie mixed shares, which
have some changes made and others not. Where operations that differ do not work one without the other, they are one
change: the operations as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any, Literal

from commonweal.contract.clauses.clause import Term
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.operations import AnyOperation
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.amounts import Line
from commonweal.core.errors import ParameterProblem
from commonweal.core.explanation import plain_text
from commonweal.core.money import decimal_of

MOST_BLOCKS = 6
WHOLE = "operations"
Kind = Literal["input", "term", "operation"]
# What says nothing of what is paid, or is compared part by part; anything else that differs is the clause as a whole.
WORDS = frozenset({"clause", "name", "label", "meaning", "source", "variation", "lines"})
IN_PARTS = frozenset({"inputs", "terms", "operations"})


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that are compared: what it is called, its clause, its inputs, and the day whose terms hold.

    earlier   inputs of years before, by day, where results are pooled or carried
    """

    name: str
    clause: GainLossShare
    inputs: Mapping[str, Any]
    on: date
    earlier: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)

    def settled(self) -> Settlement:
        """What it pays."""
        return settled(self.clause, self.inputs, self.on, earlier=self.earlier)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the second side has otherwise.

    before, after   its value or what it says on either side, as text
    source          where the second side's value comes from, where it says so
    """

    kind: Kind
    name: str
    label: str
    before: str
    after: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of operations that differ: where it lies on the first side, and what stands there on either."""

    start: int
    end: int
    before: tuple[AnyOperation, ...]
    after: tuple[AnyOperation, ...]


class Changes:
    """The changes between two sides, in their stated order: inputs, terms, operations; and the shares between them."""

    def __init__(self, first: Side, second: Side, *, whole: bool = False) -> None:
        self.first, self.second = first, second
        self.inputs = [name for name in first.clause.inputs if self._input_differs(name)]
        self.terms = [name for name in first.clause.terms if self._term_differs(name)]
        self.blocks = list(_blocks(first.clause.operations, second.clause.operations))
        self.whole = whole or not self._divisible()
        held = [*map(self._input, self.inputs), *self._earlier(), *map(self._term, self.terms)]
        if self.whole and (self.blocks or _other_fields(first.clause) != _other_fields(second.clause)):
            held.append(_whole_change(first.clause, second.clause))
        elif not self.whole:
            held += [_block_change(block) for block in self.blocks]
        self.held: tuple[Change, ...] = tuple(held)

    def mixed(self, made: frozenset[int]) -> Side:
        """The share with the changes at some positions made: clause, inputs and day."""
        inputs = {name for i, name in enumerate(self.inputs) if i in made}
        past = len(self.inputs) + len(self._earlier())
        terms = {name for i, name in enumerate(self.terms, start=past) if i in made}
        start = past + len(self.terms)
        if self.whole:
            ours = self.second if start in made else self.first
            other = self.first if start in made else self.second
            clause = ours.clause
            names = frozenset(clause.inputs), frozenset(clause.terms)
            operations = clause.operations
        else:
            ours, other, clause = self.first, self.second, self.first.clause
            names = frozenset(clause.inputs) | {*other.clause.inputs}, frozenset(clause.terms) | {*other.clause.terms}
            operations = self._operations({i - start for i in made if i >= start})
        held = {name: self._chosen(name, "inputs", inputs, ours, other) for name in sorted(names[0])}
        of_terms = {name: self._chosen(name, "terms", terms, ours, other) for name in sorted(names[1])}
        mixed = clause.model_copy(
            update={
                "inputs": {name: side.clause.inputs[name] for name, side in held.items()},
                "terms": {name: _until(side.clause.terms[name], side.on) for name, side in of_terms.items()},
                "operations": operations,
            }
        )
        # A copy brings what was worked out from the terms before.
        mixed.__dict__.pop("parameters", None)
        numbers = {name: side.inputs[name] for name, side in held.items() if name in side.inputs}
        of_before = self.second if past > len(self.inputs) and past - 1 in made else self.first
        before = {day: _known(mixed, inputs) for day, inputs in of_before.earlier.items()}
        return Side(ours.name, mixed, numbers, max(self.first.on, self.second.on), before)

    def _earlier(self) -> list[Change]:
        first, second = ({day: _numbers(held) for day, held in s.earlier.items()} for s in (self.first, self.second))
        if first == second:
            return []
        before, after = (", ".join(str(day) for day in sorted(held)) or "none" for held in (first, second))
        return [Change("input", "earlier_years", "Inputs of years before", before, after)]

    def _chosen(self, name: str, field: str, changed: set[str], ours: Side, other: Side) -> Side:
        """Whose input or term of a name a mixed share has."""
        if name not in getattr(self.first.clause, field):
            return self.second
        if name not in getattr(self.second.clause, field):
            return self.first
        return self.second if name in changed else self.first

    def _operations(self, made: set[int]) -> tuple[AnyOperation, ...]:
        operations: list[AnyOperation] = []
        at = 0
        for number, block in enumerate(self.blocks):
            operations += self.first.clause.operations[at : block.start]
            operations += block.after if number in made else block.before
            at = block.end
        return (*operations, *self.first.clause.operations[at:])

    def _divisible(self) -> bool:
        """Whether every mixture of the blocks of operations is a share that makes sense."""
        first, second = self.first.clause, self.second.clause
        crossed = set(first.inputs) & set(second.terms) or set(first.terms) & set(second.inputs)
        if crossed or len(self.blocks) > MOST_BLOCKS or _other_fields(first) != _other_fields(second):
            return False
        known = {"inputs": {**second.inputs, **first.inputs}, "terms": {**second.terms, **first.terms}}
        sets = (made for n in range(len(self.blocks) + 1) for made in combinations(range(len(self.blocks)), n))
        mixtures = (first.model_copy(update={**known, "operations": self._operations(set(made))}) for made in sets)
        return not any(fault for mixture in mixtures for fault in mixture.faults())

    def _input_differs(self, name: str) -> bool:
        if name not in self.second.clause.inputs:
            return False
        return bool(_number(self.first.inputs.get(name)) != _number(self.second.inputs.get(name)))

    def _term_differs(self, name: str) -> bool:
        if name not in self.second.clause.terms:
            return False
        first, second = (_comparable(_values(side, name)) for side in (self.first, self.second))
        if len(first) != len(second):
            first, second = first[:1], second[:1]
        return bool(first != second)

    def _input(self, name: str) -> Change:
        before, after = (_input_text(side.inputs.get(name)) for side in (self.first, self.second))
        return Change("input", name, self.second.clause.inputs[name].label, before, after)

    def _term(self, name: str) -> Change:
        before, after = (_term_text(_value(side, name, side.on)) for side in (self.first, self.second))
        held = self.second.clause.terms[name]
        cited = [value.source for day, value in sorted(held.values.items()) if day <= self.second.on]
        return Change("term", name, held.label, before, after, str(cited[-1].source()) if cited else "")


def _until(term: Term, on: date) -> Term:
    """The term as it was known on the day, so that a later day has the same value; whole where it had none yet."""
    held = {day: value for day, value in term.values.items() if day <= on}
    return term.model_copy(update={"values": held}) if held else term


def _values(side: Side, name: str) -> list[Any]:
    """What a term is on the side's day, and on those of the years before."""
    return [_value(side, name, day) for day in (side.on, *sorted(side.earlier, reverse=True))]


def _value(side: Side, name: str, day: date) -> Any:
    try:
        return side.clause.parameters[name].on(day).value
    except ParameterProblem:
        return None


def _known(clause: GainLossShare, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name in clause.inputs}


def _numbers(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _number(value) for name, value in sorted(inputs.items())}


def _number(value: Any) -> Any:
    """An input as what can be compared: an exact number, or one by practice."""
    if isinstance(value, Line):
        return value.amount
    if isinstance(value, Mapping):
        return {key: decimal_of(held) for key, held in value.items()}
    return None if value is None else decimal_of(value)


def _comparable(value: Any) -> Any:
    if isinstance(value, list):
        return [_comparable(entry) for entry in value]
    try:
        return _number(value)
    except ArithmeticError:
        return value


def _input_text(value: Any) -> str:
    held = _number(value)
    if isinstance(held, Mapping):
        return f"{plain_text(sum(held.values(), decimal_of(0)), separators=True)} over {len(held)} practices"
    return "not given" if held is None else plain_text(held, separators=True)


def _term_text(value: Any) -> str:
    if value is None:
        return "no value yet"
    if isinstance(value, list):
        return "; ".join(f"{row[0]} to {row[1] or 'more'}: {row[2]} to {row[3]}" for row in value)
    return str(value)


def _other_fields(clause: GainLossShare) -> dict[str, Any]:
    return clause.model_dump(exclude=set(WORDS | IN_PARTS))


def _blocks(first: Sequence[AnyOperation], second: Sequence[AnyOperation]) -> Iterator[Block]:
    before, after = ([step.model_dump_json(exclude={"label"}) for step in steps] for steps in (first, second))
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if [step.name for step in first[a:b]] == [step.name for step in second[c:d]]:
            yield from (Block(a + i, a + i + 1, (first[a + i],), (second[c + i],)) for i in range(b - a))
        else:
            yield Block(a, b, tuple(first[a:b]), tuple(second[c:d]))


def _block_change(block: Block) -> Change:
    steps = block.after or block.before
    names = ", ".join(dict.fromkeys(step.name for step in (*block.before, *block.after)))
    label = ", ".join(step.label or step.name.replace("_", " ") for step in steps)
    if len(block.before) == len(block.after) == 1 and block.before[0].do == block.after[0].do:
        before, after = _told_apart(block.before[0], block.after[0])
    else:
        before, after = _listed(block.before), _listed(block.after)
    return Change("operation", names, label, before, after)


def _told_apart(first: AnyOperation, second: AnyOperation) -> tuple[str, str]:
    """Of two operations of a kind, what each says that the other does not."""
    a, b = (step.model_dump(exclude={"label"}) for step in (first, second))
    fields = [field for field in a if a[field] != b.get(field)]
    said = [", ".join(f"{field.replace('_', ' ')} {held[field]}" for field in fields) for held in (a, b)]
    return said[0], said[1]


def _listed(steps: Sequence[AnyOperation]) -> str:
    return ", ".join(f"{step.do} {step.name}" for step in steps) or "nothing"


def _apart(steps: Sequence[AnyOperation], others: Sequence[AnyOperation]) -> str:
    """How many operations there are, and which of them the other side does not have, or has otherwise or elsewhere."""
    known = {step.model_dump_json(exclude={"label"}) for step in others}
    own = [step for step in steps if step.model_dump_json(exclude={"label"}) not in known]
    return f"{len(steps)} operations; its own: {_listed(own)}" if own else f"{len(steps)}: {_listed(steps)}"


def _whole_change(first: GainLossShare, second: GainLossShare) -> Change:
    before, after = _apart(first.operations, second.operations), _apart(second.operations, first.operations)
    return Change("operation", WHOLE, f"{second.label}: its operations as a whole", before, after)
