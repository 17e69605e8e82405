"""How is the YAML of a clause read, so that none of its traps passes for what was meant?"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.constructor import ConstructorError


class ClauseLoader(yaml.SafeLoader):
    """Plain YAML: a key given twice is an error, where YAML keeps the last; anchors are refused, for they can explode.

    Written in Python, so that nesting without end is an error told and not the end of the process.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node; an alias is refused."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise ConstructorError(
                None, None, "'*' refers to an anchor; write the value out", event.start_mark if event else None
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node.

        Raises   ConstructorError when a key is there twice.
        """
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = (key_node.tag, key_node.value if isinstance(key_node.value, str) else id(key_node))
            if key in seen:
                raise ConstructorError(
                    None, None, f"the key '{key_node.value}' is given twice; keep one", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)
