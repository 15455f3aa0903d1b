"""Beginning and end of the page: what it may load (nothing), its style, its one script, its navigation."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from auditor.reports.html.markup import Markup, el, joined
from auditor.reports.html.page import Page

SECTIONS = ("leader", "heat", "ranking", "list", "requirements", "units", "questions", "data", "method")


@cache
def _part(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _allowed(text: str) -> str:
    """Return how a policy names one inline text: by its hash, so that no other ever runs."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def opening(page: Page, title: str) -> Markup:
    """Return everything before the first section."""
    style, script = _part("page.css"), _part("page.js")
    policy = (
        f"default-src 'none'; style-src {_allowed(style)}; script-src {_allowed(script)};"
        " base-uri 'none'; form-action 'none'"
    )
    head = el(
        "head",
        el("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", title),
        el("style", Markup(style)),
    )
    language = "zh-CN" if page.lang == "zh" else "en"
    return Markup(
        f'<!doctype html>\n<html lang="{language}">\n{head}\n<body>\n{_navigation(page)}\n<main id="main">\n'
    )


def _navigation(page: Page) -> Markup:
    links = [el("li", el("a", page.say(f"section.{each}"), href=f"#{each}")) for each in SECTIONS]
    return joined(
        el("a", page.say("skip"), href="#main", class_="skip"),
        el("nav", el("ul", links), aria_label=page.say("navigation")),
    )


def closing(page: Page) -> Markup:
    """Return everything after the last section."""
    foot = page.say("footer", version=page.digest.method.tool_version)
    return Markup(
        f"</main>\n{el('footer', el('p', foot))}\n<script>{_part('page.js')}</script>\n</body>\n</html>\n"
    )


def section(page: Page, name: str) -> tuple[Markup, Markup]:
    """Return what stands before and after the parts of a section; the leader's page has its heading among them."""
    if name == "leader":
        return Markup(f'<section id="{name}" class="s-{name}" aria-labelledby="title">\n'), Markup(
            "\n</section>\n"
        )
    opened = f'<section id="{name}" class="s-{name}" aria-labelledby="h-{name}">'
    heading = el("h2", page.say(f"section.{name}"), id=f"h-{name}")
    lead = el("p", page.say(f"lead.{name}"), class_="lead")
    return Markup(f"{opened}\n{heading}\n{lead}\n"), Markup("\n</section>\n")


def found_by(page: Page) -> Markup:
    """Return the field that finds units and requirements; the script shows it, without it nothing is missing."""
    ratings = ("unqualified", "rectify", "improve", "qualified", "not_rated")
    choices = [el("option", page.word(f"rating.{each}"), value=each) for each in ratings]
    return el(
        "search",
        el("label", page.say("find.text"), " ", el("input", type="search", id="find")),
        " ",
        el(
            "label",
            page.say("find.rating"),
            " ",
            el("select", el("option", page.say("find.all"), value=""), choices, id="of-rating"),
        ),
        " ",
        el("button", page.say("find.open"), type="button", id="open-all"),
        " ",
        el("button", page.say("find.close"), type="button", id="close-all"),
        " ",
        el("span", id="found", role="status", data_found=page.say("find.found", shown="#", all="@")),
        hidden=True,
        id="finder",
    )
