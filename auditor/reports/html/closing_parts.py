"""The last sections: questions of plausibility, what there is to say about the data, and the method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.model.audit import Question, RowNote
from auditor.model.finding import VERDICTS
from auditor.reports.data_notes import Asked, Told
from auditor.reports.html.evidence import cut
from auditor.reports.html.markup import Markup, el, joined, user
from auditor.reports.html.page import Page, row
from auditor.reports.method import Document
from auditor.reports.view import place_of

_QUESTIONS_SHOWN, _PLACES_SHOWN, _NOTES_SHOWN, _WARNINGS_SHOWN = 50, 5, 100, 200


def questions(page: Page) -> Iterator[Markup]:
    """Yield the questions by rule; they change no verdict."""
    if not page.digest.notes.questions:
        yield el("p", page.say("questions.none"))
    for asked in page.digest.notes.questions:
        yield _asked(page, asked)


def _asked(page: Page, asked: Asked) -> Markup:
    shown = asked.kept[:_QUESTIONS_SHOWN]
    headers = [page.say(f"questions.{each}") for each in ("unit", "question", "rows")]
    rows = [_question(page, each) for each in shown]
    more = asked.count - len(shown)
    caption = page.say("questions.caption", title=asked.title, count=asked.count)
    return joined(
        el("h3", asked.title),
        page.table(caption, headers, rows, quiet=True),
        el("p", page.say("questions.more", more=more)) if more else None,
    )


def _question(page: Page, each: Question) -> Markup:
    known = each.unit_id in page.digest.unit
    places = [user(place_of(*place)) for place in each.rows[:_PLACES_SHOWN]]
    more = each.count - len(places)
    return row(
        page.unit(each.unit_id, with_id=True) if known else user(each.unit_id),
        user(cut(page, each.sentences[page.lang])),
        [page.join(places), page.say("more", more=more) if more > 0 else ""],
    )


def data(page: Page) -> Iterator[Markup]:
    """Yield problems and warnings, then the rows that did not count, with the reason."""
    notes = page.digest.notes
    yield from _told(page, "problems", notes.problems)
    yield from _told(page, "warnings", notes.warnings)
    for name, rows in (("planned", notes.planned), ("undated", notes.undated), ("left_out", notes.left_out)):
        yield from _notes(page, name, rows)


def _told(page: Page, name: str, told: Sequence[Told]) -> Iterator[Markup]:
    if not told and name == "problems":
        return
    yield el("h3", page.say(f"data.{name}", count=len(told)))
    if told:
        headers = [page.say(f"data.{each}") for each in ("where", "what", "do")]
        rows = [
            row(user(each.where) if each.where else "—", user(cut(page, each.what)), user(cut(page, each.do)))
            for each in told[:_WARNINGS_SHOWN]
        ]
        yield page.table(page.say(f"data.{name}", count=len(told)), headers, rows, quiet=True)
    if len(told) > _WARNINGS_SHOWN:
        yield el("p", page.say("data.more", more=len(told) - _WARNINGS_SHOWN))


def _notes(page: Page, name: str, notes: Sequence[RowNote]) -> Iterator[Markup]:
    yield el("h3", page.say(f"data.{name}", count=len(notes)))
    yield el("p", page.say(f"data.{name}_is"))
    if notes:
        headers = [page.say(f"data.{each}") for each in ("place", "table", "about")]
        rows = [_note(page, each) for each in notes[:_NOTES_SHOWN]]
        yield page.table(page.say(f"data.{name}", count=len(notes)), headers, rows, quiet=True)
    if len(notes) > _NOTES_SHOWN:
        yield el("p", page.say("data.more", more=len(notes) - _NOTES_SHOWN))


def _note(page: Page, note: RowNote) -> Markup:
    label = page.audit.table_labels.get(note.table, {}).get(page.lang, note.table)
    known = note.unit_id in page.digest.unit if note.unit_id else False
    about = [
        page.unit(note.unit_id, with_id=True)
        if note.unit_id and known
        else (user(note.unit_id) if note.unit_id else None),
        _requirement(page, note.requirement_id),
        note.period,
        user(note.subject) if note.subject else None,
        note.day.isoformat() if note.day else None,
        note.reason,
    ]
    where = user(place_of(note.file, note.sheet, note.row)) if note.file else "—"
    return row(where, label, page.join(each for each in about if each))


def _requirement(page: Page, requirement_id: str | None) -> Markup | None:
    known = requirement_id is not None and requirement_id in page.digest.requirement
    return page.requirement(requirement_id) if known and requirement_id else None


def method(page: Page) -> Iterator[Markup]:
    """Yield documents, window, calendar, judge, and the files with their hashes."""
    how = page.digest.method
    headers = [
        page.say(f"method.{each}") for each in ("document", "pack", "in_force", "requirements", "sha256")
    ]
    rows = [
        row(
            [page.say("document", title=each.title), " ", el("span", each.issuer, class_="quiet")],
            f"{each.pack} {each.version}",
            _in_force(page, each),
            page.say("method.counts", requirements=each.requirements, out_of_scope=each.out_of_scope),
            el("code", each.sha256),
            head=0,
        )
        for each in how.documents
    ]
    yield page.table(page.say("method.documents"), headers, rows, class_="hashes")
    yield _settings(page)
    yield el("h3", page.say("method.words"))
    yield el(
        "dl",
        [[el("dt", page.word(f"verdict.{each}")), el("dd", page.say(f"means.{each}"))] for each in VERDICTS],
    )
    yield el("p", page.say("method.score"))
    yield el("p", page.say("method.rating"))
    files = [row(user(each.file), el("code", each.sha256), head=0) for each in how.files]
    yield page.table(
        page.say("method.files", count=len(files)),
        [page.say("method.file"), page.say("method.sha256")],
        files,
        class_="hashes",
    )


def _in_force(page: Page, document: Document) -> str:
    if document.effective_from is None and document.effective_to is None:
        return page.say("method.always")
    return page.say("method.days", first=document.effective_from, last=document.effective_to)


def _settings(page: Page) -> Markup:
    how = page.digest.method
    calendar = (
        el("code", f"{how.calendar.file} {how.calendar.sha256}")
        if how.calendar
        else page.say("method.packaged")
    )
    facts: list[tuple[str, Markup | str | None]] = [
        ("window", page.say("window", first=how.first_on, last=how.last_on, as_of=how.as_of)),
        ("calendar", calendar),
        ("judged_by", how.judged_by),
        ("tool", f"ducha {how.tool_version}"),
        (
            "settings",
            page.join(f"{name}={value}" for name, value in how.settings.items()) if how.settings else None,
        ),
        ("assume_effective", page.say("method.assumed") if how.assume_effective else None),
        ("ledger_head", el("code", how.ledger_head) if how.ledger_head else None),
    ]
    return el(
        "dl", [[el("dt", page.say(f"method.{name}")), el("dd", value)] for name, value in facts if value]
    )
