"""Which version of the program this is."""

from importlib.metadata import PackageNotFoundError, version


def program() -> str:
    """The version that is installed; 0 where the files were copied and nothing was installed."""
    try:
        return version("narrative-engine")
    except PackageNotFoundError:
        return "0"
