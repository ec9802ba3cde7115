"""Forms in which a log is handed on, and taken back. Knows nothing of narrative."""
