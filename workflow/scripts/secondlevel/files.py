"""Write a file whole or not at all."""

import contextlib
import json
import os
from pathlib import Path


@contextlib.contextmanager
def replacing(path):
    """Give a temporary name beside `path`, and rename it to `path` if the block ends well.

    A reader, or a rerun after a killed job, thus never sees half a file.

    Parameters
    ----------
    path : str or Path
        The file to make; its folder is made too.

    Yields
    ------
    Path
        Where to write. It ends like `path`, for writers that choose a format by the ending.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".part-{path.name}")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def json_text(content):
    """`content` as readable JSON; numpy numbers are fine, NaN and infinity are refused."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=lambda number: number.item())
    return text + "\n"


def write_json(path, content):
    """Write `content` as `json_text` gives it."""
    with replacing(path) as part:
        part.write_text(json_text(content), encoding="utf-8")


def read_json(path):
    """Read a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))
