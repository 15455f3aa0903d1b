"""A worker that ends over the first question."""

from __future__ import annotations

import os
import sys

sys.stdin.buffer.readline()
os._exit(3)
