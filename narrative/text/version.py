"""The version of the program."""


def program() -> str:
    """The version that is installed; 0 where the files were copied and nothing was installed."""
    # Ten milliseconds that looking at a history does not have.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # slow to come

    try:
        return version("narrative-engine")
    except PackageNotFoundError:
        return "0"
