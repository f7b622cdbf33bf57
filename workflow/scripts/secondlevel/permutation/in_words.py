"""Blocks within blocks in words: what takes whose place, from the outermost level in."""

from itertools import pairwise

import numpy as np


def tree_in_words(blocks, scheme="permute"):
    """What shuffles do with blocks, in a line.

    Parameters
    ----------
    blocks : blocks.Blocks
    scheme : {"permute", "flip", "both"}

    Returns
    -------
    str
        Such as "3 blocks of site: inside each, 40 of family, of 2 rows, take each other's place; rows stay in order".
        Empty without blocks.
    """
    if not blocks.levels:
        return ""
    parts = [orders(blocks)] if scheme != "flip" else []
    if scheme != "permute":
        what = f"block of {blocks.variable}, {blocks.number} in all" if blocks.whole else "row"
        parts.append(f"one sign for each {what}")
    return "; ".join(parts)


def orders(blocks):
    """Which blocks and rows take each other's place."""
    by_depth = {}
    for depth, node in blocks.tree.walk():
        by_depth.setdefault(depth, []).append(node)
    told = ""
    for depth, level in enumerate(blocks.levels):
        parents = by_depth[depth]
        what = f"{ranged([len(node.children) for node in parents])} {'of' if depth else 'blocks of'} {level.variable}"
        told += f"inside each, {what}" if depth else what
        if not level.moves:
            told += ": "
            continue
        sizes = [len(node.rows) for node in by_depth[depth + 1]]
        told += f", of {ranged(sizes)} row{'s' * (max(sizes) > 1)}," * (depth + 1 == len(blocks.levels))
        groups = [nodes for node in parents for nodes in node.alike]
        unlike = any(len(list(node.alike)) > 1 for node in parents)
        told += " take each other's place" + ", if they are of one make-up" * unlike
        alone = sum(len(nodes) == 1 for nodes in groups)
        told += f" ({alone} without a partner)" * bool(alone)
        told += "; "
    inner = by_depth[len(blocks.levels)]
    if not inner[0].free:
        return told + "rows stay in order"
    return told + f"inside each, {ranged([len(node.rows) for node in inner])} rows take each other's place"


def ranged(numbers):
    """The numbers that there are, such as "2", "2 or 3" or "2 to 5"."""
    found = [f"{number:,}" for number in np.unique(numbers)]
    return found[0] if len(found) == 1 else f"{found[0]} {'or' if len(found) == 2 else 'to'} {found[-1]}"


def sharing(blocks):
    """A sentence on each inner block whose name stands in several outer ones, as which it counts once in each.

    Parameters
    ----------
    blocks : list of (str, ndarray of str)
        The variable and the names of each level, from the outermost in.
    """
    for (outer, around), (inner, names) in pairwise(blocks):
        pairs = {}
        for name, place in zip(names, around, strict=True):
            pairs.setdefault(name, set()).add(place)
        several = [name for name, places in pairs.items() if len(places) > 1]
        if several:
            yield (
                f"{len(several)} of {inner}, such as {several[0]}, {'is' if len(several) == 1 else 'are'} in more than "
                f"one of {outer}, and count as one in each"
            )
