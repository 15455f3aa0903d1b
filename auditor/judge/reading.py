"""The escalation file: read, checked as a whole, and turned into rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from auditor.errors import BadInput, EngineFault, Problem
from auditor.judge.lint import COUNTS, lint
from auditor.judge.program import compile_rules
from auditor.judge.rules import FED, RATING, RATINGS, SEVERITIES, Copied, Escalation, Pattern, Rule
from auditor.marked import Marked, Where, read_marked
from auditor.shipped import shipped

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_REFERENCE = re.compile(r"(same as|next after) ([a-z][a-z0-9_]{0,39})")
_SELECTIVE = {"requirement", "period"}
_FIELDS = tuple(dict.fromkeys(field for fields in FED.values() for field in fields))
_RESERVED = {"boot", RATING, *FED}


def load_escalation(path: Path | None = None) -> Escalation:
    """Return the escalation rules of a file; without `path` the shipped ones.

    Raises:
        BadInput: every problem of the file at once, each with its line (`escalation.*`).
    """
    marked = read_marked(path or shipped("rules/escalation.yaml"), "escalation")
    reading = _Reading(marked)
    escalation = reading.escalation(own=path is not None)
    if reading.problems or escalation is None:
        raise BadInput(reading.problems)
    try:
        lint(compile_rules(escalation)["definition"], escalation.kinds)
    except EngineFault as fault:
        problem = Problem("escalation.too_much", {"value": marked.file, "why": str(fault)}, marked.place(()))
        raise BadInput([problem]) from fault
    return escalation


class _Reading:
    """One reading of one file: what was understood so far, and the problems met."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self.problems: list[Problem] = []
        self._kinds: dict[str, tuple[str, ...]] = dict(FED)
        self._used: set[str] = set()
        self._ratings: tuple[str, ...] = ()

    def escalation(self, own: bool) -> Escalation | None:
        """Return the whole file as rules, or None where its outline is wrong."""
        whole = self._marked.value
        if not self._keys(whole, (), {"escalation", "version", "title", "ratings", "rules"}):
            return None
        self._name(whole["escalation"], ("escalation",), re.compile(r"[a-z][a-z0-9-]{0,39}"))
        if not isinstance(whole["version"], str):
            self._problem("escalation.wrong_value", ("version",), value=whole["version"], expected='"1.0.0"')
        self._title(whole["title"], ("title",))
        self._read_ratings(whole["ratings"])
        rules = self._rules(whole["rules"])
        if self.problems:
            return None
        if not any(map(_catches_all, rules)):
            self._problem("escalation.no_rating", ("rules",), value=", ".join(self._ratings))
        kinds = {**self._kinds, RATING: (RATING,)}
        return Escalation(
            whole["escalation"], whole["version"], whole["title"], self._ratings, rules, kinds, not own
        )

    def _problem(self, code: str, where: Where, known: Iterable[str] = (), **figures: Any) -> None:
        figures = {name: _shown(value) for name, value in figures.items()}
        near = get_close_matches(str(figures.get("value", "")), list(known), 1)
        hint = near[0] if near and near[0] != figures["value"] else None
        self.problems.append(Problem(code, figures, self._marked.place(where), hint))

    def _keys(self, value: Any, where: Where, needed: Collection[str], may: Collection[str] = ()) -> bool:
        """Check that a value is a mapping with the needed keys and no unknown one."""
        if not isinstance(value, dict):
            self._problem("escalation.wrong_value", where, value=value, expected=", ".join(sorted(needed)))
            return False
        known = sorted({*needed, *may})
        for key in value:
            if key not in known:
                self._problem(
                    "escalation.unknown_key", (*where, str(key)), known, value=key, expected=", ".join(known)
                )
        missing = sorted(set(needed) - set(value))
        for key in missing:
            self._problem("escalation.missing_key", where, value=key)
        return not missing

    def _name(self, value: Any, where: Where, form: re.Pattern[str] = _NAME) -> bool:
        if isinstance(value, str) and form.fullmatch(value):
            return True
        self._problem("escalation.bad_name", where, value=value)
        return False

    def _title(self, value: Any, where: Where) -> None:
        if not self._keys(value, where, {"zh", "en"}):
            return
        for lang in ("zh", "en"):
            if not isinstance(value[lang], str) or not value[lang].strip():
                self._problem("escalation.wrong_value", (*where, lang), value=value[lang], expected="zh, en")

    def _read_ratings(self, value: Any) -> None:
        expected = ", ".join(RATINGS)
        self._ratings = RATINGS  # what rules are checked against if the list itself is wrong
        if not isinstance(value, list) or not value:
            self._problem("escalation.wrong_value", ("ratings",), value=value, expected=expected)
            return
        wrong = [n for n, rating in enumerate(value) if rating not in RATINGS or rating in value[:n]]
        for n in wrong:
            self._problem(
                "escalation.unknown_rating", ("ratings", n), RATINGS, value=value[n], expected=expected
            )
        if not wrong:
            self._ratings = tuple(value)

    def _rules(self, value: Any) -> tuple[Rule, ...]:
        if not isinstance(value, list) or not value:
            self._problem("escalation.wrong_value", ("rules",), value=value, expected="- id: ...")
            return ()
        rules: list[Rule] = []
        known: set[str] = set()
        for number, raw in enumerate(value):
            where = ("rules", number)
            if not self._keys(raw, where, {"id", "title", "when", "then"}, {"count"}):
                continue
            if self._name(raw["id"], (*where, "id")) and raw["id"] in known:
                self._problem("escalation.duplicate_name", (*where, "id"), value=raw["id"])
            known.add(str(raw["id"]))
            rules.append(self._rule(raw, where))
        return tuple(rules)

    def _rule(self, raw: Mapping[str, Any], where: Where) -> Rule:
        self._title(raw["title"], (*where, "title"))
        aliases: dict[str, int] = {}
        patterns: list[Pattern] = []
        if not isinstance(raw["when"], list) or not raw["when"]:
            self._problem(
                "escalation.wrong_value", (*where, "when"), value=raw["when"], expected="- {fact: ...}"
            )
        else:
            for number, given in enumerate(raw["when"]):
                patterns.append(self._pattern(given, (*where, "when", number), aliases, patterns))
        count = raw.get("count", 1)
        if type(count) is not int or count not in COUNTS or (count > 1 and len(patterns) > 1):
            self._problem("escalation.count", (*where, "count"), value=count)
        kind, fields = self._then(raw["then"], (*where, "then"), aliases if count == 1 else {}, patterns)
        return Rule(str(raw["id"]), raw["title"], tuple(patterns), count, kind, fields)

    def _pattern(self, given: Any, where: Where, aliases: dict[str, int], earlier: list[Pattern]) -> Pattern:
        kind = given.get("fact") if isinstance(given, dict) else None
        if not isinstance(kind, str) or kind not in self._kinds:
            known = ", ".join(self._kinds)
            self._problem("escalation.unknown_fact", where, self._kinds, value=kind, expected=known)
            return Pattern("")
        self._used.add(kind)
        before = len(self.problems)
        self._keys(given, where, {"fact"}, {"as", *self._kinds[kind]})
        parts: dict[str, list[tuple[str, int]]] = {"equals": [], "same as": [], "next after": []}
        for field in self._kinds[kind]:
            if field in given:
                how, value = self._condition(field, given[field], (*where, field), aliases, earlier)
                parts[how].append((field, value))
        if "as" in given and self._name(given["as"], (*where, "as")):
            if given["as"] in aliases:
                self._problem("escalation.duplicate_name", (*where, "as"), value=given["as"])
            aliases[given["as"]] = len(earlier)
        pattern = Pattern(kind, *map(tuple, parts.values()))
        if len(self.problems) == before:
            self._check_join(pattern, where, earlier)
        return pattern

    def _condition(
        self, field: str, value: Any, where: Where, aliases: Mapping[str, int], earlier: list[Pattern]
    ) -> tuple[str, int]:
        if field == "severity" and isinstance(value, str) and value in SEVERITIES:
            return "equals", SEVERITIES[value]
        found = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if found is None or (found[1] == "next after" and field != "period"):
            expected = ", ".join(SEVERITIES) if field == "severity" else "same as NAME"
            self._problem("escalation.wrong_value", where, value=value, expected=expected)
            return "equals", 0
        place = aliases.get(found[2])
        if place is None or field not in self._kinds.get(earlier[place].kind, ()):
            self._problem("escalation.unknown_name", where, aliases, value=found[2], field=field)
            return "equals", 0
        return found[1], place

    def _check_join(self, pattern: Pattern, where: Where, earlier: list[Pattern]) -> None:
        """Check that the facts of a pattern are told apart from all pairs, and periods within a scheme."""
        joined = (*pattern.same, *pattern.after)
        plain = not self._kinds[pattern.kind] or all(not self._kinds.get(p.kind, ()) for p in earlier)
        if earlier and not plain and not any(field in _SELECTIVE for field, _ in joined):
            self._problem("escalation.loose", where, value=pattern.kind)
        for field, place in joined:
            if field == "period" and ("scheme", place) not in pattern.same:
                self._problem("escalation.period_without_scheme", where, value=pattern.kind)

    def _then(
        self, given: Any, where: Where, aliases: Mapping[str, int], patterns: list[Pattern]
    ) -> tuple[str, tuple[tuple[str, int | Copied], ...]]:
        if isinstance(given, dict) and "rating" in given:
            self._keys(given, where, {"rating"})
            if given["rating"] in self._ratings:
                return RATING, ((RATING, self._ratings.index(given["rating"])),)
            expected = ", ".join(self._ratings)
            self._problem(
                "escalation.unknown_rating", where, self._ratings, value=given["rating"], expected=expected
            )
            return RATING, ()
        if not self._keys(given, where, {"fact"}, _FIELDS) or not self._name(given["fact"], (*where, "fact")):
            return "", ()
        fields: list[tuple[str, int | Copied]] = []
        for field in _FIELDS:
            if field in given:
                how, value = self._condition(field, given[field], (*where, field), aliases, patterns)
                if how == "next after":
                    self._problem(
                        "escalation.wrong_value", (*where, field), value=given[field], expected="same as NAME"
                    )
                fields.append((field, value if how == "equals" else Copied(value)))
        self._conclude(given["fact"], tuple(field for field, _ in fields), where)
        return given["fact"], tuple(fields)

    def _conclude(self, kind: str, fields: tuple[str, ...], where: Where) -> None:
        """Note a kind that a rule concludes; every rule that does must give it the same fields."""
        if kind in _RESERVED:
            self._problem("escalation.reserved", where, value=kind)
        elif kind in self._used:
            self._problem("escalation.used_above", where, value=kind)
        elif self._kinds.setdefault(kind, fields) != fields:
            self._problem("escalation.other_fields", where, value=kind, expected=", ".join(self._kinds[kind]))
        if kind == "repeat" and "requirement" not in fields:
            self._problem("escalation.missing_key", where, value="requirement")
        if "period" in fields and not {"requirement", "scheme"} <= set(fields):
            self._problem("escalation.period_without_scheme", where, value=kind)


def _catches_all(rule: Rule) -> bool:
    """Return whether the rule rates every unit with a failed finding."""
    (first, *others) = rule.when
    plain = not others and rule.count == 1 and rule.concludes == RATING
    return plain and first.kind in FED and not first.equals


def _shown(value: Any) -> Any:
    """Return a value of the file as a sentence can hold it."""
    return value if value is None or isinstance(value, str | int | float) else str(value)[:80]
