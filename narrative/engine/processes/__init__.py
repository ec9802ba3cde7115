"""One small file a role. A process is a module with three names and no memory:

`ACCOUNTS`   what its `due` reads: account names, or "timeline" or "unread"; dues are kept until one of
             these is touched
`due`        (world, part, now) -> the next moment, strictly after now, at which it acts, or None
`decide`     (world, part, now) -> the acts it makes then

Both are pure: all they know is the world as it stood when the moment opened.
"""
