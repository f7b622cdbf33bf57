"""Images that show no brain, such as maps of time and frequency: the pixels that are analysed."""

from dataclasses import dataclass
from pathlib import Path

from secondlevel.base.files import read_json, write_json
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.units import PIXELS


@dataclass(frozen=True)
class Image(Mask):
    """The pixels of an analysis; see `protocol.Space`.

    Attributes
    ----------
    axes : tuple of str
        What the axes are, in words; places along them are those that the affine gives.
    """

    axes: tuple = ()

    unit, brain = PIXELS, False
    size_columns = ("pixels",)

    @classmethod
    def load(cls, path):
        """Read a mask image, and from the JSON file beside it what its axes are."""
        mask = Mask.load(path)
        return cls(mask.inside, mask.affine, mask.codes, mask.label, tuple(axes_beside(path)))

    @property
    def place_columns(self):
        """The words for the axes."""
        return self.axes

    def place(self, element):
        """Where a pixel is along the axes."""
        return self.coordinates(element)[: len(self.axes)]

    def sizes(self, elements):
        """Their number."""
        return (len(elements),)

    def save(self, files, about):
        """Write the mask, and a JSON file that says how it came about and what the axes are."""
        super().save(files, about)
        path = Path(files[0]).with_name("mask.json")
        write_json(path, read_json(path) | {"Axes": list(self.axes)})


def axes_beside(mask):
    """The axes of which the JSON file beside a mask tells; none of volumes of brains."""
    path = Path(mask).with_name("mask.json")
    return read_json(path).get("Axes", []) if path.exists() else []
