"""Ducha (督查): clauses as declarative requirements, measured over an organisation's own activity data.

    from auditor import audit, load_pack

Both names are imported when first used, so that `--help` and the judge's worker start fast.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.audit import audit as audit
    from auditor.packs.load import load_pack as load_pack

__version__ = "0.1.0"
__all__ = ["__version__", "audit", "load_pack"]


def __getattr__(name: str) -> Any:
    if name == "audit":
        from auditor.audit import audit  # noqa: PLC0415 - see the docstring

        return audit
    if name == "load_pack":
        from auditor.packs.load import load_pack  # noqa: PLC0415 - see the docstring

        return load_pack
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class _Package(ModuleType):
    """Keeps `auditor.audit` the function: importing the module of that name would put the module in its place."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name == "audit" and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
