"""Verdicts, scores, and what repetition and accumulation add to them."""
