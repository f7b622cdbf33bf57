"""What of a contrast's effect its shuffles can move: of a part that they leave as it is, a test says nothing.

The mean of a vector over all its reorderings is its projection on the orbits, the subjects that can come to each
other's place (see `blocks`). For shuffles within blocks that is the part between the blocks, which stays where it is
while the maps' differences between blocks stay too: the test loses that part's evidence, or takes it for chance.
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
        The part that every reordering leaves as it is; with blocks that are shuffled within, the part between them.
    fixed : bool
        Whether some direction of the effect is wholly such a part, or the effect of a contrast of one row is.
    """

    still: float
    fixed: bool

    @classmethod
    def of(cls, split, blocks):
        """Of a contrast's `model.glm.Partition` under reorderings of `blocks`."""
        effect = split.effect_basis
        still = blocks.orbits @ (blocks.orbits.T @ effect)
        least = np.linalg.svd(effect - still, compute_uv=False)[-1]
        share = round(float(np.square(still).sum() / split.rank), 12)
        return cls(share, bool(least < NOTHING))

    def words(self, blocks, scheme):
        """A line on the shares, or None where all is moved and there are no blocks to speak of."""
        still, moved = percent(self.still), percent(1 - self.still)
        if blocks.inside:
            return f"{still} of the effect lies between the blocks, {moved} inside them, where the shuffles are"
        if scheme == "permute" and (blocks.whole or self.still):
            return f"the shuffles move {moved} of the effect"
        return None


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
    reach, why = Reach.of(split, blocks), None
    if blocks.inside:
        why = not_within(reach, blocks, scheme)
    elif scheme == "permute" and reach.fixed:
        why = not_moved(reach, blocks)
    if why:
        raise InputError(f"Contrast '{contrast}' cannot be tested by {why}")
    return reach


def not_within(reach, blocks, scheme):
    """Why shuffles within blocks do not test an effect, with what to do; None if they do."""
    if not reach.still or (scheme != "permute" and blocks.number == blocks.labels.size):
        return None  # signs of rows that are blocks of their own are what they are without blocks
    why = "turning signs row by row takes the rows of a block for independent"
    if scheme == "permute":
        why = "reordering within them leaves that part as it is"
    return (
        f"shuffles within the blocks of {blocks.variable}: {percent(reach.still)} of its effect lies between the "
        "blocks "
        f"and {percent(1 - reach.still)} inside them, and {why}; set permutation.blocks.shuffle to whole for an effect "
        f"between blocks, or add {blocks.variable} to the design as a factor for the effect inside them."
    )


def not_moved(reach, blocks):
    """Why reordering subjects, or whole blocks, does not test an effect that it leaves as it is, with what to do."""
    what, same, instead = "reordering the subjects", "for all of them", ""
    if blocks.whole:
        what, same = f"moving whole blocks of {blocks.variable}", "in all blocks of a size"
        instead = "shuffle within the blocks, or "
    return (
        f"{what}: its effect, or a part of it, is the same {same}, and {percent(1 - reach.still)} of it is moved; "
        f"{instead}use the scheme 'flip'."
    )
