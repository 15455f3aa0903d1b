"""A database as DATA: told from a path, and named so that neither user nor password is ever shown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote_from_bytes, unquote, unquote_to_bytes

Backend = Literal["sqlite", "postgresql"]

SQLITE_ENDINGS = (".db", ".sqlite", ".sqlite3")

_BACKENDS: dict[str, Backend] = {
    **dict.fromkeys(("sqlite", "sqlite+pysqlite"), "sqlite"),
    **dict.fromkeys(("postgresql", "postgresql+psycopg", "postgres"), "postgresql"),
}
_BEGINS_AS_URL = re.compile(r"(sqlite|postgres(ql)?)(\+\w+)?:", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*")
_SERVER = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/@\[\]]*)(?P<port>:[0-9]{1,5})?(?P<base>/[^:/@]*)?")
_HIDDEN = "…"


@dataclass(frozen=True)
class Database:
    """A database by its URL, which may hold a password: it is shown nowhere, `name` is what stands in reports."""

    url: str = field(repr=False)

    @property
    def scheme(self) -> str:
        """Return what stands before the `://`: the kind of database, and maybe its driver."""
        scheme = self.url.partition("://" if "://" in self.url else ":")[0]
        return scheme.lower() if _SCHEME.fullmatch(scheme) else _HIDDEN

    @property
    def backend(self) -> Backend | None:
        """Return which of the kinds that are read it is; None for any other."""
        return _BACKENDS.get(self.scheme)

    @property
    def file(self) -> Path | None:
        """Return the file of an SQLite database; None for a server, and where the URL names no file."""
        if self.backend != "sqlite":
            return None
        given = self._rest.partition("?")[0]
        path = os.fsdecode(unquote_to_bytes(given.removeprefix("/")))
        return Path(path) if given.startswith("/") and path not in ("", ":memory:") else None

    @property
    def name(self) -> str:
        """Return the name for reports and evidence: an SQLite file's own, else `kind://host:port/database`."""
        if self.file is not None:
            return self.file.name
        return f"{self.backend or self.scheme}://{_without_secrets(self._rest)}"

    @property
    def _rest(self) -> str:
        return self.url.partition("://")[2]


def data_at(given: str | Path) -> Path | Database:
    """Return the DATA of a command line: a database for a URL or for an SQLite file, else the path."""
    # A pathlib.Path has already lost one `/` of a URL: text must not become one before it was looked at.
    if isinstance(given, str) and ("://" in given or _BEGINS_AS_URL.match(given)):
        return Database(given)
    path = Path(given)
    if path.suffix.lower() in SQLITE_ENDINGS and path.is_file():
        return Database(f"sqlite:///{quote_from_bytes(os.fsencode(path), safe='/:')}")
    return path


def _without_secrets(rest: str) -> str:
    """Return host, port and database of a URL; a sign where a part of the password could be among them.

    A password with an unquoted `@` or `?` lets the URL be cut in two ways, and then nothing of it is shown.
    """
    server = rest.partition("?")[0].rpartition("@")[2]
    found = _SERVER.fullmatch(server)
    if found is None or server != rest.rpartition("@")[2].partition("?")[0]:
        return _HIDDEN
    # `user:secret` alone looks like a host and its port.
    is_whole = found["base"] is not None or "@" in rest
    return unquote(found["host"] + (found["port"] or "" if is_whole else "") + (found["base"] or ""))
