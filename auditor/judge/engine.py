"""The one door to durable-rules: its C module only, without its host, threads, clock or timers.

Outside a narrow subset the engine misjudges silently or kills the interpreter. So `lint` sees every ruleset
and `check_fact` every fact before the engine does, facts in are counted against facts accounted for, and
this module is meant to run in the worker process (`auditor.judge.worker`), never in the audit's own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import durable_rules_engine as dre

from auditor.errors import EngineFault
from auditor.judge.lint import check_fact, lint
from auditor.judge.rules import Fact, Firing

Kinds = Mapping[str, Sequence[str]]
Action = Callable[["Session", Any], None]

_ENCODER = json.JSONEncoder(allow_nan=False)
MOST_FIRINGS = 100_000
MOST_FACTS = 20_000
MOST_OF_A_KIND = 2_000


class Session:
    """A ruleset with its one session, opened and closed for each unit; one for each process.

    `actions` has a function for every rule: it gets the session and what matched, `{alias: fact}`, or a list
    of these where the rule counts. Its exceptions reach the caller of `put`; close the session after any.
    """

    SID = "1"  # a constant: session ids are bare 32-bit hashes to the engine, and it holds 1,024 at most

    def __init__(
        self, name: str, definition: Mapping[str, Any], kinds: Kinds, actions: Mapping[str, Action]
    ) -> None:
        lint(definition, kinds)
        if set(actions) != set(definition):
            raise EngineFault("the ruleset and its actions do not name the same rules")
        self._kinds, self._actions = kinds, actions
        self._live = self._busy = self._ran = False
        self._facts = 0
        self._handle = dre.create_ruleset(name, _ENCODER.encode(definition))

    def open(self) -> None:
        """Begin with no facts. Raises EngineFault if a session is open, or the boot rule does not fire."""
        if self._live:
            raise EngineFault("the engine's session is still open")
        self._live, self._ran, self._facts = True, False, 0
        self.put({"t": "boot"})
        if not self._ran:
            raise EngineFault("the engine's boot rule did not fire")

    def put(self, fact: Mapping[str, Any]) -> bool:
        """Assert a fact and run every action it leads to; return whether a pattern took it.

        Inside an action the fact is queued. Raises EngineFault for a fact outside the subset.
        """
        check_fact(fact, self._kinds)
        if not self._live:
            raise EngineFault("the engine's session is not open")
        self._facts += 1
        body = {**fact, "sid": self.SID, "id": str(self._facts)}
        code, state = dre.assert_fact(self._handle, _ENCODER.encode(body))
        if code == 2:
            raise EngineFault(f"the engine took fact {self._facts} for one it already has")
        if not self._busy:
            self._drain(state)
        return bool(code == 0)

    def _drain(self, state: Any) -> None:
        got = dre.start_action_for_state(self._handle, state)
        message = got[1] if got else None
        left = MOST_FIRINGS
        while message:
            left -= 1
            if left < 0:
                raise EngineFault("the engine's chain does not end")
            ((rule, matched),) = json.loads(message).items()
            self._busy = self._ran = True
            try:
                self._actions[rule](self, matched)
            except BaseException:
                dre.abandon_action(self._handle, state)
                raise
            finally:
                self._busy = False
            message = dre.complete_and_start_action(self._handle, state)

    def close(self) -> None:
        """Forget all facts. A session in which no action ran cannot be closed, and stays unusable."""
        if self._live and self._ran:
            dre.delete_state(self._handle, self.SID)
            self._live = False

    def delete(self) -> None:
        """Close the session and give the ruleset back; nothing may be called after it."""
        self.close()
        dre.delete_ruleset(self._handle)


class Judge:
    """A compiled program at work: a unit's facts in, the firings out."""

    def __init__(self, program: Mapping[str, Any]) -> None:
        self._kinds: dict[str, list[str]] = program["kinds"]
        actions: dict[str, Action] = {"boot": lambda session, matched: None}
        for number in range(len(self._kinds)):
            actions[f"seen_{number}"] = self._see
        for number, conclusion in enumerate(program["conclusions"]):
            actions[f"rule_{number}"] = self._fire(number, conclusion)
        self._session = Session("escalation", program["definition"], self._kinds, actions)
        self._forget()

    def judge(self, facts: Sequence[Fact]) -> tuple[int, list[Firing]]:
        """Return how many facts the engine accounted for, fed and concluded, and every firing.

        Raises:
            EngineFault: too many facts, a fact outside the subset or given twice, one the engine lost, or
                a chain that does not end.
        """
        self._forget()
        try:
            self._session.open()
            for fact in facts:
                if fact in self._known:
                    raise EngineFault(f"the fact {fact} was given twice")
                self._put(self._session, fact)
        finally:
            self._session.close()
        if Counter(self._seen) != Counter(self._known):
            raise EngineFault(f"{len(self._known)} facts went into the engine, {len(self._seen)} were seen")
        return len(self._seen), self._firings

    def delete(self) -> None:
        """Give the ruleset back to the engine."""
        self._session.delete()

    def _forget(self) -> None:
        self._known: set[Fact] = set()
        self._of_kind: Counter[str] = Counter()
        self._seen: list[Fact] = []
        self._firings: list[Firing] = []

    def _put(self, session: Session, fact: Fact) -> None:
        kind, *values = fact
        self._known.add(fact)
        self._of_kind[kind] += 1
        if len(self._known) > MOST_FACTS or self._of_kind[kind] > MOST_OF_A_KIND:
            raise EngineFault(f"more than {MOST_OF_A_KIND} facts of a kind, or {MOST_FACTS} in all")
        if not session.put({"t": kind, "u": 1, **dict(zip(self._kinds[kind], values, strict=True))}):
            raise EngineFault(f"no rule of the engine took the fact {fact}")

    def _see(self, _session: Session, matched: Any) -> None:
        self._seen.append(self._fact(matched["m0"]))

    def _fire(self, number: int, conclusion: Mapping[str, Any]) -> Action:
        kind, given = conclusion["kind"], conclusion["fields"]

        def action(session: Session, matched: Any) -> None:
            places = matched if isinstance(matched, list) else [matched]
            facts = tuple(self._fact(place[f"m{n}"]) for place in places for n in range(len(place)))
            fields = zip(self._kinds[kind], given, strict=True)
            concluded = (kind, *(places[0][v][field] if isinstance(v, str) else v for field, v in fields))
            self._firings.append(Firing(number, facts, concluded))
            # A rule that counts to 3 fires again at 6 and 9, and two firings may conclude the same.
            if concluded not in self._known:
                self._put(session, concluded)

        return action

    def _fact(self, body: Mapping[str, Any]) -> Fact:
        return (body["t"], *(body[field] for field in self._kinds[body["t"]]))
