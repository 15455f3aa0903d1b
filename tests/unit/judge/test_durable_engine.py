"""The door to durable-rules: what was measured of the engine, pinned, and the guards of our own driver."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import EngineFault
from auditor.judge.escalation import has_engine, load_escalation
from auditor.judge.program import compile_rules

if not has_engine():
    pytest.skip("durable-rules 2.0.28 cannot run here", allow_module_level=True)

from auditor.judge.engine import MOST_OF_A_KIND, Judge, Session

ROOT = Path(__file__).resolve().parents[3]
BOOT = {"all": [{"m": {"t": "boot"}}], "pri": 60000}
KINDS = {"meas": ("op", "v", "thr"), "find": ("rno", "p", "sev", "veto")}
REPEAT = {
    "all": [
        {"a": {"t": "find"}},
        {"b": {"$and": [{"t": "find"}, {"rno": {"a": "rno"}},
                        {"p": {"$add": {"$l": {"a": "p"}, "$r": 1}}}, {"u": {"a": "u"}}]}},
    ],
    "pri": 20,
}  # fmt: skip
SUPER = {"all": [{"m": {"$and": [{"t": "find"}, {"sev": 3}]}}], "count": 3, "pri": 30}
VETO = {"all": [{"m": {"$and": [{"t": "find"}, {"veto": 1}]}}], "pri": 40}
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "$lt": lambda v, thr: v < thr,
    "$lte": lambda v, thr: v <= thr,
    "$gt": lambda v, thr: v > thr,
    "$gte": lambda v, thr: v >= thr,
    "$neq": lambda v, thr: v != thr,
}


class Log:
    """A session over some rules, and what fired, in order."""

    def __init__(self, **rules: Any) -> None:
        definition = {"boot": BOOT, **rules}
        self.fired: list[tuple[str, Any]] = []
        actions = {name: self._note(name) for name in rules}
        self.session = Session("test", definition, KINDS, {"boot": lambda session, matched: None, **actions})

    def _note(self, name: str) -> Callable[[Session, Any], None]:
        def action(session: Session, matched: Any) -> None:
            self.fired.append((name, matched))

        return action

    def run(self, *facts: dict[str, Any]) -> list[str]:
        self.fired.clear()
        self.session.open()
        for fact in facts:
            self.session.put(fact)
        self.session.close()
        return [name for name, _ in self.fired]


def find(rno: int = 1, p: int = 1, sev: int = 1, veto: int = 0) -> dict[str, Any]:
    return {"t": "find", "u": 1, "rno": rno, "p": p, "sev": sev, "veto": veto}


def compare(op: str) -> dict[str, Any]:
    conditions = [
        {"t": "meas"},
        {"op": 1},
        {"$ex": {"v": 1}},
        {"$ex": {"thr": 1}},
        {op: {"v": {"$m": "thr"}}},
    ]
    return {"all": [{"m": {"$and": conditions}}], "pri": 10}


def test_only_the_c_module_is_driven_and_no_thread_started() -> None:
    before = threading.active_count()
    assert Log(repeat=REPEAT).run(find(p=1), find(p=2)) == ["repeat"]
    assert threading.active_count() == before
    assert not any(name == "durable" or name.startswith("durable.") for name in sys.modules)


@pytest.mark.parametrize("op", COMPARISONS)
def test_the_boundary_of_every_comparison(op: str) -> None:
    log = Log(it=compare(op))
    for thr in (0, 6, -6, 35 * 10**6, 2**53 - 1, -(2**53) + 1):
        for v in (thr - 1, thr, thr + 1):
            fired = log.run({"t": "meas", "u": 1, "op": 1, "v": v, "thr": thr})
            assert bool(fired) == COMPARISONS[op](v, thr), (v, thr)


def test_the_boundary_of_equality_and_scaled_shares() -> None:
    log = Log(it={"all": [{"m": {"$and": [{"t": "meas"}, {"op": 1}, {"v": 350_000}]}}], "pri": 10})
    for v in (349_999, round(0.35 * 10**6), 35 * 10**6 // 100, 350_001):
        assert bool(log.run({"t": "meas", "u": 1, "op": 1, "v": v, "thr": 0})) == (v == 350_000)


@pytest.mark.parametrize("order", list(permutations((1, 2, 4, 3)))[::5])
def test_repeats_in_every_arrival_order(order: tuple[int, ...]) -> None:
    log = Log(repeat=REPEAT)
    log.run(*(find(p=p) for p in order))
    assert sorted(m["a"]["p"] for _, m in log.fired) == [1, 2, 3]


def test_two_requirements_interleaved() -> None:
    log = Log(repeat=REPEAT)
    log.run(find(1, 1), find(2, 2), find(1, 3), find(2, 3), find(1, 2))
    assert sorted((m["a"]["rno"], m["a"]["p"]) for _, m in log.fired) == [(1, 1), (1, 2), (2, 2)]


@pytest.mark.parametrize(("facts", "fired"), [(2, 0), (3, 1), (5, 1), (6, 2), (7, 2)])
def test_a_count_of_three_fires_at_3_6_9(facts: int, fired: int) -> None:
    log = Log(supervise=SUPER)
    assert log.run(*(find(rno=n, sev=3) for n in range(facts))) == ["supervise"] * fired
    assert all(len(matched) == 3 for _, matched in log.fired)


def test_veto_fires_for_each() -> None:
    assert Log(veto=VETO).run(find(1, veto=1), find(2), find(3, veto=1)) == ["veto", "veto"]


def test_the_session_is_reusable_and_forgets() -> None:
    log = Log(repeat=REPEAT)
    assert log.run(find(p=1)) == log.run(find(p=2)) == []
    assert log.run(find(p=1), find(p=2)) == ["repeat"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, EngineFault])
def test_exceptions_in_actions_surface_and_the_session_is_reusable(error: type[BaseException]) -> None:
    raising = [True]

    def action(session: Session, matched: Any) -> None:
        if raising[0]:
            raise error

    session = Session(
        "test", {"boot": BOOT, "veto": VETO}, KINDS, {"boot": lambda s, m: None, "veto": action}
    )
    session.open()
    with pytest.raises(error):
        session.put(find(veto=1))
    session.close()
    raising[0] = False
    session.open()
    assert session.put(find(veto=1))
    session.close()


def test_a_chain_that_does_not_end_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.judge.engine.MOST_FIRINGS", 50)

    def action(session: Session, matched: Any) -> None:
        session.put(find(rno=matched["m"]["rno"] + 1, veto=1))

    session = Session(
        "test", {"boot": BOOT, "veto": VETO}, KINDS, {"boot": lambda s, m: None, "veto": action}
    )
    session.open()
    with pytest.raises(EngineFault, match="does not end"):
        session.put(find(veto=1))
    session.close()


def test_a_fact_that_no_rule_takes_is_told() -> None:
    session = Session(
        "test", {"boot": BOOT, "veto": VETO}, KINDS, {"boot": lambda s, m: None, "veto": lambda s, m: None}
    )
    session.open()
    assert session.put(find(veto=1))
    assert not session.put(find(veto=0))
    session.close()


def test_a_session_is_opened_and_closed_in_turn() -> None:
    log = Log(veto=VETO)
    with pytest.raises(EngineFault, match="not open"):
        log.session.put(find())
    log.session.open()
    with pytest.raises(EngineFault, match="still open"):
        log.session.open()
    log.session.close()
    log.session.close()
    log.session.delete()


def test_rules_and_actions_must_agree() -> None:
    with pytest.raises(EngineFault, match="same rules"):
        Session("test", {"boot": BOOT, "veto": VETO}, KINDS, {"boot": lambda s, m: None})


@pytest.fixture
def judge() -> Iterator[Judge]:
    judge = Judge(compile_rules(load_escalation()))
    yield judge
    judge.delete()


def test_every_fact_is_accounted_for(judge: Judge) -> None:
    accounted, firings = judge.judge([("finding", 1, 1, 24288, 2), ("requirement_failed", 1, 2)])
    assert [(firing.rule, firing.concluded) for firing in firings] == [(4, ("rating", 2))]
    assert accounted == 3


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ([("requirement_failed", 1, 2)] * 2, "given twice"),
        ([("requirement_failed", 1)], "shorter"),
        ([("requirement_failed", 1, 2.0)], "cannot hold"),
        ([("requirement_failed", n, 1) for n in range(MOST_OF_A_KIND + 1)], "more than"),
    ],
)
def test_a_bad_feed_is_refused_and_the_judge_goes_on(judge: Judge, facts: list[Any], why: str) -> None:
    with pytest.raises((EngineFault, ValueError), match=why):
        judge.judge(facts)
    assert judge.judge([("requirement_failed", 1, 2)])[0] == 2


def test_a_fact_the_engine_loses_is_a_fault(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = judge._see
    judge._session._actions["seen_0"] = (  # type: ignore[index]
        lambda session, matched: None if matched["m0"]["period"] == 2 else whole(session, matched)
    )
    judge.judge([("finding", 1, 1, 1, 1)])
    with pytest.raises(EngineFault, match="2 facts went into the engine, 1 were seen"):
        judge.judge([("finding", 1, 1, 2, 1), ("finding", 1, 1, 4, 1)])


def run_python(code: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=300,
        check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip


FIRINGS = """
import json
from auditor.judge.engine import Judge
from auditor.judge.escalation import load_escalation
from auditor.judge.program import compile_rules
facts = [("finding", r, 1, p, 1 + r % 3) for r in range(5) for p in (1, 2, 4, 3)]
facts += [("requirement_failed", r, 1 + r % 3) for r in range(5)]
print(json.dumps(Judge(compile_rules(load_escalation())).judge(facts)))
"""


def test_the_firing_order_is_the_same_in_every_process() -> None:
    outputs = {run_python(FIRINGS, PYTHONHASHSEED=seed).stdout for seed in ("1", "2", "3")}
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())[1]) > 10


MANY = """
import sys
from auditor.judge.engine import Judge
from auditor.judge.escalation import load_escalation
from auditor.judge.program import compile_rules
def size():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
program = compile_rules(load_escalation())
judge = Judge(program)
def sessions(times):
    for n in range(times):
        judge.judge([("finding", 1, 1, n, 1)])
