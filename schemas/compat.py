"""What may change in a published schema without a new version: optional fields, new facts, and bounds so wide that
nothing beyond them was ever of use.
"""

from hashlib import blake2b
from json import dumps
from typing import Any

from schemas.fact import LAST_MS

Document = dict[str, Any]


def digest(schema: Document) -> str:
    """Eight hex digits of the schema's shape; the same after a change of words only."""
    return blake2b(dumps(_shape(schema), sort_keys=True).encode(), digest_size=4).hexdigest()


def breaks(old: Document, new: Document) -> list[str]:
    """One sentence for every change that a reader or writer of ``old`` would stumble over; empty: none.

    Nested structs have entries of their own in ``$defs``, so comparing entry by entry sees every level.
    """
    before, after = _shape(old["$defs"]), _shape(new["$defs"])
    gone = [f"{name} is gone" for name in before if name not in after]
    return gone + [line for name in before if name in after for line in _changes(name, before[name], after[name])]


def _changes(name: str, before: Document, after: Document) -> list[str]:
    old, new = before["properties"], after["properties"]
    lines = [f"{name}.{field} is gone" for field in old if field not in new]
    lines += [f"{name}.{field} changed" for field in old if field in new and _differs(old[field], new[field])]
    for field in sorted(set(before["required"]) ^ set(after["required"])):
        lines.append(f"{name}.{field} {'became required' if field in after['required'] else 'is no longer required'}")
    return lines


def _differs(old: Any, new: Any) -> bool:
    """True unless both are the same, or ``new`` bounds a number that had no bound, no lower than the end of time."""
    if isinstance(old, dict) and isinstance(new, dict):
        added = new.keys() - old.keys()
        is_wide = added <= {"maximum"} and all(new[name] >= LAST_MS for name in added)
        return not is_wide or any(name not in new or _differs(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return any(map(_differs, old, new))
    return bool(old != new)


def _shape(node: Any) -> Any:
    """The schema without what is only for people; a field may be called ``description`` and stays."""
    if isinstance(node, list | tuple):  # a default made by Python is a tuple, the same default read back a list
        return [_shape(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {name: _shape(part) for name, part in node.items() if not (name == "description" and isinstance(part, str))}
