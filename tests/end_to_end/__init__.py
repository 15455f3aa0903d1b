"""The command line from outside: what a person types, and what comes back on which stream with which exit code."""
