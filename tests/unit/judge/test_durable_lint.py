"""What may reach the engine: facts and rulesets inside the measured subset, and nothing else."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest

from auditor.errors import EngineFault
from auditor.judge.escalation import load_escalation
from auditor.judge.lint import check_fact, complaints, fnv1a, lint
from auditor.judge.program import compile_rules
from auditor.judge.rules import FED

KINDS = {
    "meas": ("op", "v", "thr"), "find": ("rno", "p", "sev", "veto"), "day": ("day",),
    "issue": ("st", "due", "k"), "ev": ("ev", "k"), "wide": tuple(f"p{n}" for n in range(60)),
}  # fmt: skip
BOOT = {"all": [{"m": {"t": "boot"}}], "pri": 60000}
GOOD: dict[str, Any] = {
    "boot": BOOT,
    "viol_lt": {"all": [{"m": {"$and": [{"t": "meas"}, {"op": 1}, {"$ex": {"v": 1}}, {"$ex": {"thr": 1}},
                                        {"$lt": {"v": {"$m": "thr"}}}]}}], "pri": 10},
    "repeat": {"all": [{"a": {"t": "find"}},
                       {"b": {"$and": [{"t": "find"}, {"rno": {"a": "rno"}},
                                       {"p": {"$add": {"$l": {"a": "p"}, "$r": 1}}},
                                       {"u": {"a": "u"}}]}}], "pri": 20},
    "super": {"all": [{"m": {"$and": [{"t": "find"}, {"sev": 3}]}}], "count": 3, "pri": 30},
    "veto": {"all": [{"m": {"$and": [{"t": "find"}, {"veto": 1}]}}], "pri": 40},
    "late": {"all": [{"d": {"t": "day"}},
                     {"i": {"$and": [{"t": "issue"}, {"st": 1}, {"$lt": {"due": {"d": "day"}}},
                                     {"u": {"d": "u"}}]}}], "pri": 5},
    "move": {"all": [{"i": {"$and": [{"t": "issue"}, {"st": 1}]}},
                     {"e": {"$and": [{"t": "ev"}, {"ev": 1}, {"k": {"i": "k"}},
                                     {"u": {"i": "u"}}]}}], "pri": 10},
}  # fmt: skip


def meas(*conditions: Any) -> dict[str, Any]:
    return {"all": [{"m": {"$and": [{"t": "meas"}, *conditions]}}], "pri": 10}


def join(*conditions: Any, last: Any = None) -> dict[str, Any]:
    end = {"u": {"a": "u"}} if last is None else last
    return {"all": [{"a": {"t": "find"}}, {"b": {"$and": [{"t": "find"}, *conditions, end]}}], "pri": 10}


LESS = {"$lt": {"v": {"$m": "thr"}}}
BAD: dict[str, Any] = {
    "no $ex": meas(LESS),
    "no $ex for the left side": meas({"$ex": {"thr": 1}}, LESS),
    "no $ex for the right side": meas({"$ex": {"v": 1}}, LESS),
    "no $ex before a fixed value": meas({"$lt": {"v": 3}}),
    "$ex too late": meas({"$ex": {"v": 1}}, LESS, {"$ex": {"thr": 1}}),
    "fixed value too late": meas({"$ex": {"v": 1}}, {"op": 1}),
    "$or": meas({"$or": [{"op": 1}, {"op": 2}]}),
    "$not": meas({"$not": [{"op": 1}]}),
    "$nex": meas({"$nex": {"v": 1}}),
    "$div": meas(
        {"$ex": {"v": 1}}, {"$ex": {"thr": 1}}, {"$lt": {"v": {"$div": {"$l": {"$m": "thr"}, "$r": 2}}}}
    ),
    "$mt": meas({"$mt": {"v": "a.*"}}),
    "$iall": meas({"$iall": {"v": 1}}),
    "any": {"any": [{"m": {"t": "meas"}}], "pri": 10},
    "cap": {**meas({"op": 1}), "cap": 2},
    "run": {**meas({"op": 1}), "run": 1},
    "sid": meas({"sid": 1}),
    "id": meas({"id": 1}),
    "undeclared property": meas({"sev": 1}),
    "undeclared kind": {"all": [{"m": {"t": "unknown"}}], "pri": 10},
    "no kind": {"all": [{"m": {"op": 1}}], "pri": 10},
    "float": meas({"op": 1.0}),
    "true": meas({"op": True}),
    "null": meas({"op": None}),
    "big": meas({"op": 2**31}),
    "a word": meas({"op": "one"}),
    "Chinese": {"all": [{"m": {"t": "甲"}}], "pri": 10},
    "no pri": {"all": [{"m": {"t": "meas"}}]},
    "pri 0": {**meas({"op": 1}), "pri": 0},
    "pri too big": {**meas({"op": 1}), "pri": 60_001},
    "count 0": {**meas({"op": 1}), "count": 0},
    "count of a join": {**join({"rno": {"a": "rno"}}), "count": 2},
    "no sentinel": join(last={"rno": {"a": "rno"}}),
    "a comparison last": join({"rno": {"a": "rno"}}, last={"$lt": {"p": {"a": "p"}}}),
    "a comparison after the equality": join({"rno": {"a": "rno"}}, {"$lt": {"p": {"a": "p"}}}),
    "no join at all": {"all": [{"a": {"t": "find"}}, {"b": {"t": "find"}}], "pri": 10},
    "unknown alias": join({"rno": {"c": "rno"}}),
    "alias without the property": join({"rno": {"a": "due"}}),
    "alias twice": {
        "all": [{"a": {"t": "find"}}, {"a": {"$and": [{"t": "find"}, {"u": {"a": "u"}}]}}],
        "pri": 10,
    },
    "nine patterns": {"all": [{f"a{n}": {"t": "find"}} for n in range(9)], "pri": 10},
    "29 conditions": meas(*({"op": 1} for _ in range(28))),
    "no pattern": {"all": [], "pri": 10},
    "two aliases": {"all": [{"a": {"t": "find"}, "b": {"t": "find"}}], "pri": 10},
    "empty $and": {"all": [{"a": {"$and": []}}], "pri": 10},
    "two conditions in one": {"all": [{"a": {"t": "find", "rno": 1}}], "pri": 10},
}


def test_the_good_set_passes() -> None:
    lint(GOOD, KINDS)


def test_our_own_rules_pass() -> None:
    escalation = load_escalation()
    lint(compile_rules(escalation)["definition"], escalation.kinds)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_rule_is_refused(name: str) -> None:
    with pytest.raises(EngineFault, match="rule bad:"):
        lint({**GOOD, "bad": BAD[name]}, KINDS)


def test_no_boot_rule() -> None:
    assert complaints({"veto": GOOD["veto"]}, KINDS) == ["no boot rule"]


@pytest.mark.parametrize("name", ["甲", "a b", ""])
def test_bad_names(name: str) -> None:
    assert complaints({**GOOD, name: GOOD["veto"]}, KINDS)
    assert complaints(GOOD, {**KINDS, name: ()})
    assert complaints(GOOD, {**KINDS, "more": (name,)})


def test_two_names_with_one_hash() -> None:
    assert fnv1a("costarring") == fnv1a("liquid")
    assert complaints(GOOD, {**KINDS, "more": ("costarring", "liquid")}) == ["two names with one hash"]
    assert complaints(GOOD, {**KINDS, "costarring": (), "liquid": ()}) == ["two names with one hash"]


def crowd(rules: list[dict[str, Any]]) -> list[str]:
    return complaints({"boot": BOOT, **{f"r{n}": rule for n, rule in enumerate(rules)}}, KINDS)


def test_crowds_that_the_engine_cannot_bear() -> None:
    fixed = [meas({"op": n}) for n in range(481)]
    wide = [{"all": [{"m": {"$and": [{"t": "wide"}, {f"p{n}": 1}]}}], "pri": 10} for n in range(49)]
    joins = [join({"rno": {"a": "rno"}}) for n in range(49)]
    same = [copy.deepcopy(BAD["pri 0"]) | {"pri": 1} for n in range(201)]
    for rules in (fixed, wide, joins, same):
        assert crowd(rules[:-1]) == []
        assert crowd(rules)
    assert complaints({**GOOD, **{f"r{n}": GOOD["veto"] for n in range(4_001)}}, KINDS)


def test_ids_and_names_are_free_of_collisions() -> None:
    words = [*map(str, range(1, 20_001)), "sid-1"]
    assert len(set(map(fnv1a, words))) == len(words)
    names = ["t", "u", "id", "sid", "rating", *{field for fields in FED.values() for field in fields}]
    assert len(set(map(fnv1a, names))) == len(names)


FACT = {"t": "day", "u": 1, "day": 5}


@pytest.mark.parametrize("value", [0, -1, 2**53, -(2**53)])
def test_a_good_fact_passes(value: int) -> None:
    check_fact({**FACT, "day": value}, KINDS)
    check_fact({"t": "boot"}, KINDS)


@pytest.mark.parametrize(
    "value",
    [1e-05, math.inf, math.nan, 1.0, True, None, "甲", "word", 2**53 + 1, -(2**53) - 1, [1], {}, b"x"],
)
def test_a_bad_value_is_refused(value: Any) -> None:
    with pytest.raises(EngineFault, match="cannot hold"):
        check_fact({**FACT, "day": value}, KINDS)


def test_a_numpy_integer_is_refused() -> None:
    numpy = pytest.importorskip("numpy")
    with pytest.raises(EngineFault, match="cannot hold"):
        check_fact({**FACT, "day": numpy.int64(5)}, KINDS)


@pytest.mark.parametrize(
    "fact",
    [{"t": "day", "u": 1}, {**FACT, "more": 1}, {"t": "day", "day": 1}, {**FACT, "t": "days"},
     {**FACT, "t": 1}, {"u": 1, "day": 1}, {"t": "boot", "u": 1}, {**FACT, "id": 1}],
)  # fmt: skip
def test_a_fact_with_other_fields_is_refused(fact: dict[str, Any]) -> None:
    with pytest.raises(EngineFault, match="a fact of"):
        check_fact(fact, KINDS)
