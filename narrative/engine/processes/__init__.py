"""One small file a role. A process is a module with three names and no memory:

`ACCOUNTS`   what its `due` reads: account names, or "timeline" or "unread"; dues are kept until one of
             these is touched
`due`        (world, part, now) -> the next moment, strictly after now, at which it acts, or None
`decide`     (world, part, now) -> the acts it makes then

Both are pure: all they know is the world as it stood when the moment opened, and which part they play.
For `check` it may declare more, which `narrative.story.declared` reads off it; nothing is listed elsewhere:

`PARAMETERS` the acting parameters that a story which casts it must give; `OPTIONAL` those that it may
`DEEDS`      the kinds that a record may tell in its stead, each with the field that names who does it: in
             one span a deed is told or decided, never both
`NEEDS`      the accounts that must be known of its actor, each with the parameter that makes it needless
             when it is 0, or None
"""
