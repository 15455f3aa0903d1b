"""`packs test`: the cases of packs found, run, and told requirement by requirement.

Cases of a shipped pack stand under `tests/cases/PACK/` of the checkout or of the working folder; those of a pack
file beside it, in `PACK.cases.yaml` or the folder `PACK.cases`, or under `tests/cases/PACK/` too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.authoring.cases_file import Case, CaseFile, load_cases
from auditor.authoring.cases_run import CaseResult, Placed, run
from auditor.errors import BadInput, Place, Problem
from auditor.marked import read_marked
from auditor.model.requirement import Pack
from auditor.packs.load import find_pack, load_pack, packs_shipped
from auditor.packs.mistakes import near
from auditor.shipped import shipped
from auditor.tables.declaration import Declaration, load_declaration

CASES = "tests/cases"
"""The folder of the cases of packs by name, in the checkout and in the working folder."""

_OF_SETTINGS = ("pack.parameter_unset", "pack.parameter_not_a_year", "pack.parameter_not_a_number")
"""The codes of problems that lie in the values of a pack's parameters, not in the pack."""


@dataclass(frozen=True)
class RequirementResult:
    """One requirement's cases in one file, and how each came out."""

    requirement: str
    path: Path
    cases: tuple[CaseResult, ...]

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that are not as wanted."""
        return tuple(each for each in self.cases if each.differences)


@dataclass(frozen=True)
class _Found:
    """A case file, and the pack it was found for, which it need not name."""

    path: Path
    pack: Path | None


def run_cases(names: Sequence[str], folder: Path) -> tuple[RequirementResult, ...]:
    """Run the cases of shipped packs (by name), of pack files, of case files and of folders of them.

    Without names, those of all shipped packs, and all under `tests/cases` of the working folder. `folder` is the
    working folder. Raises BadInput with every mistake of every file: nothing is run where one is wrong.
    """
    declaration = load_declaration()
    return _by_requirement(run(placed_cases(names, folder, declaration), declaration))


def placed_cases(names: Sequence[str], folder: Path, declaration: Declaration) -> tuple[Placed, ...]:
    """Return the cases that names mean, each with its requirement and pack; as `run_cases` finds and refuses them."""
    found = list(_without_repeats(_found(names, folder)))
    problems: list[Problem] = []
    placed: list[Placed] = []
    packs: dict[tuple[str, str], Pack | None] = {}
    for each in found:
        try:
            file = load_cases(each.path, declaration)
            placed += _placed(file, each, declaration, packs)
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return tuple(placed)


def _by_requirement(results: Sequence[CaseResult]) -> tuple[RequirementResult, ...]:
    """Return the results requirement by requirement, in the order of the files."""
    found: dict[tuple[str, Path], list[CaseResult]] = {}
    for each in results:
        found.setdefault((each.placed.case.requirement, each.placed.file.path), []).append(each)
    return tuple(RequirementResult(*key, tuple(cases)) for key, cases in found.items())


def _placed(
    file: CaseFile, found: _Found, declaration: Declaration, packs: dict[tuple[str, str], Pack | None]
) -> Iterator[Placed]:
    """Yield the cases of a file with their requirements; `packs` keeps those that were read.

    Raises BadInput for a pack that is not there or not sound, and for a requirement that it does not have.
    """
    for case in file.cases:
        path = _pack_of(case, file, found)
        key = (str(path), repr(sorted(file.settings.items())))
        if key not in packs:
            packs[key] = None
            packs[key] = _loaded(path, file, declaration)
        pack = packs[key]
        if pack is None:
            return  # What is wrong with it has been said once.
        requirement = pack.requirement(case.requirement)
        if requirement is None:
            figures = {"value": case.requirement, "expected": pack.pack}
            hint = near(case.requirement, [each.id for each in pack.requirements])
            raise BadInput([Problem("cases.unknown_requirement", figures, _head(file, case), hint)])
        yield Placed(case, file, pack, requirement)


def _pack_of(case: Case, file: CaseFile, found: _Found) -> Path:
    """Return the file of the pack that a case is about: the one it names, the one tested, or the shipped one."""
    if file.pack is not None:
        beside = file.path.parent / file.pack
        return beside if beside.is_file() else _shipped_pack(file.pack, _head(file, case))
    return found.pack or _shipped_pack(case.requirement.partition("/")[0], _head(file, case))


def _loaded(path: Path, file: CaseFile, declaration: Declaration) -> Pack:
    """Return a pack with the parameters that a case file sets, no more and no fewer than it has."""
    place = Place(file.path.name, line=1)
    try:
        pack = load_pack(path, declaration, file.settings)
    except BadInput as bad:
        raise BadInput(_of_settings(each, place) for each in bad.problems) from None
    for name in sorted(set(file.settings) - set(pack.parameters)):
        figures = {"value": name, "expected": "、".join(pack.parameters) or "—"}
        raise BadInput([Problem("usage.unknown_parameter", figures, place, near(name, pack.parameters))])
    return pack


def _of_settings(problem: Problem, place: Place) -> Problem:
    """Return a problem of a pack; where only the value of a parameter is wrong, at the file that sets it."""
    return replace(problem, place=place) if problem.code in _OF_SETTINGS else problem


def _shipped_pack(name: str, place: Place) -> Path:
    try:
        return find_pack(name)
    except BadInput as bad:
        raise BadInput(replace(each, place=place) for each in bad.problems) from None


def _head(file: CaseFile, case: Case) -> Place:
    return Place(file.path.name, line=case.line)


def _without_repeats(found: Iterator[_Found]) -> Iterator[_Found]:
    seen: set[Path] = set()
    for each in found:
        path = each.path.resolve()
        if path not in seen:
            seen.add(path)
            yield each


def _found(names: Sequence[str], folder: Path) -> Iterator[_Found]:
    """Yield the case files that the names mean. Raises BadInput for a name that means none."""
    for name in names or _everything(folder):
        cases = list(_of_name(name, folder))
        if not cases:
            raise BadInput([Problem("cases.none_found", {"value": name})])
        yield from cases


def _everything(folder: Path) -> list[str]:
    """Return the folders of all cases: those of the shipped packs, and those of the working folder."""
    folders = {path.resolve(): str(path) for path in (folder / CASES, shipped(CASES)) if path.is_dir()}
    return list(folders.values()) or [CASES]


def _of_name(name: str, folder: Path) -> Iterator[_Found]:
    path = folder / name
    if name in packs_shipped() and not path.is_file():
        yield from _beside(find_pack(name), name, folder)
    elif path.is_dir():
        yield from (_Found(each, None) for each in _yaml_below(path) if not _is_pack(each))
    elif not path.is_file() and path.suffix not in (".yaml", ".yml"):
        find_pack(name)
    elif _is_pack(path):
        yield from _beside(path, str(read_marked(path, "pack").value["pack"]), folder)
    else:
        yield _Found(path, None)


def _beside(pack: Path, name: str, folder: Path) -> Iterator[_Found]:
    """Yield the cases of a pack: beside its file, or by its name under `tests/cases`."""
    beside = pack.with_suffix(".cases.yaml")
    if beside.is_file():
        yield _Found(beside, pack)
    for each in (pack.with_suffix(".cases"), folder / CASES / name, shipped(CASES) / name):
        if each.is_dir():
            yield from (_Found(path, pack) for path in _yaml_below(each))


def _yaml_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))


def _is_pack(path: Path) -> bool:
    """Return whether a file is a pack; one that cannot be read is taken for a case file, which says why."""
    try:
        value = read_marked(path, "cases").value
    except BadInput:
        return False
    return isinstance(value, dict) and "requirements" in value
