"""What may reach durable-rules 2.0.28: the small subset that was measured to be judged rightly.

Outside it a missing property fires falsely, an unlucky join reads past the heap, too many branches lose facts
and equal hashes mix up names, all without a word. Nothing is repaired here, only refused.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.errors import EngineFault

Kinds = Mapping[str, Sequence[str]]

LITERAL_MOST = 2**31 - 1
FACT_MOST = 2**53
MOST_RULES, MOST_PATTERNS, MOST_CONDITIONS, MOST_PROPERTIES = 4_000, 8, 28, 200
MOST_ALTERNATIVES, MOST_AT_ONCE, MOST_SAME_END = 480, 48, 200
PRIORITIES, COUNTS = range(1, 60_001), range(1, 1_001)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_TEXT = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_COMPARISONS = {"$lt", "$lte", "$gt", "$gte", "$neq"}
_SUMS = {"$add", "$sub", "$mul"}
_RESERVED = {"id", "sid"}
_LITERAL, _EXISTS, _COMPARE, _JOIN = range(4)


def check_fact(fact: Mapping[str, Any], kinds: Kinds) -> None:
    """Refuse a fact that the engine would misread.

    A fact has its kind `t`, `u` = 1 and exactly the declared fields of its kind (`boot` has only `t`), each
    an integer within ±2**53 or a short ASCII word; the engine fires falsely on a property that is missing.

    Raises:
        EngineFault: the fact is outside the subset.
    """
    kind = fact.get("t")
    if type(kind) is not str or (kind != "boot" and kind not in kinds):
        raise EngineFault(f"a fact of no declared kind: {kind!r}")
    wanted = {"t"} if kind == "boot" else {"t", "u", *kinds[kind]}
    if set(fact) != wanted or len(fact) > MOST_PROPERTIES:
        raise EngineFault(f"a fact of kind {kind} must have the fields {sorted(wanted)}, not {sorted(fact)}")
    for name, value in fact.items():
        if not _is_plain(value, FACT_MOST) or (name != "t" and type(value) is not int):
            raise EngineFault(f"the engine cannot hold {name} = {value!r}")


def lint(definition: Mapping[str, Any], kinds: Kinds) -> None:
    """Refuse a ruleset outside the subset.

    Raises:
        EngineFault: with every complaint about it.
    """
    found = complaints(definition, kinds)
    if found:
        raise EngineFault("not for the engine: " + "; ".join(found))


def complaints(definition: Mapping[str, Any], kinds: Kinds) -> list[str]:
    """Return what is wrong with a ruleset over facts of these kinds, in words; nothing if it may pass."""
    found = list(_names(kinds))
    if len(definition) > MOST_RULES:
        found.append(f"{len(definition)} rules")
    for name, rule in definition.items():
        if not _NAME.fullmatch(name):
            found.append(f"the rule name {name!r}")
        found += [f"rule {name}: {complaint}" for complaint in _rule(rule, kinds)]
    if found:
        return found
    if not any(
        [*pattern.values()] == [{"t": "boot"}] for rule in definition.values() for pattern in rule["all"]
    ):
        return ["no boot rule"]
    return list(_crowding(definition))


def fnv1a(word: str) -> int:
    """Return the 32-bit FNV-1a hash by which the engine knows a name, an id or a session."""
    value = 2166136261
    for byte in word.encode("utf-8"):
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def _is_plain(value: Any, most: int) -> bool:
    # `type`, not isinstance: True and numpy's integers are not what they seem once written as JSON.
    if type(value) is int:
        return abs(value) <= most
    return type(value) is str and _TEXT.fullmatch(value) is not None


def _names(kinds: Kinds) -> Iterator[str]:
    names = {"t", "u", *(field for fields in kinds.values() for field in fields)}
    for words in (names | _RESERVED, set(kinds) | {"boot"}):
        if len({fnv1a(word) for word in words}) < len(words):
            yield "two names with one hash"
    for kind, fields in kinds.items():
        if not _TEXT.fullmatch(kind) or kind == "boot" or len(fields) > MOST_PROPERTIES - 2:
            yield f"the kind {kind!r}"
        for field in fields:
            if not _NAME.fullmatch(field) or field in _RESERVED | {"t", "u"}:
                yield f"the property name {field!r}"


def _rule(rule: Mapping[str, Any], kinds: Kinds) -> Iterator[str]:
    if not {"all", "pri"} <= set(rule) <= {"all", "pri", "count"}:
        yield f"has other parts than all, pri and count: {sorted(rule)}"
        return
    if type(rule["pri"]) is not int or rule["pri"] not in PRIORITIES:
        yield f"pri {rule['pri']!r}"
    count = rule.get("count", 1)
    if type(count) is not int or count not in COUNTS or (count > 1 and len(rule["all"]) > 1):
        yield f"count {count!r}"
    if not 1 <= len(rule["all"]) <= MOST_PATTERNS:
        yield f"{len(rule['all'])} patterns"
    earlier: dict[str, set[str]] = {}
    for pattern in rule["all"]:
        if not isinstance(pattern, dict) or len(pattern) != 1:
            yield f"a pattern is one alias and its conditions: {pattern!r}"
            return
        ((alias, body),) = pattern.items()
        if not _NAME.fullmatch(alias) or alias in earlier:
            yield f"the alias {alias!r}"
        conditions = body.get("$and") if isinstance(body, dict) and set(body) == {"$and"} else [body]
        yield from _conditions(conditions, earlier, kinds)
        earlier[alias] = _declared(conditions, kinds)


def _declared(conditions: Any, kinds: Kinds) -> set[str]:
    first = conditions[0] if isinstance(conditions, list) and conditions else {}
    kind = first.get("t") if isinstance(first, dict) else None
    if kind == "boot":
        return {"t"}
    return {"t", "u", *kinds[kind]} if isinstance(kind, str) and kind in kinds else set()


def _conditions(conditions: Any, earlier: Mapping[str, set[str]], kinds: Kinds) -> Iterator[str]:
    if not isinstance(conditions, list) or not 1 <= len(conditions) <= MOST_CONDITIONS:
        yield "the conditions are not a list of 1 to 28"
        return
    declared = _declared(conditions, kinds)
    if not declared:
        yield f"the first condition names no declared kind: {conditions[0]!r}"
        return
    sure: set[str] = set()
    before = _LITERAL
    for condition in conditions:
        found = _Condition(condition, earlier, declared)
        yield from found.wrong(sure)
        if found.step < before:
            yield f"out of order (fixed values, $ex, comparisons, joins): {condition!r}"
        before = max(before, found.step)
        sure |= found.makes_sure
    last = conditions[-1]
    if earlier and last not in [{"u": {alias: "u"}} for alias in earlier]:
        yield f"a join must end in u == alias.u: {last!r}"


class _Condition:
    """One condition of a pattern: which step of the order it belongs to, and what is wrong with it."""

    def __init__(self, condition: Any, earlier: Mapping[str, set[str]], declared: set[str]) -> None:
        self.text = repr(condition)
        self.earlier, self.declared = earlier, declared
        self.makes_sure: set[str] = set()
        self.properties: list[str] = []
        self.own: list[str] = []
        self.bad: list[str] = []
        self.step = self._read(condition)

    def wrong(self, sure: set[str]) -> Iterator[str]:
        """Yield what is wrong, given the properties whose presence earlier conditions have made sure."""
        if self.bad:
            yield f"{', '.join(self.bad)} in {self.text}"
        unknown = [name for name in self.properties if name not in self.declared]
        if unknown:
            yield f"not declared for this kind: {unknown} in {self.text}"
        if self.step == _COMPARE and not set(self.own) <= sure:
            yield f"a comparison without a $ex before it: {self.text}"

    def _read(self, condition: Any) -> int:
        if not isinstance(condition, dict) or len(condition) != 1:
            self.bad.append("not one condition")
            return _LITERAL
        ((name, value),) = condition.items()
        if name == "$ex" and isinstance(value, dict) and len(value) == 1 and set(value.values()) == {1}:
            self.properties = list(value)
            self.makes_sure = set(value)
            return _EXISTS
        if name in _COMPARISONS and isinstance(value, dict) and len(value) == 1:
            ((left, right),) = value.items()
            self.properties = [left]
            joins = self._right(right)
            self.own = [*self.own, *([] if joins else [left])]
            return _COMPARE
        if name.startswith("$"):
            self.bad.append(f"the operator {name}")
            return _LITERAL
        return self._equality(name, value)

    def _equality(self, name: str, value: Any) -> int:
        self.properties = [name]
        if isinstance(value, dict):
            self._right(value)
            if name == "t":
                self.bad.append("a join of kinds")
            return _JOIN
        if not _is_plain(value, LITERAL_MOST) or (type(value) is str) != (name == "t"):
            self.bad.append(f"the value {value!r}")
        self.makes_sure = {name}
        return _LITERAL

    def _right(self, right: Any) -> bool:
        """Check a right-hand side; return whether it refers to another pattern."""
        if not isinstance(right, dict):
            if type(right) is not int or not _is_plain(right, LITERAL_MOST):
                self.bad.append(f"the value {right!r}")
            return False
        if len(right) != 1:
            self.bad.append(f"the expression {right!r}")
            return False
        ((name, value),) = right.items()
        if name in _SUMS and isinstance(value, dict) and set(value) == {"$l", "$r"}:
            return any([self._right(value["$l"]), self._right(value["$r"])])
        if name == "$m" and isinstance(value, str):
            self.properties.append(value)
            self.own.append(value)
            return False
        if name not in self.earlier or value not in self.earlier[name] or value == "t":
            self.bad.append(f"the reference {right!r}")
        return True


def _crowding(definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield the limits of the engine's tree of conditions: branches below a node, patterns with one end."""
    below: dict[str, dict[str, str]] = defaultdict(dict)
    ends: Counter[str] = Counter()
    patterns = [(place, body) for rule in definition.values() for place, body in _bodies(rule)]
    for number, (place, conditions) in enumerate(patterns):
        path = ""
        for condition in conditions:
            ((name, value),) = condition.items()
            fixed = not name.startswith("$") and not isinstance(value, dict)
            # Joins are not shared between rules: equal ones still are branches of their own.
            text = repr(condition) if fixed or place == 0 else f"{condition!r} of {number}"
            below[path][text] = name if fixed else text
            path += f"{text} "
        ends[path] += 1
    for branches in below.values():
        if len(branches) > MOST_ALTERNATIVES:
            yield f"{len(branches)} alternatives below a node"
        # Fixed values of one property exclude each other; everything else may match at once.
        if len(set(branches.values())) > MOST_AT_ONCE:
            yield f"{len(set(branches.values()))} branches that can match at once"
    if ends and max(ends.values()) > MOST_SAME_END:
        yield f"{max(ends.values())} patterns with the same end"


def _bodies(rule: Mapping[str, Any]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    for place, pattern in enumerate(rule["all"]):
        (body,) = pattern.values()
        yield place, body.get("$and", [body])
