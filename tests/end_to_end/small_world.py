"""A small organisation and a small pack, so that a run of the whole program takes a fraction of a second."""

from __future__ import annotations

from pathlib import Path

UNITS = "unit_id,name,type,parent_id\nU1,试验大学,university,\nU2,试验学院,department,U1\n"
ACTIVITIES = (
    "activity_id,unit_id,kind,held_on,hours\n"
    "A1,U1,training,2024-03-05,2\n"
    "A2,U1,training,2024-05-06,3.5\n"
    "A3,U2,lesson,2024-11-20,1\n"
)

HEAD = """\
pack: small
version: "1.0.0"
title: {zh: 试行办法, en: Trial measures}
issuer: {zh: 某校, en: A school}
issued: 2023-12-28
effective: {from: 2024-01-01}
unit_types: [university, department]
requirements:
"""
REQUIREMENT = """\
  - id: small/{id}
    clause: "1"
    title: {{zh: 每年培训{least}次, en: "Trainings a year: {least}"}}
    applies_to: {{types: [university]}}
    measure: {{kind: count, table: activities, where: {{kind: training}}}}
    period: year
    threshold: {{op: ">=", value: {least}}}
    value_unit: {{zh: 次, en: trainings}}
    severity: major
    responsible: {{zh: 党委书记, en: party secretary}}
    remedy: {{zh: 补办培训, en: Hold them}}
"""


def write_data(folder: Path, **tables: str | None) -> Path:
    """Write the small organisation into a folder; a table given replaces its own, None leaves it out."""
    folder.mkdir(exist_ok=True)
    for name, text in {"units": UNITS, "activities": ACTIVITIES, **tables}.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def write_pack(path: Path, *least: int) -> Path:
    """Write a pack with a requirement of so many trainings for each number; the small organisation held two."""
    requirements = (REQUIREMENT.format(id=f"{at}-trainings", least=each) for at, each in enumerate(least, 1))
    path.write_text(HEAD + "".join(requirements), encoding="utf-8")
    return path
