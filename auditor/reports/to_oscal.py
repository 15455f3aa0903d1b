"""The audit as OSCAL 1.2.1 assessment results, for the tools of those who exchange assessments in that form.

A finding of ours, one requirement in one period, is an observation to OSCAL; what the judged periods of a unit and
requirement add up to is a finding, and an issue is a risk. Where nothing was judged (pending, not applicable,
insufficient data) there is an observation and no finding, since OSCAL knows only satisfied and not satisfied.
What is to be put right stands in a document of its own, `to_oscal_plan`.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.audit import Audit
from auditor.reports.oscal.datatypes import array, members, moment, one_line, prose
from auditor.reports.oscal.frame import Frame
from auditor.reports.oscal.results import findings, observation, risk
from auditor.reports.registry import Layout
from auditor.reports.supervision import supervision


def write(audit: Audit, layout: Layout) -> Iterator[str]:
    """Yield the text of the document: an observation, risk or finding a line."""
    frame, source = Frame(audit, layout.lang), audit.provenance
    title = frame.say("results.title", as_of=source.as_of)
    head = {
        "uuid": frame.document_uuid("assessment-results"),
        "metadata": frame.metadata(title),
        "import-ap": {"href": f"#{frame.method_uuid}"},
    }
    said = frame.say(
        "results.description", first=source.first_on, last=source.last_on, as_of=source.as_of,
        findings=sum(audit.counts.values()), failed=audit.counts["fail"],
    )  # fmt: skip
    result = {
        "uuid": frame.uuid("result"),
        "title": one_line(title),
        "description": prose(said),
        "start": moment(min(source.first_on, source.as_of)),
        "end": frame.as_of,
        "local-definitions": {"assessment-assets": frame.assets()},
        "reviewed-controls": frame.reviewed_controls(),
    }
    yield f'{{"assessment-results": {{\n{members(head)},\n"results": [{{\n{members(result)}'
    yield from array("observations", (observation(each, frame) for each in audit.findings(True)))
    yield from array("risks", (risk(each, frame) for each in supervision(audit, frame.view)))
    yield from array("findings", findings(audit.findings(False), frame))
    yield f"\n}}],\n{members({'back-matter': frame.back_matter()})}\n}}}}\n"
