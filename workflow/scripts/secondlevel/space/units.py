"""What the elements of maps of each kind are called.

Plain Python, read by the rules too, so it imports no other file.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """What an element is called, one of it and several.

    Attributes
    ----------
    one, many : str
        Such as voxel and voxels.
    extent : str
        What the extent of a cluster of them is measured in.
    neighbours : str
        Which others are neighbours of one, for a methods text; settings below the key of the config are filled in.
    along : str
        How they are smoothed, where it is not as voxels are; for the end of a sentence.
    cluster : str
        What a cluster of them is called in a headline.
    named : bool
        Whether the maps themselves say where each is, so that no atlas does.
    """

    one: str
    many: str
    extent: str = ""
    neighbours: str = ""
    along: str = ""
    cluster: str = "region"
    named: bool = False

    def counted(self, number):
        """A number of elements in words."""
        return f"{number:,} {self.one if number == 1 else self.many}"

    def worded(self, text):
        """A text with the words for elements in the place of {one}, {many} and {Many}, and {extent}."""
        return text.format(one=self.one, many=self.many, Many=self.title, extent=self.extent)

    @property
    def title(self):
        """The word that the keys of JSON files begin with."""
        return self.many.capitalize()


ON_GRID = "{connectivity} neighbours"
PIXELS = Unit("pixel", "pixels", "pixels", ON_GRID, named=True)
VOXELS = Unit("voxel", "voxels", "voxels", ON_GRID)
VERTICES = Unit(
    "vertex", "vertices", "mm²", "neighbours along the edges of the mesh", ", by the flow of heat along the surface"
)
GRAYORDINATES = Unit(
    "grayordinate",
    "grayordinates",
    "grayordinates of mean size",
    "neighbours along the edges of the mesh or across the faces of voxels, inside a structure",
    ", inside each structure, and on surfaces by the flow of heat along them",
)
PARCELS = Unit("parcel", "parcels", cluster="parcel", named=True)
EDGES = Unit("edge", "edges", "edges", "edges that share a node", cluster="component", named=True)
STRUCTURES = Unit("structure", "structures")
# By `forms.KINDS`.
UNITS = {
    "volume": VOXELS,
    "surface": VERTICES,
    "grayordinates": GRAYORDINATES,
    "parcels": PARCELS,
    "connectome": EDGES,
}


def unit_of(form):
    """What the elements of results are called, by their `forms.Form`."""
    return PIXELS if form.kind == "volume" and not form.brain else UNITS[form.kind]
