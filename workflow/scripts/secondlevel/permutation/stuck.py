"""Why nothing can be shuffled, level by level."""

from secondlevel.base.names import listed


def why_stuck(blocks, every):
    """What to say where only the observed order is left.

    Parameters
    ----------
    blocks : blocks.Blocks
    every : enumeration.Enumeration
        Of the design that leaves nothing.

    Returns
    -------
    str
    """
    what = f"The scheme '{every.scheme}' allows no shuffle but the observed order"
    if not blocks.levels:
        return (
            f"{what}, since subjects that may be exchanged have equal rows in the design; choose another scheme "
            "('flip' for a mean)."
        )
    named = listed([level.variable for level in blocks.levels], most=10)
    return (
        f"{what}. Of the blocks of {named}, {'; '.join(reasons(blocks, every))}. Let other blocks, or rows, change "
        "places by permutation.blocks, or use the scheme 'flip'."
    )


def reasons(blocks, every):
    """For each level, and for rows, why nothing of it changes places."""
    parents, unlike = {}, {id(nodes[0]): kinds.any() for nodes, kinds in zip(blocks.alike, every.kinds, strict=True)}
    for depth, node in blocks.tree.walk():
        parents.setdefault(depth, []).append(node)
    for depth, name in enumerate([*(level.variable for level in blocks.levels), None]):
        groups = [nodes for parent in parents[depth] for nodes in parent.alike]
        several = [nodes for nodes in groups if len(nodes) > 1]
        inside = blocks.levels[depth - 1].variable if depth else None
        if not groups:
            yield f"those of {name} stay where they are" if name else f"rows stay in order inside those of {inside}"
        elif not several:
            where = f", inside one of {inside}," if depth else ""
            yield (
                f"no two of {name}{where} hold as many rows in the same way"
                if name
                else f"each of {inside} holds a single row"
            )
        elif not any(unlike[id(nodes[0])] for nodes in several):
            what = f"those of {name} that could change places" if name else f"rows inside those of {inside}"
            yield f"{what} have equal rows in the design"
