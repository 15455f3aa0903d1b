"""A second, independent reading of what an audit means, in plain Python: the oracle of the tests."""
