"""Floor 7: verdicts, scores, and what repetition and accumulation add to them."""
