"""Code + figures + language -> sentence. The sentences are the YAML files beside this one.

`zh/TOPIC.yaml` and `en/TOPIC.yaml` hold one mapping each, the same keys in both: a code and its sentence with
`{figure}` fields; for problems a mapping `what` (what is wrong, and why) and `do` (what to do about it).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


@cache
def sentences(topic: str, lang: Lang) -> Mapping[str, Any]:
    """Return all sentences of a topic in a language, as written in its file."""
    import yaml  # noqa: PLC0415 - `--help` does without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    path = Path(__file__).parent / lang / f"{topic}.yaml"
    loaded: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), loader)
    return loaded


@cache
def topics() -> tuple[str, ...]:
    """Return the names of all topics."""
    return tuple(sorted(path.stem for path in (Path(__file__).parent / "zh").glob("*.yaml")))


def say(topic: str, code: str, figures: Mapping[str, Any] | None = None, lang: Lang = "zh") -> str:
    """Return the sentence of a code with its figures. Raises KeyError for a code that the topic lacks."""
    return str(sentences(topic, lang)[code]).format_map(_Figures(figures or {}))


def say_problem(code: str, figures: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """Return what is wrong and what to do, for a problem code of any topic that ends in `_problems`."""
    for topic in topics():
        if topic.endswith("_problems") and code in sentences(topic, lang):
            entry = sentences(topic, lang)[code]
            shown = _Figures(figures)
            return entry["what"].format_map(shown), entry["do"].format_map(shown)
    raise KeyError(code)


class _Figures(dict[str, Any]):
    """Figures by name; one that is blank reads as a dash, so that no sentence ever shows `None`."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return "—" if value is None else value
