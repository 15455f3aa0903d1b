"""What changed from one pack to another: the head, the requirements, the clauses that are never judged.

The packs are two versions of one document, or two documents, such as a province's and a university's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.model.record import Bilingual
from auditor.model.requirement import NotQuantified, OutOfScope, Pack, Requirement, SwitchedOff

HEAD = (
    "pack", "version", "title", "issuer", "issued", "effective", "extends", "parameters", "unit_types", "vocabulary",
    "clauses", "scoring",
)  # fmt: skip
"""What of the head is compared, in the order in which it is told."""

RULE = ("applies_to", "period", "window", "measure", "threshold", "value_unit")
"""The fields of a requirement that its rule in words is made from."""

FIELDS = (
    "clause", "title", "duty", *RULE, "severity", "score", "responsible", "remedy", "rectify_within", "assumed", "note",
)  # fmt: skip
"""The fields of a requirement that are compared. Its id is how the two are found to be the same."""

Section = Literal["out_of_scope", "not_quantified", "switched_off"]
SECTIONS: tuple[Section, ...] = ("out_of_scope", "not_quantified", "switched_off")
"""The lists of what is never judged."""

Never = OutOfScope | NotQuantified | SwitchedOff


@dataclass(frozen=True)
class Changed:
    """A requirement that both packs have, and the fields in which they differ."""

    before: Requirement
    after: Requirement
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A clause that entered or left a list of what is never judged."""

    section: Section
    entered: bool
    clause: str
    reason: Bilingual | None


@dataclass(frozen=True)
class PackDifference:
    """What changed from one pack to another.

    `head` names the fields of the head that differ; `same` gives, for each requirement of the later pack that the
    earlier one has too, the id that it has there.
    """

    before: Pack
    after: Pack
    head: tuple[str, ...]
    added: tuple[Requirement, ...]
    removed: tuple[Requirement, ...]
    changed: tuple[Changed, ...]
    moved: tuple[Moved, ...]
    same: Mapping[str, str]

    @property
    def differs(self) -> bool:
        """Whether there is any difference."""
        return bool(self.head or self.added or self.removed or self.changed or self.moved)


def pack_difference(before: Pack, after: Pack) -> PackDifference:
    """Return what changed from one pack to another.

    Requirements are the same by their id; where the packs have different names, by the part after the slash too.
    """
    same = _same(before, after)
    theirs = {each.id: each for each in before.requirements}
    kept = set(same.values())
    changed = [
        Changed(theirs[same[each.id]], each, _fields(theirs[same[each.id]], each))
        for each in after.requirements
        if each.id in same
    ]
    return PackDifference(
        before=before,
        after=after,
        head=tuple(each for each in HEAD if getattr(before, each) != getattr(after, each)),
        added=tuple(each for each in after.requirements if each.id not in same),
        removed=tuple(each for each in before.requirements if each.id not in kept),
        changed=tuple(each for each in changed if each.fields),
        moved=tuple(_moved(before, after)),
        same=same,
    )


def _same(before: Pack, after: Pack) -> dict[str, str]:
    """Return the id before of each requirement that both have, by its id after."""
    ids = {each.id for each in before.requirements}
    same = {each.id: each.id for each in after.requirements if each.id in ids}
    if before.pack == after.pack:
        return same
    # One slug may stand in a pack and in the one that it extends: the ids that are equal go first.
    free = {_slug(each): each for each in ids - set(same.values())}
    for each in after.requirements:
        if each.id not in same and _slug(each.id) in free:
            same[each.id] = free.pop(_slug(each.id))
    return same


def _slug(requirement_id: str) -> str:
    return requirement_id.partition("/")[2]


def _fields(before: Requirement, after: Requirement) -> tuple[str, ...]:
    return tuple(each for each in FIELDS if getattr(before, each) != getattr(after, each))


def _moved(before: Pack, after: Pack) -> Iterator[Moved]:
    for section in SECTIONS:
        old, new = (list(_never(each, section)) for each in (before, after))
        for entered, here, there in ((False, old, new), (True, new, old)):
            known = {_told(each) for each in there}
            yield from (
                Moved(section, entered, each.clause, each.reason) for each in here if _told(each) not in known
            )


def _never(pack: Pack, section: Section) -> Iterator[Never]:
    """Yield what a pack and those that it extends never judge."""
    if pack.base:
        yield from _never(pack.base, section)
    yield from getattr(pack, section)


def _told(never: Never) -> tuple[str, str, str | None]:
    """Return what an entry says, whatever the name of its pack."""
    reason = never.reason.model_dump_json() if never.reason else None
    return never.clause, _slug(getattr(never, "id", "")), reason
