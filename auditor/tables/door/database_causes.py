"""Why a database cannot be read, in a few fixed words: what drivers and servers say may hold data or passwords."""

from __future__ import annotations

import re
import sqlite3

BAD_URL = "the URL cannot be understood"
CHANGED = "the database changed while it was read"

_OF_SQLITE = {
    "SQLITE_BUSY": "another program has locked the database",
    "SQLITE_LOCKED": "another program has locked the database",
    "SQLITE_CANTOPEN": "the database cannot be opened",
    "SQLITE_NOTADB": "the file is no SQLite database",
    "SQLITE_CORRUPT": "the database is damaged",
    "SQLITE_READONLY": "it would have to be written to be read",
    "SQLITE_PERM": "Permission denied",
    "SQLITE_AUTH": "Permission denied",
    "SQLITE_IOERR": "Input/output error",
}
_OF_STATE = {
    "28": "the server refuses the user or the password",
    "3D": "the server has no such database",
    "25006": "it would have to be written to be read",
    "42501": "the user may not read it",
    "55P03": "another program has locked the database",
    "57014": "the server took too long",
    "57P": "the connection was lost",
    "08": "the connection was lost",
}
_OF_CONNECTING = {
    "password|authentication|pg_hba|role ": "the server refuses the user or the password",
    "database .* does not exist": "the server has no such database",
    "timeout|timed out": "the server does not answer",
    "resolve|translate host": "there is no such server",
    "SSL|certificate": "the server and this computer do not agree on encryption",
    "terminated|lost|closed": "the connection was lost",
}


def cause_of(error: BaseException) -> str:
    """Return the cause of an error of a driver, or of SQLAlchemy around it."""
    original = getattr(error, "orig", None) or error
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original)
    state = getattr(original, "sqlstate", None)
    if state:
        known = (cause for begin, cause in _OF_STATE.items() if state.startswith(begin))
        return next(known, f"SQLSTATE {state} ({type(original).__name__})")
    # Before there is a connection there is no state either: the words of the driver have to do.
    said, kind = str(original), type(original).__name__
    found = (cause for sign, cause in _OF_CONNECTING.items() if re.search(sign, said))
    if kind == "OperationalError":
        return next(found, "no server can be reached there")
    return BAD_URL if kind == "ProgrammingError" else f"DRIVER {kind}"


def _of_sqlite(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorname", "")
    known = (cause for begin, cause in _OF_SQLITE.items() if code.startswith(begin))
    # The library's own words for a mistake in a view name tables and functions, and never a value.
    return next(known, f"SQLite: {error}" if code == "SQLITE_ERROR" else f"SQLite: {code}")
