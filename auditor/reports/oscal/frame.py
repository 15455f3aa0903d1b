"""What stands around the findings in both documents: metadata, the tool, the documents and data with their hashes."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import quote

from auditor.model.audit import Audit, FileHash
from auditor.model.requirement import Pack
from auditor.reports.identity import identity
from auditor.reports.json_text import json_line
from auditor.reports.oscal.datatypes import VERSION, Json, moment, one_line, props, prose, some, token
from auditor.reports.to_json import records
from auditor.reports.view import View
from auditor.texts import Lang, say


class Frame:
    """An audit as OSCAL documents know it: who, by what, from what; every identifier is made from what it names."""

    def __init__(self, audit: Audit, lang: Lang) -> None:
        self.audit, self.lang, self.view = audit, lang, View(audit, lang)
        self.names = {unit.unit_id: one_line(unit.name or "", unit.unit_id) for unit in audit.units}
        self.as_of = moment(audit.provenance.as_of)

    def say(self, code: str, **figures: Any) -> str:
        """Return a sentence of the documents."""
        return say("oscal", code, figures, self.lang)

    @cached_property
    def _key(self) -> str:
        """What makes this audit this one: packs, data, window, day, and which units."""
        _, head = next(records(self.audit))
        return json_line([head, [unit.unit_id for unit in self.audit.units]])

    def uuid(self, *parts: str) -> str:
        """Return the identifier of something of this audit."""
        return str(identity("oscal", self._key, *parts))

    def document_uuid(self, name: str) -> str:
        """Return the identifier of a document in its language."""
        return self.uuid("document", name, self.lang)

    @cached_property
    def actor(self) -> Json:
        """Who says all this: the tool."""
        return {"actors": [{"type": "tool", "actor-uuid": self._tool_uuid}]}

    @property
    def _tool_uuid(self) -> str:
        return str(identity("oscal", "tool", self.audit.provenance.tool_version))

    def metadata(self, title: str) -> Json:
        """Return the metadata: roles are the posts responsible, parties the units with those above them."""
        return {
            "title": one_line(title),
            "last-modified": self.as_of,
            "version": self.audit.provenance.as_of.isoformat(),
            "oscal-version": VERSION,
            **props({"language": self.lang}),
            **some("roles", self._roles()),
            **some("parties", self._parties()),
        }

    def _roles(self) -> list[Json]:
        posts = {issue.responsible["zh"]: issue.responsible[self.lang] for issue in self.audit.issues()}
        return [{"id": self.role_id(zh), "title": one_line(posts[zh])} for zh in sorted(posts)]

    def role_id(self, post: str) -> str:
        """Return the identifier of a post, by its zh name."""
        return f"post-{identity('post', post)}"

    def party_uuid(self, unit_id: str) -> str:
        """Return the identifier of a unit, the same in every audit."""
        return str(identity("oscal", "unit", unit_id))

    def _parties(self) -> list[Json]:
        names: dict[str, str] = {}
        above: dict[str, str] = {}
        for unit in self.audit.units:
            chain = [*((each.unit_id, each.name) for each in unit.above), (unit.unit_id, unit.name)]
            for at, (unit_id, name) in enumerate(chain):
                names[unit_id] = one_line(name or "", unit_id)
                if at:
                    above[unit_id] = chain[at - 1][0]
        return [
            {
                "uuid": self.party_uuid(unit_id),
                "type": "organization",
                "name": names[unit_id],
                **props({"unit-id": unit_id}),
                **some(
                    "member-of-organizations",
                    [self.party_uuid(above[unit_id])] if unit_id in above else [],
                ),
            }
            for unit_id in sorted(names)
        ]

    def assets(self) -> Json:
        """Return the tool that audited, as assessment assets."""
        component = {
            "uuid": self._tool_uuid,
            "type": "software",
            "title": self.say("tool.title"),
            "description": self.say("tool.description"),
            **props({"version": self.audit.provenance.tool_version}),
            "status": {"state": "operational"},
        }
        platform = {
            "uuid": str(identity("oscal", "platform", self.audit.provenance.tool_version)),
            "title": self.say("tool.title"),
            "uses-components": [{"component-uuid": self._tool_uuid}],
        }
        return {"components": [component], "assessment-platforms": [platform]}

    def reviewed_controls(self) -> Json:
        """Return the requirements that were audited, as controls."""
        included = [{"control-id": token(each)} for each in sorted(self.audit.requirements)]
        selection = {"description": self.say("controls.description"), "include-controls": included}
        return {"control-selections": [selection]}

    def links(self, requirement_id: str) -> Json:
        """Return the member `links` to the pack that a requirement comes from."""
        pack = self._pack_of[requirement_id]
        return {"links": [{"href": f"#{self.uuid('pack', pack)}", "rel": "reference"}]}

    @cached_property
    def _pack_of(self) -> dict[str, str]:
        packs = self.audit.provenance.packs
        return {each.id: pack.pack for pack in packs for each in pack.requirements}

    @property
    def method_uuid(self) -> str:
        """The identifier of the resource that says how was audited."""
        return self.uuid("method")

    def file_uuid(self, file: str | None) -> str | None:
        """Return the identifier of a data file's resource; None for what is no file of the data."""
        return self.uuid("data", file) if file is not None and file in self._files else None

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(each.file for each in self.audit.provenance.data)

    def back_matter(self) -> Json:
        """Return the method, the packs, the data files and the user's calendar, with their hashes."""
        source = self.audit.provenance
        resources = [self._method(), *map(self._pack, source.packs)]
        resources += [self._file(each, "data") for each in source.data]
        resources += [self._file(source.calendar, "calendar")] if source.calendar else []
        return {"resources": resources}

    def _method(self) -> Json:
        source = self.audit.provenance
        settings = "、".join(f"{name}={value}" for name, value in sorted(source.settings.items()))
        said = self.say(
            "method.description", first=source.first_on, last=source.last_on, as_of=source.as_of,
            judged_by=source.judged_by, settings=settings or self.say("method.none"),
        )  # fmt: skip
        said += self.say("assume_effective") if source.assume_effective else ""
        return {"uuid": self.method_uuid, "title": self.say("method.title"), "description": prose(said)}

    def _pack(self, pack: Pack) -> Json:
        issuer = pack.issuer.in_language(self.lang)
        said = self.say("document.description", pack=pack.pack, version=pack.version, issuer=issuer)
        return {
            "uuid": self.uuid("pack", pack.pack),
            "title": one_line(pack.title.in_language(self.lang)),
            "description": prose(said),
            "document-ids": [{"identifier": f"{pack.pack}@{pack.version}"}],
            "rlinks": [_link(f"{pack.pack}.yaml", pack.content_hash, "application/yaml")],
        }

    def _file(self, each: FileHash, what: str) -> Json:
        return {
            "uuid": self.uuid(what, each.file),
            "title": one_line(each.file),
            "description": self.say(f"{what}.description"),
            "rlinks": [_link(each.file, each.sha256)],
        }


def _link(file: str, sha256: str, media_type: str | None = None) -> Json:
    hashes = {"hashes": [{"algorithm": "SHA-256", "value": sha256}]} if sha256 else {}
    return {"href": quote(file), **({"media-type": media_type} if media_type else {}), **hashes}
