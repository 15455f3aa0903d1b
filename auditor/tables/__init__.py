"""The tables: their declaration, the one door through which every file is read, and the checks."""
