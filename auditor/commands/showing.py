"""What is shown on standard output: UTF-8 with `\\n`, whatever the system's own habit."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable

from auditor.errors import ReportFailed
from auditor.reports.writing import write_stream

_READER_GONE = (errno.EPIPE, errno.EINVAL)
"""A reader that has seen enough (`| head`): POSIX calls it a broken pipe, Windows an invalid argument."""


def show(parts: Iterable[str | bytes]) -> None:
    """Write the parts to standard output; a reader that goes away early ends the writing and nothing else.

    Raises ReportFailed where standard output cannot be written, such as to a full disk.
    """
    if sys.stdout is None:
        return  # closed by whoever started the program
    try:
        write_stream(sys.stdout.buffer, parts)
    except OSError as error:
        _drop_the_rest()
        if error.errno not in _READER_GONE:
            raise ReportFailed(error.strerror or str(error)) from error


def _drop_the_rest() -> None:
    # What is still buffered would be written at exit, and fail again where nobody can catch it.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
