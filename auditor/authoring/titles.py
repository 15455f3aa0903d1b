"""The titles of requirements that a report names by their ids alone, out of the packs at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from auditor.errors import BadInput
from auditor.model.requirement import Requirement
from auditor.packs.load import load_pack, packs_shipped


def requirements_named(
    requirement_ids: Iterable[str], packs: Sequence[str | Path] = ()
) -> Mapping[str, Requirement]:
    """Return the requirements of these ids that a shipped pack, or one of `packs`, has; others are left out.

    What a report names may be long gone: a pack that is unknown or unsound is passed over.
    """
    wanted = set(requirement_ids)
    shipped = packs_shipped()
    names: list[str | Path] = [
        name for name in sorted({each.partition("/")[0] for each in wanted}) if name in shipped
    ]
    found: dict[str, Requirement] = {}
    for name in [*names, *packs]:
        try:
            pack = load_pack(name)
        except BadInput:
            continue
        found |= {each.id: each for each in pack.requirements if each.id in wanted}
    return found
