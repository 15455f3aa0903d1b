"""Requirements x units x periods -> measurements: one statement each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal
from auditor.measures.registry import measure_of
from auditor.measures.standard import standard_sql
from auditor.measures.statement import Statement
from auditor.measures.wording import Wording
from auditor.model.measurement import Measurement
from auditor.model.requirement import Requirement, Threshold
from auditor.tables.declaration import Declaration
from auditor.texts import Lang, say


def measure(requirements: Sequence[Requirement], declaration: Declaration) -> tuple[Measurement, ...]:
    """Compile every requirement to its statement, in the order of ids. The engine runs it when it is judged."""
    ordered = sorted(requirements, key=lambda each: each.id)
    return tuple(_measurement(number, each, declaration) for number, each in enumerate(ordered, 1))


def _measurement(number: int, requirement: Requirement, declaration: Declaration) -> Measurement:
    kind = measure_of(requirement)
    decimal_value, decimal_evidence = kind.decimals(declaration)
    return Measurement(
        number=number,
        requirement=requirement,
        nature=kind.nature(declaration),
        gives=kind.gives,
        tables=tuple(dict.fromkeys(table for table, _ in kind.reads())),
        when_none=getattr(kind, "when_no_subjects", "not_applicable"),
        sql=_each_held(requirement, declaration, kind.measurement),
        standard_sql=standard_sql(Statement(requirement, declaration), kind),
        decimal_value=decimal_value,
        decimal_evidence=decimal_evidence,
    )


def evidence_sql(requirement: Requirement, declaration: Declaration) -> str:
    """Return the SELECT of the rows behind a requirement's measurements; its columns are `statement.EVIDENCE`."""
    return _each_held(requirement, declaration, measure_of(requirement).evidence)


def _each_held(
    requirement: Requirement, declaration: Declaration, compile_sql: Callable[[Statement], str]
) -> str:
    """Return the statement; where dated numbers are compared inside it, one for each of them, over its periods."""
    threshold = requirement.threshold
    if threshold is None or not threshold.dated or not measure_of(requirement).compares_inside:
        return compile_sql(Statement(requirement, declaration))
    days = [None, *(each.from_ for each in threshold.dated[1:]), None]
    parts = [
        compile_sql(
            Statement(
                requirement.model_copy(update={"threshold": Threshold(op=threshold.op, value=each.value)}),
                declaration,
                held=(days[at], days[at + 1]),
            )
        )
        for at, each in enumerate(threshold.dated)
    ]
    return "\nUNION ALL\n".join(f"SELECT * FROM (\n{part}\n) held" for part in parts)


def gather_evidence(
    measurements: Sequence[Measurement], declaration: Declaration, engine: DuckDBEngine
) -> None:
    """Lay the table `evidence`: the requirement's number, and the columns of `statement.EVIDENCE`."""
    engine.run(
        "CREATE OR REPLACE TABLE evidence (number INTEGER, unit_id VARCHAR, period_no INTEGER, source_no INTEGER,"
        " row_no BIGINT, subject VARCHAR, value DECIMAL(38, 6), shortfall DECIMAL(38, 6))"
    )
    for each in measurements:
        rows = evidence_sql(each.requirement, declaration)
        engine.run(f"INSERT INTO evidence SELECT {literal(each.number)}, * FROM (\n{rows}\n) found")


def subjects_left_out(
    measurements: Sequence[Measurement], declaration: Declaration, engine: DuckDBEngine
) -> list[tuple[Any, ...]]:
    """Return the subjects alive in part of a period.

    Columns: requirement_id, unit_id, period, subject, file, sheet, row, table.
    """
    found: list[tuple[Any, ...]] = []
    for each in measurements:
        statement = measure_of(each.requirement).left_out(Statement(each.requirement, declaration))
        if statement:
            rows = engine.rows(
                "SELECT o.unit_id, p.period, o.subject, s.file, s.sheet, o.row_no, o.table_name\n"
                f"FROM (\n{statement}\n) o JOIN periods p ON p.period_no = o.period_no\n"
                "LEFT JOIN sources s ON s.source_no = o.source_no ORDER BY ALL"
            )
            found += [(each.requirement.id, *row) for row in rows]
    return found


def _window(requirement: Requirement) -> dict[str, str]:
    first, last = requirement.window or ("", "")
    return {"first": first, "last": last}


def rule_in_words(requirement: Requirement, declaration: Declaration, lang: Lang) -> str:
    """Return the whole rule: who owes it, how often, what is measured, what is required."""
    wording = Wording(declaration, lang)
    return wording.say(
        "rule",
        who=wording.who(requirement),
        period=say("words", f"period.{requirement.period}", _window(requirement), lang),
        measure=measure_of(requirement).in_words(wording, requirement),
    )
