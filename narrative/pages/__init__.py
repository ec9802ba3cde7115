"""The page: one self-contained file in which a history can be looked at without this program."""
