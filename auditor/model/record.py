"""What everything read from YAML is made of: frozen records, texts in two languages, exact numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Record(BaseModel):
    """The root of everything read from YAML: frozen, and no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Bilingual(Record):
    """A text a person reads, in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, lang: str) -> str:
        """Return the text in `zh` or `en`."""
        return self.zh if lang == "zh" else self.en


def _exact(value: object) -> object:
    """Return a number as written: `35%` is 0.35, and a float never enters."""
    if isinstance(value, str) and value.endswith("%"):
        try:
            return Decimal(value[:-1]) / 100
        except InvalidOperation:
            raise ValueError("pack.bad_percent") from None
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, bool):
        raise ValueError("pack.bad_number")
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
