"""Of which kind the maps are that a config names, and what files of maps of that kind are called.

Plain Python, read by the rules too, so it imports no other file.
"""

import re
from dataclasses import dataclass

KINDS = ("volume", "surface", "grayordinates", "parcels", "connectome")
VOLUME, SURFACE, GRAYORDINATES, PARCELS, CONNECTOME = KINDS
# By how the name of a map's file ends.
OF_ENDING = {".dscalar.nii": GRAYORDINATES, ".pscalar.nii": PARCELS, "relmat.tsv": CONNECTOME, "relmat.csv": CONNECTOME}
OF_ENDING |= {".tsv": PARCELS, ".csv": PARCELS} | dict.fromkeys((".gii", ".mgh", ".mgz"), SURFACE)
OF_ENDING |= dict.fromkeys((".nii.gz", ".nii", ".img"), VOLUME)
# What results are called, by the ending of the maps; the first of a kind where they do not tell.
WRITTEN = {
    VOLUME: [".nii.gz"],
    SURFACE: [".shape.gii", ".func.gii", ".mgh", ".mgz"],
    GRAYORDINATES: [".dscalar.nii"],
    PARCELS: [".tsv", ".pscalar.nii"],
    CONNECTOME: [".tsv"],
}
# What files of maps are looked for in a folder.
READ = {
    VOLUME: [".nii", ".nii.gz", ".img"],
    SURFACE: [".gii", ".mgh", ".mgz"],
    GRAYORDINATES: [".dscalar.nii"],
    PARCELS: [".pscalar.nii", ".tsv", ".csv"],
    CONNECTOME: [".tsv", ".csv"],
}
OF_LABELS = {".shape.gii": ".label.gii", ".func.gii": ".label.gii", ".dscalar.nii": ".dlabel.nii"}
# A file of FreeSurfer whose name has no ending, such as lh.thickness.
MORPHOMETRY = re.compile(r"(?:^|[/}])[lr]h\.(?!.*\.(?:gii|mgh|mgz)$)[^/]+$")
HEMISPHERES = {"left": "hemi-L", "right": "hemi-R"}
ONE = "surface"  # the name of the only mesh where none is given


@dataclass(frozen=True)
class Form:
    """What files of maps are called.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    ending : str
    parts : tuple of str
        The names of the meshes, each of which has a file of its own; empty where one file holds a map.
    meshes : tuple of str
        The names of the meshes.
    brain : bool
        Whether maps can be drawn over the standard brain.
    space : str or None
        The label of the space, if the config tells it.
    """

    kind: str = VOLUME
    ending: str = ".nii.gz"
    parts: tuple = ()
    meshes: tuple = ()
    space: str | None = None
    brain: bool = True

    def files(self, entities, suffix, ending=None):
        """The name of a file with BIDS entities, that of the contrast first; if there are parts, a list of them."""
        ending = ending or self.ending
        contrast, *others = [f"{key}-{label}" if label else "" for key, label in entities.items()]
        names = ["_".join(filter(None, [contrast, *part, *others, suffix])) + ending for part in self.of_parts()]
        return names if self.parts else names[0]

    def of_parts(self):
        """The entity of each part, in a list; an empty one where there are none."""
        return [[entity_of(part)] for part in self.parts] or [[]]

    @property
    def of_labels(self):
        """How the names of files end that hold whole numbers."""
        return OF_LABELS.get(self.ending, self.ending)

    @property
    def suffix(self):
        """The suffix of maps of statistics."""
        return "relmat" if self.kind == CONNECTOME else "statmap"

    @property
    def pictures(self):
        """How maps are drawn: as slices, images, meshes or a matrix, or by the names of elements, ranked by size."""
        if self.kind == VOLUME:
            return "slices" if self.brain else "images"
        return "meshes" if self.meshes else "matrix" if self.kind == CONNECTOME else "ranked"

    @property
    def mask(self):
        """The files that say what is analysed, in a list."""
        if self.kind == VOLUME:
            return ["mask.nii.gz"]
        if self.kind == CONNECTOME:
            return ["mask_relmat.tsv", "nodes.tsv"]
        named = ["_".join([*part, "mask"]) + self.of_labels for part in self.of_parts()]
        return named + [f"{entity_of(part)}_mesh.surf.gii" for part in self.meshes]


def entity_of(part):
    """The BIDS entity of a mesh."""
    return HEMISPHERES.get(part, f"label-{part}")


def sidecar(path):
    """The JSON file that says what a map is."""
    known = [*WRITTEN.values(), *READ.values(), OF_LABELS.values()]
    endings = sorted({ending for endings in known for ending in endings}, key=len, reverse=True)
    ending = next((ending for ending in endings if path.endswith(ending)), "")
    return path.removesuffix(ending) + ".json"


def part_in_words(part):
    """The part of the brain that a mesh shows."""
    return f"{part} hemisphere" if part in HEMISPHERES else f"mesh '{part}'"


def is_of_parts(maps):
    """Whether maps are given for each of several meshes."""
    return isinstance(maps, dict) and not {"folder", "table", "series", "difference"} & maps.keys()


def is_difference(maps):
    """Whether of each subject two maps are subtracted."""
    return isinstance(maps, dict) and "difference" in maps


