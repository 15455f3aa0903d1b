"""Findings as observations, what they add up to for a requirement as findings, issues as risks with a remediation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from auditor.model.finding import Evidence, Finding
from auditor.model.requirement import Requirement
from auditor.reports.oscal.datatypes import Json, one_line, props, prose, some, token
from auditor.reports.oscal.frame import Frame
from auditor.reports.supervision import SupervisionRow
from auditor.reports.view import place

JUDGED = ("pass", "fail")


def is_open(finding: Finding) -> bool:
    """Return whether a finding opens an issue: it failed, and no waiver covers it."""
    return finding.verdict == "fail" and finding.waived is None


def observation(finding: Finding, frame: Frame) -> Json:
    """Return a finding of the audit, which is an observation to OSCAL, with the rows it rests on."""
    view, requirement = frame.view, frame.audit.requirements[finding.requirement_id]
    unit = frame.names[finding.unit_id]
    titled = frame.say("observation.title", unit=unit, title=view.title(requirement), period=finding.period)
    verdict = view.word(f"verdict.{finding.verdict}")
    said = frame.say("observation.description", verdict=verdict, sentence=view.sentence(finding))
    notes = view.notes(finding)
    return {
        "uuid": _observation_uuid(finding, frame),
        "title": one_line(titled),
        "description": prose(said),
        **_figures(finding, requirement, frame),
        "methods": ["EXAMINE" if requirement.measure.kind == "attest" else "TEST"],
        "types": ["finding" if finding.verdict == "fail" else "control-objective"],
        "origins": [frame.actor],
        "subjects": [{"subject-uuid": frame.party_uuid(finding.unit_id), "type": "party", "title": unit}],
        **some("relevant-evidence", [_evidence(each, frame) for each in finding.evidence]),
        "collected": frame.as_of,
        **({"remarks": prose("；".join(notes))} if notes else {}),
    }


def findings(found: Iterable[Finding], frame: Frame, kind: str = "finding") -> Iterator[Json]:
    """Yield what the judged periods of each unit and requirement add up to; where none was judged, nothing is said.

    `kind` tells the identifiers of the one document from those of the other, which knows only what failed.
    """
    judged = (each for each in found if each.verdict in JUDGED)
    for (unit_id, requirement_id), group in groupby(
        judged, key=lambda each: (each.unit_id, each.requirement_id)
    ):
        yield _finding(unit_id, frame.audit.requirements[requirement_id], list(group), frame, kind)


def risk(row: SupervisionRow, frame: Frame) -> Json:
    """Return an issue: what failed, by which clause, and the remedy with its milestone."""
    key = (row.unit_id, row.requirement_id)
    periods = (frame.say("period", period=each.period, sentence=each.sentence) for each in row.failed)
    requirement = frame.audit.requirements[row.requirement_id]
    milestone = {
        "uuid": frame.uuid("milestone", *key),
        "type": "milestone",
        "title": frame.say("milestone", within=row.within),
        "responsible-roles": [{"role-id": frame.role_id(requirement.responsible.zh)}],
    }
    remediation = {
        "uuid": frame.uuid("remediation", *key),
        "lifecycle": "recommendation",
        "title": one_line(row.remedy),
        "description": prose(row.remedy),
        "tasks": [milestone],
    }
    return {
        "uuid": frame.uuid("risk", *key),
        "title": one_line(frame.say("finding.title", unit=frame.names[row.unit_id], title=row.title)),
        "description": prose("\n".join(periods)),
        "statement": prose(
            frame.say("risk.statement", document=row.document, clause=row.clause, title=row.title)
        ),
        **props({
            "severity": row.severity, "grade": row.grade, "repeat": row.repeat,
            "rectify-within-working-days": row.within,
        }),
        **frame.links(row.requirement_id),
        "status": "open",
        "origins": [frame.actor],
        "remediations": [remediation],
        "related-observations": related_observations(row, frame),
    }  # fmt: skip


def related_observations(row: SupervisionRow, frame: Frame) -> list[Json]:
    """Return the observations that an issue rests on."""
    uuids = (frame.uuid("observation", row.unit_id, row.requirement_id, each.period) for each in row.failed)
    return [{"observation-uuid": each} for each in uuids]


def _observation_uuid(finding: Finding, frame: Frame) -> str:
    return frame.uuid("observation", finding.unit_id, finding.requirement_id, finding.period)


def _figures(finding: Finding, requirement: Requirement, frame: Frame) -> Json:
    return props({
        "unit-id": finding.unit_id, "requirement-id": finding.requirement_id, "period": finding.period,
        "verdict": finding.verdict, "reason": finding.reason, "value": finding.value,
        "numerator": finding.numerator, "denominator": finding.denominator,
        "threshold": frame.view.standard(finding) if finding.threshold else None,
        "shortfall": finding.shortfall, "provisional": finding.provisional or None,
        "borderline": finding.borderline or None, "forecast": finding.forecast, "calendar": finding.calendar,
        "waived": finding.waived, "assumed": requirement.assumed or None,
    })  # fmt: skip


def _evidence(each: Evidence, frame: Frame) -> Json:
    uuid = frame.file_uuid(each.file)
    link = {"href": f"#{uuid}", "rel": "reference", "resource-fragment": f"row={each.row}"}
    return {
        **({"href": f"#{uuid}"} if uuid else {}),
        "description": prose(place(each)),
        **props({
            "sheet": each.sheet, "row": each.row, "subject": each.subject, "value": each.value,
            "shortfall": each.shortfall,
        }),
        **({"links": [link]} if uuid and each.row is not None else {}),
    }  # fmt: skip


def _finding(unit_id: str, requirement: Requirement, judged: list[Finding], frame: Frame, kind: str) -> Json:
    failed = [each for each in judged if each.verdict == "fail"]
    title = frame.view.title(requirement)
    said = (
        frame.say("period", period=each.period, sentence=frame.view.sentence(each))
        for each in failed or judged
    )
    risks = [{"risk-uuid": frame.uuid("risk", unit_id, requirement.id)}] if any(map(is_open, judged)) else []
    return {
        "uuid": frame.uuid(kind, unit_id, requirement.id),
        "title": one_line(frame.say("finding.title", unit=frame.names[unit_id], title=title)),
        "description": prose("\n".join(said)),
        **props({
            "unit-id": unit_id, "requirement-id": requirement.id, "clause": requirement.clause,
            "severity": requirement.severity, "periods-judged": len(judged), "periods-failed": len(failed),
        }),
        **frame.links(requirement.id),
        "origins": [frame.actor],
        "target": {
            "type": "statement-id",
            "target-id": token(requirement.id),
            "title": one_line(title),
            "status": {
                "state": "not-satisfied" if failed else "satisfied",
                "reason": "fail" if failed else "pass",
            },
        },
        "related-observations": [{"observation-uuid": _observation_uuid(each, frame)} for each in judged],
        **some("related-risks", risks),
    }  # fmt: skip
