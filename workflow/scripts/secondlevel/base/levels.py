"""Exchangeability blocks as the config writes them: one level, or a list of levels from the outermost in.

Read by the settings, too, so it imports no other file.
"""


def levels_of(blocks):
    """The levels, a list of dicts with ``variable`` and ``shuffle``; of no blocks, none."""
    return [blocks] if isinstance(blocks, dict) else list(blocks or [])


def to_unit(blocks):
    """The levels down to that whose blocks have one sign each: the outermost that moves, else the innermost."""
    levels = levels_of(blocks)
    moving = [number for number, level in enumerate(levels) if level["shuffle"] != "within"]
    return levels[: moving[0] + 1] if moving else levels
