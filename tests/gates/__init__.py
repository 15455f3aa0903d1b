"""The house rules as tests: each a function of a tree's root, and each seen to fail on a planted fault."""
