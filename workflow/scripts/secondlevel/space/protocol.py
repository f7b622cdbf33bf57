"""What a kind of map offers to the rest of the workflow, which never asks what an element is."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.units import Unit


@dataclass(frozen=True)
class Reading:
    """What there is of one subject's map.

    Attributes
    ----------
    frame : object
        All elements that the map has a place for, as its kind describes them.
    values : ndarray of float32 or None
        At these elements, NaN where the map has no value; None if only headers were read.
    fill : float or None
        The value of its background that is neither 0 nor NaN; it is NaN in the values.
    oriented : bool
        Whether the file says how its axes lie.
    """

    frame: object
    values: np.ndarray | None = None
    fill: float | None = None
    oriented: bool = True


class Kind(Protocol):
    """Maps of one kind as they are read, before it is known which elements are analysed.

    A source is the text that stands for a subject's map in the sample table, mostly the path of its file.

    Attributes
    ----------
    about : dict
        What the config says of them, from `forms.wanted`.
    unit : Unit
    frame, frames : str
        The word for what maps are on, such as grid, and for several of it.
    remedy : str
        What to do where maps are on unlike frames, in a sentence; `advice` says it in short.
    """

    about: dict
    unit: Unit
    frame: str
    frames: str
    remedy: str
    advice: str

    def glance(self, source) -> Reading:
        """What a map's header tells; an `InputError` if it cannot be used."""

    def read(self, source) -> Reading:
        """All of a map; an `InputError` if it cannot be used."""

    def identity(self, source):
        """What tells a map from all others, by whatever link its files go."""

    def alike(self, frames) -> list:
        """Which frames are the same: lists of their indices, in the order of their first ones."""

    def describe(self, frame) -> str:
        """A frame in words."""

    def unlike(self, frame, other) -> str:
        """How the map that is on one frame is not on the other, in words that follow its name."""

    def frame_of(self, source):
        """The frame that all maps are brought to, or that of one of them."""

    def proposed(self, mask, common, frame) -> tuple:
        """The elements of a frame that are asked for, an array of bool, and where they come from, in words.

        Parameters
        ----------
        mask : str, or a sequence of str
            As in the config; one for each part of the maps, in their order.
        common : survey.Survey
        frame : object
        """

    def require_mask(self, mask, frame):
        """An `InputError` if a file of a mask cannot be read, or does not fit a frame, unless that is None."""

    def require_atlas(self, files, frame):
        """An `InputError` if the files of an atlas cannot be read, or do not fit a frame, unless that is None.

        Only of kinds whose atlases are files in the format of the maps.
        """

    def of_meshes(self, frame, fwhm, joined) -> list:
        """What is unusual of the meshes that maps lie on, in sentences; only of kinds that lie on some.

        Parameters
        ----------
        frame : object
        fwhm : float
            To which maps are smoothed, in mm.
        joined : bool
            Whether neighbours are asked for, as by clusters.

        Raises
        ------
        InputError
            If meshes are missing, or too small, for what is asked for.
        """

    def space(self, inside, frame, sources, label):
        """The `Space` of the elements to analyse, and words of warning.

        Parameters
        ----------
        inside : ndarray of bool, of the shape of a map's values
        frame : object
        sources : list of str
            The maps that are analysed.
        label : str or None
            What the config says of their space.
        """


class Space(Protocol):
    """The elements of an analysis, in the order of the columns of every matrix of maps.

    Attributes
    ----------
    inside : ndarray of bool
        Which elements of the frame they are.
    size : int
        How many.
    unit : Unit
    brain : bool
        Whether maps can be drawn over the standard brain.
    place_columns, size_columns : tuple of str
        The columns of tables that say where an element is, and how large a cluster is: the number of its elements
        first, under their word.
    label : str or None
        Of the space that they are in, as ``space-`` in names of BIDS has it, if it is told.
    """

    inside: np.ndarray
    size: int
    unit: Unit
    brain: bool
    place_columns: tuple
    size_columns: tuple
    label: str | None

    def neighbourhood(self, connectivity):
        """Which elements are neighbours, a `neighbourhood.Neighbourhood` or a `graph.Graph`.

        An `InputError` if none are. The connectivity is that of voxels.
        """

    def components(self, chosen, connectivity) -> tuple:
        """Number the components of the elements where `chosen`, an array of bool, from 1; and how many there are."""

    def summits(self, heights, labels, elements) -> np.ndarray:
        """Whether each of some elements is at least as high as all its neighbours with the same label."""

    def sizes(self, elements) -> tuple:
        """How much some elements are together: their number first, then what else `size_columns` names."""

    def place(self, element) -> tuple:
        """Where an element is, as `place_columns` names it."""

    def distances(self, element, others) -> np.ndarray:
        """From one element to others, or to one other, in mm; infinite between those that have no distance."""

    def regions(self, files):
        """The `labels.Labels` of an atlas at the elements, from its files; of kinds as for `Kind.require_atlas`."""

    def smooth(self, values, fwhm) -> np.ndarray:
        """A map's values, of the shape of `inside`, smoothed; at the elements, shape (size,)."""

    def read(self, files) -> np.ndarray:
        """The values of a map that `write` wrote, float64 of shape (size,)."""

    def write(self, files, values, about, outside=0, dtype=np.float32, intent=None):
        """Write a map, and JSON files that say what it is.

        Parameters
        ----------
        files : str or list of str
            One for each part of the space.
        values : ndarray, shape (size,)
        about : dict
            As JSON.
        outside : float
            The value outside.
        dtype : numpy dtype
        intent : intents.Intent, optional
        """

    def save(self, files, about):
        """Write the space itself, to be read by `registry.read_space`."""


def no_neighbours(unit):
    """The `InputError` of a space whose elements have no neighbours."""
    raise InputError(
        f"{unit.many.capitalize()} have no neighbours, so there are neither clusters nor TFCE of them: set the config "
        "keys 'clusters' and 'tfce' to null."
    )
