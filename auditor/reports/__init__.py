"""The finished audit, laid out. A writer only lays out; what it says comes from `view`."""
