"""Reading a story's files: every fault of all of them at once, each with its line."""
