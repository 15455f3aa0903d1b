"""The supervision list on the page: what each unit is to put right, by whom and within how many days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.reports.html.markup import Markup, el, joined
from auditor.reports.html.page import Page, row
from auditor.reports.supervision import FailedPeriod, SupervisionRow, supervision

ROWS_SHOWN = 300
_PERIODS_SHOWN = 3


class Issues:
    """The issues of an audit added up in one pass: how many, how grave, whose; the first rows are kept."""

    def __init__(self, page: Page) -> None:
        self.count, self.repeats = 0, 0
        self.by_severity: Counter[str] = Counter()
        self.by_days: Counter[int] = Counter()
        self.units: dict[str, Counter[str]] = {}
        self.vetoes: list[SupervisionRow] = []
        self.repeating: list[str] = []
        self.rows: list[SupervisionRow] = []
        for each in supervision(page.audit, page.view):
            self._add(each)

    def _add(self, each: SupervisionRow) -> None:
        self.count += 1
        self.by_severity[each.severity] += 1
        self.by_days[each.within] += 1
        self.units.setdefault(each.unit_id, Counter())[each.severity] += 1
        if each.severity == "veto":
            self.vetoes.append(each)
        if each.repeat:
            self.repeats += 1
            if each.unit_id not in self.repeating:
                self.repeating.append(each.unit_id)
        if len(self.rows) < ROWS_SHOWN:
            self.rows.append(each)


def list_of_issues(page: Page, issues: Issues) -> Iterator[Markup]:
    """Yield the list, a row an issue, in the order in which the office sends it out."""
    if not issues.count:
        yield el("p", page.say("list.none"))
        return
    headers = [
        page.say(f"list.{each}")
        for each in ("number", "unit", "problem", "basis", "remedy", "responsible", "within", "grade")
    ]
    rows = [_row(page, each) for each in issues.rows]
    yield page.table(page.say("list.caption", count=issues.count), headers, rows, class_="list")
    if issues.count > ROWS_SHOWN:
        yield el("p", page.say("list.more", shown=ROWS_SHOWN, more=issues.count - ROWS_SHOWN))


def _row(page: Page, each: SupervisionRow) -> Markup:
    deadline = page.say("within", days=each.within) if each.deadline is None else each.deadline.isoformat()
    return row(
        each.number,
        page.unit(each.unit_id, with_id=True),
        [
            page.requirement(each.requirement_id),
            " ",
            page.severity(each.severity),
            el("ul", _problems(page, each), class_="plain"),
        ],
        page.basis(each.document, each.clause),
        each.remedy,
        each.responsible,
        deadline,
        page.say(f"grade.{each.grade}"),
        head=1,
        class_="find",
    )


def _problems(page: Page, each: SupervisionRow) -> Iterator[Markup]:
    for failed in each.failed[:_PERIODS_SHOWN]:
        yield el("li", short_of(page, failed))
    if len(each.failed) > _PERIODS_SHOWN:
        yield el("li", page.say("periods.more", more=len(each.failed) - _PERIODS_SHOWN))


def short_of(page: Page, failed: FailedPeriod) -> Markup:
    """Return measured against required of one period."""
    words = page.say("short_of", period=failed.period, measured=failed.measured, required=failed.required)
    short = "" if failed.shortfall == "—" else page.say("short_of.by", shortfall=failed.shortfall)
    return joined(words, short)
