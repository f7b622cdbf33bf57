"""Files that installed packages bring, without the packages' imports, some of which take seconds."""

from importlib.util import find_spec
from pathlib import Path


def in_package(package, name):
    """Where a file of an installed package is, by its path in the package."""
    return Path(find_spec(package).origin).parent / name
