"""Events: the facts of what happened, and the log that keeps them. Knows nothing of narrative."""

# `narrative` looks for this: another project's package may go by the name of events.
OWNER = "narrative-engine"
