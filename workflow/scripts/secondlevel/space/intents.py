"""What the header of an image says of its values: what they are, by the intents of NIfTI, and the range to display."""

from dataclasses import dataclass

import numpy as np

LONGEST = 15  # bytes of a label in a header


@dataclass(frozen=True)
class Intent:
    """What the values of an image are.

    Attributes
    ----------
    kind : str
        An intent of NIfTI, as nibabel calls it.
    parameters : tuple of float
        Those of the intent, such as degrees of freedom.
    label : str
        A short name.
    """

    kind: str = "none"
    parameters: tuple = ()
    label: str = ""


UNSPECIFIED = Intent()


def display_range(values):
    """The least range with all values and 0 in it, as far below as above if some are negative, as a pair of float."""
    largest = float(np.abs(values).max(initial=0))
    return (-largest if np.any(values < 0) else 0.0), largest


def set_intent(header, intent, values):
    """Write into a NIfTI header what the values are, and the range to display."""
    header.set_intent(intent.kind, intent.parameters, intent.label[:LONGEST])
    header["cal_min"], header["cal_max"] = display_range(values)
