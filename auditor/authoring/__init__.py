"""Floor 10: what runs or compares audits."""
