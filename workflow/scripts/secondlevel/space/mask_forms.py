"""What a config says of the mask: one word or path, a path for each mesh, or a rule.

Plain Python, read by the rules too, so it imports no other file.
"""

RULE = {"nonzero", "above", "in", "relative", "within"}  # the keys of a rule


def is_rule(mask):
    """Whether a mask is a rule."""
    return isinstance(mask, dict) and not RULE.isdisjoint(mask)


def unruled(mask):
    """A mask itself; of a rule the one in which its elements lie."""
    return mask.get("within", "background") if is_rule(mask) else mask


def masks_of(mask, parts):
    """What the config says of the mask; if it names one for each part, these in the order of the parts, a tuple."""
    return tuple(mask[part] for part in parts) if isinstance(mask, dict) else mask
