"""A history in plain words: what each kind of fact is called, what is told and what is counted."""
