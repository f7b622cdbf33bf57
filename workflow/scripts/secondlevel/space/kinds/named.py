"""Frames of names, as of parcels and of the nodes of connectomes, and how two of them differ."""

from secondlevel.base.names import listed


def groups_of(frames):
    """Which frames, tuples of names, are the same: lists of their indices, in the order of their first ones."""
    found = {}
    for number, frame in enumerate(frames):
        found.setdefault(frame, []).append(number)
    return list(found.values())


def unlike(frame, other, unit):
    """How the names of one frame are not those of others, in words that follow a map's name."""
    lacks, more = ([name for name in a if name not in set(b)] for a, b in ((other, frame), (frame, other)))
    told = [f"{word} {listed(names, 3)}" for word, names in (("lacks", lacks), ("has", more)) if names]
    if not told:
        return f"has the {unit} of the rest in another order"
    return f"{' and '.join(told)}, unlike the rest"
