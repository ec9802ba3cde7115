"""What several tests share. `tests/` is on the path and this is the only package in it: the folders beside
it hold no `__init__.py`, so that `import events` and `import narrative` never find `tests/events`.

tiny, credit           small stories whose figures can be checked by hand
crowded, faulty_story  stories that try a page, and the checker of stories
worlds, lives          facts posted by hand, stories lived in memory
full_cast              the record of 2025 with everyone playing, lived once and shared
asking                 what-ifs on a log that is already open
two_folds, cutting     laws: both folds agree, a history cut anywhere lives on as it did
killing                kill a program that writes, and let it finish; such programs: appending, deepening
drafts, random_histories, long_history  logs to read: of notes, of anything, of any length
observer               a process that looks at everything and does nothing
"""