sessions(500)
before = size()
sessions(int(sys.argv[1]))
grown = size() - before
for n in range(200):
    Judge(program).delete()
print(grown, size() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(("sessions", "environment"), [(2_000, {"MALLOC_PERTURB_": "165"}), (50_000, {})])
def test_many_sessions_with_a_half_matched_join(sessions: int, environment: dict[str, str]) -> None:
    done = run_python(MANY.replace("sys.argv[1]", str(sessions)), **environment)
    assert done.returncode == 0, done.stderr
    grown, after = map(int, done.stdout.split())
    assert grown < 2_048
    assert after < 20_480


UPSTREAM = """
import json
import durable_rules_engine as dre
def start(definition):
    boot = {{"all": [{{"m": {{"t": "boot"}}}}]}}
    return dre.create_ruleset("test", json.dumps({{"boot": boot, **definition}}))
def put(handle, number, **fact):
    return dre.assert_fact(handle, json.dumps(dict(fact, sid="1", id=str(number))))
{body}
"""
DEFECTS = {
    "an empty batch": (
        "handle = start({})\n"
        'put(handle, 1, t="boot")\n'
        'dre.start_action_for_state(handle, dre.assert_facts(handle, "[]")[1])'
    ),
    "division by zero": (
        'less = {"$lt": {"v": {"$div": {"$l": 1, "$r": {"$m": "z"}}}}}\n'
        'rule = {"all": [{"m": {"$and": [{"t": "x"}, less]}}]}\n'
        'put(start({"r": rule}), 1, t="x", v=1, z=0)'
    ),
    "a 65th branch": (
        'rules = {f"r{n}": {"all": [{"m": {"$and": [{"t": "x"}, {f"p{n}": 1}]}}]} for n in range(65)}\n'
        'put(start(rules), 1, t="x", **{f"p{n}": 1 for n in range(65)})'
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("defect", DEFECTS)
def test_known_upstream_defect(defect: str) -> None:
    """If one of these passes after an upgrade, a guard may go; see what `lint` and `check_fact` refuse."""
    done = run_python(UPSTREAM.format(body=DEFECTS[defect]))
    assert done.returncode < 0 or "error code: 303" in done.stderr
