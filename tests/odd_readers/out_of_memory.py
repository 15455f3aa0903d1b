"""A worker that ends as a library in Rust does that gets no memory."""

from __future__ import annotations

import os
import sys

sys.stdin.buffer.readline()
sys.stderr.write("memory allocation of 9000000000 bytes failed\n")
sys.stderr.flush()
os._exit(134)
