"""How an audit came to what it says: documents and versions, window, calendar, files with their hashes, the judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from auditor.model.audit import Audit, FileHash
from auditor.model.requirement import Pack
from auditor.texts import Lang


@dataclass(frozen=True)
class Document:
    """A pack that was audited against: its document, its version, and the SHA-256 of its files."""

    pack: str
    version: str
    title: str
    issuer: str
    issued: date | None
    effective_from: date | None
    effective_to: date | None
    sha256: str
    requirements: int
    out_of_scope: int


@dataclass(frozen=True)
class Method:
    """With the same method and the same data an audit says the same.

    `calendar` is None where the packaged one counted; `ledger_head` is the head hash of the ledger, once there is one.
    """

    documents: tuple[Document, ...]
    first_on: date
    last_on: date
    as_of: date
    calendar: FileHash | None
    files: tuple[FileHash, ...]
    tool_version: str
    judged_by: str
    settings: Mapping[str, str]
    assume_effective: bool
    ledger_head: str | None = None


def method_of(audit: Audit, lang: Lang) -> Method:
    """Return how an audit came to what it says."""
    source = audit.provenance
    return Method(
        documents=tuple(_document(each, lang) for each in source.packs),
        first_on=source.first_on,
        last_on=source.last_on,
        as_of=source.as_of,
        calendar=source.calendar,
        files=source.data,
        tool_version=source.tool_version,
        judged_by=source.judged_by,
        settings=source.settings,
        assume_effective=source.assume_effective,
    )


def _document(pack: Pack, lang: Lang) -> Document:
    return Document(
        pack=pack.pack,
        version=pack.version,
        title=pack.title.in_language(lang),
        issuer=pack.issuer.in_language(lang),
        issued=pack.issued,
        effective_from=pack.effective.from_,
        effective_to=pack.effective.to,
        sha256=pack.content_hash,
        requirements=len(pack.requirements),
        out_of_scope=len(pack.out_of_scope),
    )
