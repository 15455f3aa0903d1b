"""Judge a unit's failed findings together: repetition, accumulation and veto -> a rating with its trace.

The forward-chaining engine durable-rules judges in a worker process of its own. Where it is not installed, or
cannot run (Windows, Python 3.13 and later), the plain chain over the same rules does; the answer says which.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from auditor.errors import EngineFault
from auditor.judge.chain import judge_plainly
from auditor.judge.child import Child
from auditor.judge.program import compile_rules
from auditor.judge.reading import load_escalation
from auditor.judge.rules import Escalation, Firing
from auditor.judge.ruling import Docket, FailedFinding, Ruling, make_docket, make_ruling
from auditor.model.finding import TraceStep

__all__ = ["Escalation", "FailedFinding", "Ruling", "TraceStep", "escalate", "load_escalation", "told"]

JUDGES = ("auto", "durable", "plain", "both")
DURABLE_VERSION = "2.0.28"
DURABLE = f"durable-rules {DURABLE_VERSION}"
PLAIN = "plain chain"


def escalate(
    units: Iterable[tuple[str, Sequence[FailedFinding]]],
    escalation: Escalation,
    *,
    judged_by: str = "auto",
) -> tuple[tuple[Ruling, ...], str]:
    """Return a ruling for each unit, in the order given, and the name of what judged.

    `units` are drawn one at a time; one without a failed finding has no rating and is not sent to the engine.
    The order of a unit's findings changes nothing. `judged_by` is `auto` (the engine where it can run),
    `durable`, `plain`, or `both`: the engine judges, and any difference from the plain chain stops the audit.

    Raises:
        EngineFault: the engine cannot run though it was asked for, died, lost a fact or differs from the
            plain chain; it names the unit, and nothing is tried again.
    """
    if judged_by not in JUDGES:
        raise EngineFault(f"there is no judge {judged_by!r}: {', '.join(JUDGES)}")
    durable = judged_by in ("durable", "both") or (judged_by == "auto" and has_engine())
    with _engine(escalation) if durable else _plain(escalation) as judge:
        rulings = tuple(
            _ruling(unit_id, findings, escalation, judge, judged_by == "both") for unit_id, findings in units
        )
    return rulings, DURABLE if durable else PLAIN


def has_engine() -> bool:
    """Return whether the engine can run here, in the one version that its guard rails were made for."""
    if sys.version_info >= (3, 13) or sys.platform == "win32" or find_spec("durable_rules_engine") is None:
        return False
    try:
        return version("durable-rules") == DURABLE_VERSION
    except PackageNotFoundError:
        return False


def told(step: TraceStep, escalation: Escalation, lang: str) -> tuple[str, dict[str, Any]]:
    """Return the code and figures of a step's sentence in the topic `trace`.

    Shipped rules have a sentence each; a rule of a user's own file is told by its title.
    """
    title = next(rule.title[lang] for rule in escalation.rules if rule.rule_id == step.rule)
    between = "、" if lang == "zh" else ", "
    figures = {"facts": between.join(step.facts), "number": len(step.facts), "title": title}
    return (step.rule if escalation.shipped else "own_rule"), figures


def _ruling(
    unit_id: str,
    findings: Sequence[FailedFinding],
    escalation: Escalation,
    judge: Callable[[Docket], list[Firing]],
    twice: bool,
) -> Ruling:
    docket = make_docket(unit_id, findings)
    if not docket.facts:
        return Ruling(unit_id, None, (), ())
    ruling = make_ruling(escalation, docket, judge(docket))
    if twice:
        plain = make_ruling(escalation, docket, judge_plainly(escalation, docket.facts))
        if plain != ruling:
            raise EngineFault(f"unit {unit_id}: {DURABLE} says {ruling}, the {PLAIN} {plain}")
    return ruling


@contextmanager
def _engine(escalation: Escalation) -> Iterator[Callable[[Docket], list[Firing]]]:
    if not has_engine():
        raise EngineFault(
            f"{DURABLE} cannot run here: it needs Python 3.11 or 3.12, not Windows, and `ducha[engine]`"
        )
    with Child(compile_rules(escalation)) as child:
        yield child.judge


@contextmanager
def _plain(escalation: Escalation) -> Iterator[Callable[[Docket], list[Firing]]]:
    yield lambda docket: judge_plainly(escalation, docket.facts)