def operands(own):
    """What stands below ``datasets.own`` for each of the maps that are subtracted, in a list; of others, for all.

    Two where the table has a row for each subject, one where it has a row for each map.
    """
    maps = own["maps"]
    if not is_difference(maps):
        return [own]
    found = maps["difference"] if isinstance(maps["difference"], list) else [maps.get("of")]
    return [own | {"maps": one} for one in found or [None]]


def operands_in_words(maps):
    """What tells the two maps apart that are subtracted, in a list: such as session post and session pre."""
    difference = maps["difference"]
    if isinstance(difference, dict):
        return [f"{column} {level}" for column, levels in difference.items() for level in levels]
    return [", ".join(f"{k} {v}" for k, v in one.items()) if isinstance(one, dict) else str(one) for one in difference]


def difference_of(settings):
    """Words for the two maps that are subtracted, in a list; empty where none are."""
    maps = settings["datasets"]["own"].get("maps") if settings["dataset"] == "own" else None
    return operands_in_words(maps) if is_difference(maps) else []


def maps_by_part(own):
    """Where the maps of each mesh are, by its name, as the config says it; of maps with one file, by None.

    Of a folder of BIDS derivatives, the files of a hemisphere have its entity.
    """
    maps, kind = own["maps"], kind_of(own)
    if is_of_parts(maps):
        return maps
    if kind != SURFACE:
        return {None: maps}
    parts = tuple(own["surfaces"]) if isinstance(own["surfaces"], dict) else (ONE,)
    if isinstance(maps, dict):
        return {part: {"hemi": HEMISPHERES[part][-1]} | maps if part in HEMISPHERES else maps for part in parts}
    return dict.fromkeys(parts, maps)


def ending_of(maps):
    """How the names of maps end, as far as the config tells: an ending of `OF_ENDING`; else None."""
    if isinstance(maps, dict):
        name = f"{maps.get('suffix', '')}{maps.get('extension', '')}"
        name += ".tsv" if maps.get("suffix") == "relmat" and "extension" not in maps else ""
    else:
        name = maps if isinstance(maps, str) else ""  # whatever else it is, the config is told to be wrong
    return next((ending for ending in OF_ENDING if name.lower().endswith(ending)), None)


def kind_of(own):
    """The kind of the maps, by what stands below ``datasets.own``."""
    maps = operands(own)[0]["maps"]
    if own["kind"]:
        return own["kind"]
    if isinstance(maps, dict) and {"table", "series"} & maps.keys():
        return PARCELS if "table" in maps else VOLUME
    of_ending = OF_ENDING.get(ending_of(next(iter(maps.values()), None) if is_of_parts(maps) else maps))
    if of_ending == PARCELS and own["nodes"]:
        return CONNECTOME
    if of_ending:
        return of_ending
    if is_of_parts(maps) or own["surfaces"] or (isinstance(maps, str) and MORPHOMETRY.search(maps)):
        return SURFACE
    return CONNECTOME if own["nodes"] else PARCELS if own["parcels"] else VOLUME


def form_of(settings):
    """The `Form` of the results of an analysis."""
    if settings["dataset"] != "own":
        return Form(space=settings["space"])
    own = operands(settings["datasets"]["own"])[0]
    kind, by_part = kind_of(own), maps_by_part(own)
    written, maps = WRITTEN[kind], next(iter(by_part.values()))
    name = maps.get("extension", "") if isinstance(maps, dict) else maps or ""
    ending = next((ending for ending in written if name.lower().endswith(ending)), written[0])
    if kind == SURFACE and MORPHOMETRY.search(name):
        ending = ".mgh"
    parts = tuple(by_part) if kind == SURFACE else ()
    meshes = tuple(own["surfaces"] or ()) if kind == GRAYORDINATES else parts
    return Form(kind, ending, parts, meshes, settings["space"], kind == VOLUME and not own["axes"])


def wanted(settings):
    """The kind of the maps of an analysis, and what the config says of how they are read."""
    if settings["dataset"] != "own":
        return {"kind": VOLUME, "parts": [], "rows": False}
    own, maps = operands(settings["datasets"]["own"])[0], settings["datasets"]["own"]["maps"]
    found = {"kind": kind_of(own), "parts": [part for part in maps_by_part(own) if part]}
    whole = own["maps"] if isinstance(own["maps"], dict) else {}
    found["rows"] = bool({"table", "series"} & whole.keys())
    if "id" in whole and "table" in whole:
        found["id"] = whole["id"]
    found["ending"] = form_of(settings).ending
    if is_difference(maps):
        # Where a 0 is no value it is none of either map, whatever their difference is.
        found |= {"difference": operands_in_words(maps), "zeros": settings["zeros"]}
    return found | {key: own[key] for key in ("surfaces", "parcels", "nodes", "axes") if own[key]}


def beside(own, key):
    """What the config would say below ``datasets.own`` if the files of a key that belong to the maps were the maps."""
    return own | {"maps": own[key], "kind": kind_of(own)}


def wanted_beside(settings, key):
    """The same as `wanted` of files that belong to the maps, which are of their kind and in their format."""
    found = wanted(settings | {"datasets": {"own": beside(settings["datasets"]["own"], key)}})
    return found | {"ending": wanted(settings)["ending"], "beside": True}
