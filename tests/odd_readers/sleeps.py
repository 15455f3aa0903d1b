"""A worker that never answers."""

from __future__ import annotations

import time

while True:
    time.sleep(60)
