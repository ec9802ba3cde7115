"""What happened, and where it is kept. Knows nothing of narrative."""

# `narrative` looks for this: another project's package may go by the name of events.
OWNER = "narrative-engine"
