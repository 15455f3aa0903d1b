"""What is to be put right as OSCAL 1.2.1 plan of action and milestones: an item for each issue, with its remedy.

Observations and risks have the identifiers that they have in the assessment results of the same audit. OSCAL has no
plan without an item, so an audit without an issue has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.audit import Audit
from auditor.reports.identity import identity
from auditor.reports.oscal.datatypes import Json, array, members, one_line, props, prose
from auditor.reports.oscal.frame import Frame
from auditor.reports.oscal.results import findings, is_open, observation, related_observations, risk
from auditor.reports.registry import Layout
from auditor.reports.supervision import SupervisionRow, supervision

_FINDING = "open-finding"


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text of the document, an item a line; nothing where there is no issue."""
    if next(audit.issues(), None) is None:
        return
    frame = Frame(audit, layout.lang)
    metadata = frame.metadata(frame.say("plan.title", as_of=audit.provenance.as_of))
    of_results = {"assessment-results-uuid": frame.document_uuid("assessment-results")}
    metadata["props"] += props(of_results)["props"]
    head = {
        "uuid": frame.document_uuid("plan-of-action-and-milestones"),
        "metadata": metadata,
        "system-id": {"identifier-type": "https://ietf.org/rfc/rfc4122", "id": _system(audit)},
        "local-definitions": {"assessment-assets": frame.assets()},
    }
    yield f'{{"plan-of-action-and-milestones": {{\n{members(head)}'
    open_ones = (each for each in audit.findings(True) if is_open(each))
    yield from array("observations", (observation(each, frame) for each in open_ones))
    yield from array("risks", (risk(each, frame) for each in supervision(audit, frame.view)))
    yield from array("findings", findings(filter(is_open, audit.findings(False)), frame, _FINDING))
    yield from array("poam-items", (_item(each, frame) for each in supervision(audit, frame.view)))
    yield f",\n{members({'back-matter': frame.back_matter()})}\n}}}}\n"


def _system(audit: Audit) -> str:
    """Return the identifier of what was audited: the units at the top of the tree."""
    tops = {(unit.above[0].unit_id if unit.above else unit.unit_id) for unit in audit.units}
    return str(identity("oscal", "system", *sorted(tops)))


def _item(row: SupervisionRow, frame: Frame) -> Json:
    key = (row.unit_id, row.requirement_id)
    return {
        "uuid": frame.uuid("poam-item", *key),
        "title": one_line(frame.say("finding.title", unit=frame.names[row.unit_id], title=row.title)),
        "description": prose("\n".join(each.sentence for each in row.failed)),
        **props({
            "number": row.number, "unit-id": row.unit_id, "requirement-id": row.requirement_id,
            "clause": row.clause, "severity": row.severity, "grade": row.grade,
            "responsible-post": row.responsible, "rectify-within-working-days": row.within,
        }),
        "origins": [frame.actor],
        "related-findings": [{"finding-uuid": frame.uuid(_FINDING, *key)}],
        "related-observations": related_observations(row, frame),
        "related-risks": [{"risk-uuid": frame.uuid("risk", *key)}],
    }  # fmt: skip
