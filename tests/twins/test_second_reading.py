"""The product against the second reading of the design: random organisations, every figure of every finding."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pack_files import raw_pack, write_pack
from second_reading import organisations, reading

from auditor.audit import Options, audit
from auditor.model.finding import Finding
from auditor.packs.load import find_pack
from auditor.periods.period import Semesters, Window

pytestmark = pytest.mark.slow

KEYS = (
    "verdict", "reason", "value", "numerator", "denominator", "shortfall", "provisional", "forecast", "borderline",
    "calendar", "waived",
)  # fmt: skip


def exact(value: Any) -> Any:
    """Return a figure as both sides can be compared: shares rounded half up to six decimals, as the contract says."""
    if isinstance(value, Fraction):
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
            Decimal("0.000001"), ROUND_HALF_UP
        )
    return value


def rows_behind(finding: Finding) -> list[tuple[str, int]]:
    return sorted((str(e.file).removesuffix(".csv"), e.row) for e in finding.evidence if e.row is not None)


def subjects_behind(finding: Finding) -> list[tuple[Any, ...]]:
    return sorted((e.subject, e.value, e.shortfall) for e in finding.evidence if e.subject is not None)


def differences(found: list[Finding], wanted: list[dict[str, Any]]) -> list[str]:
    ours = {(f.unit_id, f.requirement_id, f.period): f for f in found}
    theirs = {(w["unit_id"], w["requirement_id"], w["period"]): w for w in wanted}
    assert len(ours) == len(found), "a cell has two findings"
    said = [f"only ours: {key}" for key in sorted(ours.keys() - theirs.keys())]
    said += [f"only theirs: {key}" for key in sorted(theirs.keys() - ours.keys())]
    for key in sorted(ours.keys() & theirs.keys()):
        finding, other = ours[key], theirs[key]
        for name in KEYS:
            one, two = getattr(finding, name), exact(other[name])
            if one != two:
                said.append(
                    f"{key} {name}: {one!r}, the second reading {two!r} ({finding.verdict} {finding.reason})"
                )
        if rows_behind(finding) != sorted(other["evidence_rows"]):
            said.append(
                f"{key} evidence: {rows_behind(finding)}, the second reading {sorted(other['evidence_rows'])}"
            )
        wanted_subjects = sorted(tuple(exact(part) for part in each) for each in other["subjects"])
        if subjects_behind(finding) != wanted_subjects:
            said.append(f"{key} subjects: {subjects_behind(finding)}, the second reading {wanted_subjects}")
        for record in other["records"]:
            same = [
                e for e in finding.evidence if (str(e.file).removesuffix(".csv"), e.row) == tuple(record[0])
            ]
            if [(e.value, e.shortfall) for e in same] != [tuple(exact(part) for part in record[1:])]:
                said.append(f"{key} record {record}: {same}")
    return said


def compare(
    tmp_path: Path, seed: int, pack: Path, requirements: list[Any], effective: Any, year: int = 2024
) -> None:
    rng = random.Random(seed)
    tables = organisations.organisation(rng, year, small=rng.random() < 0.5)
    as_of, (first, last) = organisations.random_as_of(rng, year), organisations.random_window(rng, year)
    organisations.write_csv(tables, tmp_path / "data")
    semesters = rng.choice([((2, 1), (8, 1)), ((2, 20), (9, 1)), ((1, 1), (7, 1))])
    wanted = reading.audit(
        tables, requirements, effective=effective, first=first, last=last, as_of=as_of, semesters=semesters
    )
    options = Options(as_of=as_of, judged_by="plain", semesters=Semesters(*semesters))
    with audit(tmp_path / "data", [pack], Window(first, last), options) as done:
        said = differences(list(done.findings(True)), wanted)
    assert not said, "\n".join([f"as of {as_of}, {first}..{last}", *said[:12]])


SLOW = pytest.mark.slow
"""A few organisations at every run, many more with the slow tests."""


@pytest.mark.parametrize("seed", [*range(2), *(pytest.param(seed, marks=SLOW) for seed in range(2, 40))])
def test_henan(tmp_path: Path, seed: int) -> None:
    requirements = raw_pack("henan-2023")["requirements"]
    compare(tmp_path, seed, find_pack("henan-2023"), requirements, (date(2024, 1, 1), None))


@pytest.mark.parametrize(
    "seed",
    # 192 and 250: a lead asked of a subject
    [*range(4), 192, 250, *(pytest.param(seed, marks=SLOW) for seed in range(4, 120))],
)
def test_random_requirements(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed + 1000)
    requirements = organisations.random_requirements(rng)
    effective = rng.choice([(None, None), (date(2024, 3, 1), None), (None, date(2024, 8, 31))])
    pack = write_pack(organisations.as_pack(requirements, effective), tmp_path / "random.yaml")
    compare(tmp_path, seed, pack, requirements, effective, year=2027 if seed % 6 == 5 else 2024)
