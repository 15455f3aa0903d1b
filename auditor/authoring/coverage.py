"""The clause ledger of a pack: every clause of its document, what became of it, and the cases that test it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from auditor.authoring.cases_file import load_cases
from auditor.errors import BadInput, Problem
from auditor.model.record import Bilingual
from auditor.model.requirement import NotQuantified, OutOfScope, Pack, Requirement, SwitchedOff
from auditor.packs.clauses import clauses_of, in_document_order
from auditor.packs.load import packs_shipped
from auditor.shipped import shipped
from auditor.tables.declaration import load_declaration

Fate = Literal["automated", "manual", "out_of_scope", "not_quantified", "switched_off"]
FATES: tuple[Fate, ...] = ("automated", "manual", "out_of_scope", "not_quantified", "switched_off")
"""What can become of a clause: in this order it is shown where several hold."""

COUNTED = ("pass", "fail", "insufficient_data")
"""The wanted verdicts that each have a number of their own; the rest is `other`."""

CASES = "tests/cases"
"""The folder of the cases, one folder a pack in it, below a working folder or the project's checkout."""


@dataclass(frozen=True)
class Cases:
    """How many cases a requirement has, and how many of them want a verdict; one may want several."""

    cases: int
    by_verdict: Mapping[str, int]

    def wanting(self, verdict: str) -> int:
        """Return how many cases want a verdict; `other` is any that is not in COUNTED."""
        return self.by_verdict.get(verdict, 0)


@dataclass(frozen=True)
class Entry:
    """What became of a clause: a requirement with its title and its cases, or the reason why there is none.

    `cases` is None where there is nothing to test; `clause` the label as the pack writes it.
    """

    fate: Fate
    clause: str
    id: str | None = None
    title: Bilingual | None = None
    reason: Bilingual | None = None
    cases: Cases | None = None


@dataclass(frozen=True)
class Clause:
    """A clause and its entries; one without any is not covered."""

    label: str
    entries: tuple[Entry, ...]

    def has(self, fate: Fate) -> bool:
        """Return whether this became of the clause, perhaps beside other things."""
        return any(entry.fate == fate for entry in self.entries)


@dataclass(frozen=True)
class Document:
    """A document and its clauses, in its own order."""

    pack: Pack
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class ClauseLedger:
    """The documents of a pack: its own, and before it those that it extends."""

    pack: Pack
    documents: tuple[Document, ...]

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause of every document."""
        return tuple(clause for document in self.documents for clause in document.clauses)

    def with_fate(self, fate: Fate) -> int:
        """Return how many clauses this became of; one clause may have had several fates."""
        return sum(clause.has(fate) for clause in self.clauses)

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The clauses of the document's own list that the pack does not speak of."""
        return tuple(clause.label for clause in self.clauses if not clause.entries)

    @cached_property
    def requirements(self) -> Mapping[str, Entry]:
        """Every requirement's entry, by id."""
        entries = (entry for clause in self.clauses for entry in clause.entries)
        return {entry.id: entry for entry in entries if entry.cases is not None and entry.id is not None}

    @property
    def untested(self) -> tuple[str, ...]:
        """The requirements without a case."""
        return tuple(sorted(name for name, each in self.requirements.items() if not each.cases.cases))  # type: ignore[union-attr]


def clause_ledger(pack: Pack, file: Path, working_folder: Path) -> ClauseLedger:
    """Return the clause ledger of a pack, which was read from a file.

    Clauses stand in the order of the document's own list (the pack's `clauses`), where it gives one, and else by
    their numbers. Cases count that stand beside the file, or in `tests/cases/PACK` of the working folder or of the
    project's checkout. Raises BadInput for a case file that cannot be used.
    """
    cases = _Found(pack, file, working_folder)
    layers = list(_layers(pack))
    return ClauseLedger(pack, tuple(_document(layer, layers, cases) for layer in layers))


def _layers(pack: Pack) -> Iterator[Pack]:
    """Yield the packs that a pack extends, the lowest first, and itself."""
    if pack.base:
        yield from _layers(pack.base)
    yield pack


def _document(own: Pack, layers: Sequence[Pack], cases: _Found) -> Document:
    entries = sorted(_entries(own, layers, cases), key=lambda each: FATES.index(each.fate))
    listed = own.clauses
    order = {label: at for at, label in enumerate(listed)}
    by_clause: dict[str, list[Entry]] = {label: [] for label in listed}
    for entry in entries:
        for label in clauses_of(entry.clause, order):
            by_clause.setdefault(label, []).append(entry)
    ordered = sorted(by_clause, key=lambda each: (order.get(each, len(order)), in_document_order(each)))
    return Document(own, tuple(Clause(label, tuple(by_clause[label])) for label in ordered))


def _entries(own: Pack, layers: Sequence[Pack], cases: _Found) -> Iterator[Entry]:
    """Yield what the packs, taken together, say of the clauses of one of their documents."""
    for each in layers[-1].requirements:
        if each.pack == own.pack:
            fate: Fate = "manual" if each.measure.kind == "attest" else "automated"
            yield Entry(fate, each.clause, each.id, each.title, None, cases.of(each))
    never: Iterable[OutOfScope | NotQuantified | SwitchedOff] = (
        *own.out_of_scope,
        *own.not_quantified,
        *(off for layer in layers for off in layer.switched_off if off.id.partition("/")[0] == own.pack),
    )
    for off in never:
        yield Entry(_FATE_OF[type(off)], off.clause, getattr(off, "id", None), None, off.reason)


_FATE_OF: Mapping[type, Fate] = {
    OutOfScope: "out_of_scope",
    NotQuantified: "not_quantified",
    SwitchedOff: "switched_off",
}


class _Found:
    """The cases found for a pack and for those that it extends."""

    def __init__(self, pack: Pack, file: Path, working_folder: Path) -> None:
        self._packs = list(pack.effective_dates)
        files = {name: packs_shipped().get(name) for name in self._packs} | {pack.pack: file}
        self._counts = {name: _counts(_case_files(name, files[name], working_folder)) for name in self._packs}

    def of(self, requirement: Requirement) -> Cases:
        """Return the cases of a requirement; those of a rule that a pack above has changed test the rule no more."""
        first = self._packs.index(requirement.changed.by) if requirement.changed else 0
        counts = Counter[str]()
        for name in self._packs[first:]:
            counts += self._counts[name].get(requirement.id, Counter())
        return Cases(counts.pop(_ALL, 0), dict(counts))


_ALL = "all"


def _case_files(name: str, pack_file: Path | None, working_folder: Path) -> list[Path]:
    """Return the case files of a pack: beside its file, or under its name."""
    folders = [working_folder / CASES / name, shipped(CASES) / name]
    if pack_file is not None:
        folders.append(pack_file.with_suffix(".cases"))
    found = [path for folder in folders for path in folder.rglob("*.y*ml")]
    if pack_file is not None and pack_file.with_suffix(".cases.yaml").is_file():
        found.append(pack_file.with_suffix(".cases.yaml"))
    return sorted({path.resolve() for path in found})


def _counts(files: Sequence[Path]) -> dict[str, Counter[str]]:
    """Return, by requirement, the number of cases and of those that want each verdict."""
    found: dict[str, Counter[str]] = {}
    problems: list[Problem] = []
    for path in files:
        try:
            for case in load_cases(path, load_declaration()).cases:
                verdicts = {str(each.figures.get("verdict")) for each in case.want}
                wanted = {each if each in COUNTED else "other" for each in verdicts}
                found.setdefault(case.requirement, Counter()).update({_ALL, *wanted})
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return found
