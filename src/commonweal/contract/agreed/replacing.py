"""How does a clause put its terms in front of the library's parameters?

Its terms carry the names of the parameters they replace, in the library's unit, so that a budget, a scope and a
statement are worked out by the contract without knowing that there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from commonweal.contract.agreed.values import Shape
from commonweal.contract.clauses.clause import Clause, ClauseFault
from commonweal.core.parameters import Parameter, library


class Replacing(Clause):
    """A clause whose terms are parameters of the library, and others that its own part names.

    REPLACES  the parameters that its terms may be, and what their values may be
    """

    REPLACES: ClassVar[Mapping[str, Shape]] = {}

    def own_terms(self) -> Mapping[str, Shape]:
        """Terms beyond the library's that the clause's own part names, and what they may be; none here."""
        return {}

    @property
    def replaces(self) -> Mapping[str, Parameter]:
        """The terms that stand in front of the library's."""
        return {name: self.parameters[name] for name in sorted(self.terms) if name in self.REPLACES}

    def faults(self) -> Iterator[ClauseFault]:
        """Terms that nothing reads, units that are not the library's, values that are not what the term may be."""
        own = self.own_terms()
        for name, term in sorted(self.terms.items()):
            shape = self.REPLACES.get(name) or own.get(name)
            if shape is None:
                there = ", ".join((*self.REPLACES, *own)) or "none"
                yield ClauseFault(("terms", name), name, "is no term that this clause knows.", f"There are {there}.")
                continue
            shipped = library()[name].unit if name in library() else ""
            if name in self.REPLACES and shipped and term.unit != shipped:
                yield ClauseFault(("terms", name, "unit"), term.unit, "is not the unit.", f"Write '{shipped}'.")
            for day, held in sorted(term.values.items()):
                path = ("terms", name, "values", day.isoformat(), "value")
                for wrong in shape.check(held.value):
                    yield ClauseFault((*path, *wrong.path), wrong.value, wrong.message, wrong.mend)

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema, with the names, units and values of the terms that an editor completes."""
        schema = super().model_json_schema(*args, **kwargs)
        terms = schema["properties"]["terms"]
        terms["properties"] = {name: _term_schema(name, shape) for name, shape in cls.REPLACES.items()}
        return schema


def _term_schema(name: str, shape: Shape) -> dict[str, Any]:
    value = {"properties": {"value": dict(shape.schema)}}
    narrowed: dict[str, Any] = {"values": {"additionalProperties": value}}
    if name in library():
        parameter = library()[name]
        narrowed["unit"] = {"const": parameter.unit}
        return {
            "description": parameter.meaning,
            "allOf": [{"$ref": "#/$defs/Term"}, {"properties": narrowed}],
        }
    return {"allOf": [{"$ref": "#/$defs/Term"}, {"properties": narrowed}]}
