"""What runs or compares audits."""
