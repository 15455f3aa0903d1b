"""The guarded door: every file is opened and read by a worker process, which hands over plain rows."""
