"""What of a contrast's effect its shuffles can move: of a part that they leave as it is, a test says nothing.

The mean of a vector over all its reorderings is its projection on the orbits, the subjects that can come to each
other's place (see `blocks`). For shuffles within blocks that is the part between the blocks, which stays where it is
while the maps' differences between blocks stay too: the test loses that part's evidence, or takes it for chance. So it
is with the outer ones of nested blocks, if those stay.
Signs that are turned one by one move all of it, but as if the subjects of a block were independent (Winkler et al.
2015, NeuroImage 123).
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.errors import InputError

NOTHING = 1e-6  # the length, of a vector of length 1, that is rounding alone


def percent(share):
    """A share in words; not those of `base.wording`, for whose sake no permutation is to be rerun."""
    return f"{100 * share:.3g} %"


@dataclass(frozen=True)
class Reach:
    """Shares of a contrast's effect, of its squared length.

    Attributes
    ----------
    still : float
        The part that every reordering leaves as it is; with blocks of one level that are shuffled within, the part
        between them.
    between : float
        The part between the blocks that no subject leaves; 0 if there are none.
    fixed : bool
        Whether some direction of the effect is wholly such a part, or the effect of a contrast of one row is.
    """

    still: float
    between: float
    fixed: bool

    @classmethod
    def of(cls, split, blocks):
        """Of a contrast's `model.glm.Partition` under reorderings of `blocks`."""
        effect = split.effect_basis
        still = blocks.orbits @ (blocks.orbits.T @ effect)
        least = np.linalg.svd(effect - still, compute_uv=False)[-1]
        staying = marks(blocks.staying.labels).T @ effect if blocks.staying else np.zeros(1)
        shares = (round(float(np.square(part).sum() / split.rank), 12) for part in (still, staying))
        return cls(*shares, bool(least < NOTHING))

    def words(self, blocks, scheme):
        """A line on the shares, or None where all is moved and there are no blocks to speak of."""
        moved = percent(1 - self.still)
        if blocks.staying and not blocks.whole:
            between = percent(self.between)
            return f"{between} of the effect lies between the blocks, {moved} inside them, where the shuffles are"
        if scheme == "permute" and (blocks.whole or self.still):
            return f"the shuffles move {moved} of the effect"
        return None


def marks(labels):
    """Indicators of labels from 0, scaled to length 1, shape (n_subjects, n_labels)."""
    indicators = np.eye(labels.max() + 1)[labels]
    return indicators / np.linalg.norm(indicators, axis=0)


def require_moved(contrast, split, blocks, scheme):
    """Hold a contrast's effect against its shuffles.

    Parameters
    ----------
    contrast : str
        Its name, for the message.
    split : model.glm.Partition
    blocks : blocks.Blocks
    scheme : {"permute", "flip", "both"}

    Returns
    -------
    Reach

    Raises
    ------
    InputError
        If shuffles within blocks meet an effect that lies between them in part, or no reordering moves the effect.
    """
    reach = Reach.of(split, blocks)
    why = not_within(reach, blocks, scheme)
    if not why and scheme == "permute" and reach.fixed:
        why = not_moved(reach, blocks)
    if why:
        raise InputError(f"Contrast '{contrast}' cannot be tested by {why}")
    return reach


def not_within(reach, blocks, scheme):
    """Why shuffles within blocks do not test an effect, with what to do; None if they do."""
    level, why = blocks.staying, "reordering within them leaves that part as it is"
    if level is None or not reach.between:
        return None
    if scheme != "permute":
        # Signs of whole blocks, or of rows that are blocks of their own, are what they are without blocks around them.
        if blocks.whole or level.number == blocks.n_subjects:
            return None
        why = "turning signs row by row takes the rows of a block for independent"
    return (
        f"shuffles within the blocks of {level.variable}: {percent(reach.between)} of its effect lies between the "
        f"blocks and {percent(1 - reach.between)} inside them, and {why}; let blocks of {level.variable} move as "
        f"wholes (permutation.blocks, shuffle: whole) for an effect between blocks, or add {level.variable} to the "
        "design as a factor for the effect inside them."
    )


def not_moved(reach, blocks):
    """Why reordering subjects, or whole blocks, does not test an effect that it leaves as it is, with what to do."""
    what, same, instead = "reordering the subjects", "for all of them", ""
    if blocks.whole:
        around = f", inside those of {blocks.staying.variable}" if blocks.staying else ""
        what, same = f"moving whole blocks of {blocks.variable}{around}", "in all blocks of a size"
        instead = "let rows or inner blocks change places inside the blocks, or "
    return (
        f"{what}: its effect, or a part of it, is the same {same}, and {percent(1 - reach.still)} of it is moved; "
        f"{instead}use the scheme 'flip'."
    )
