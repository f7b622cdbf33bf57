"""What the viewer in a report shows: the standard brain, the maps of each contrast, and names of places."""

import numpy as np

from secondlevel.base.sides import peak
from secondlevel.base.wording import AXES, listed, percent
from secondlevel.model.maps import LEVEL
from secondlevel.report.offered import offer
from secondlevel.report.packing import packed
from secondlevel.report.shown_maps import P, seen, shown_maps
from secondlevel.space.cifti_axes import CORTEX, words_of
from secondlevel.space.images import load_image
from secondlevel.space.units import VERTICES, VOXELS

ON_SHOW = tuple(map(words_of, CORTEX))  # structures of grayordinates
GRAYS = 64  # of the brain behind the maps, as many as an eye tells apart there
MOST_TEXT = 6_000_000  # characters of the maps, which with all else make a page of some 11 MB


def viewer_data(results, found, atlas=None):
    """The data of the page's viewer.

    Parameters
    ----------
    results : findings.Results
    found : dict
        From `findings.findings`.
    atlas : inference.atlas.Atlas, optional

    Returns
    -------
    dict
        As JSON, or None if no element has a place to show; ``grid`` has the voxels of the maps, or the vertices, as
        ``unit`` calls them, ``brain`` what is behind them, ``left_out`` a sentence for each contrast of which the page
        does not hold all maps.
    """
    mask, contrasts, left_out = results.mask, [], []
    if not (mask.brain or getattr(mask, "meshes", None)):
        return None
    for contrast, (held, others) in zip(found["contrasts"], chosen_maps(results, found), strict=True):
        about = {
            "name": contrast["name"],
            "peak": peak_on_show(results, contrast),
            "discoveries": levels(results, contrast),
        }
        contrasts.append(about | {"maps": held})
        if others:
            left_out.append(f"{contrast['name']}: {listed(others, most=20)}")
    bounds, unit = found["contrasts"][0]["discoveries"], VOXELS if mask.brain else VERTICES
    return {
        "analysis": found["record"]["analysis"],
        "two_sided": found["contrasts"][0]["thresholds"]["fdr"]["two_sided"],
        "confidence": percent(1 - bounds["alpha"]) if bounds else None,
        "unit": {"one": unit.one, "many": unit.many},
        "connectivity": found["settings"]["tables"]["connectivity"],
        "grid": grid_of(mask),
        "brain": brain(results) if mask.brain else None,
        "places": places(atlas, mask) if atlas and mask.brain else None,
        "contrasts": contrasts,
        "left_out": left_out,
    }


def on_show(place):
    """Whether the viewer shows a place: of grayordinates it has the cortex alone."""
    return place.get("structure") in (None, *ON_SHOW)


def peak_on_show(results, contrast):
    """Where the statistic that was tested is largest, in mm; of grayordinates on the cortex."""
    found = contrast["peak"]
    if on_show(found["place"]):
        return [found["place"][axis] for axis in AXES]
    columns = results.mask.columns_of_vertices()
    values = seen(results, results.statmap(contrast["name"], found["stat"]))
    vertices = np.concatenate([vertices for vertices, _ in results.mask.meshes.values()])
    return vertices[columns >= 0][peak(values, contrast["thresholds"]["fdr"]["two_sided"])].tolist()


def grid_of(space):
    """Where the elements of the maps are: the grid of a volume, or meshes."""
    if space.brain:
        return geometry(space.inside, space.affine) | {"inside": packed(space.inside.ravel())}
    from secondlevel.report.mesh_viewer_data import grid_of_vertices  # here, since its import takes long

    return grid_of_vertices(space)


def levels(results, contrast):
    """The level of each voxel, by which true discoveries are bounded; None where nothing can be said of them."""
    if not contrast["discoveries"] or contrast["discoveries"]["lambda"] is None:
        return None
    return packed(seen(results, LEVEL.name(contrast["name"], results.form)).astype(int))


def chosen_maps(results, found):
    """The maps that the page holds.

    A page of many contrasts or fine voxels would be too large with all of them. The first map of each contrast is
    always there; the next ones follow rank by rank, over all contrasts, as long as there is room.

    Returns
    -------
    list of two lists
        For each contrast its maps, packed, and the labels of those that are left out.
    """
    ranked = []
    for number, contrast in enumerate(found["contrasts"]):
        maps = shown_maps(results, contrast)
        offer(maps, contrast)
        packs = [each.packed(what_is(results, each, found["unit"])) for each in maps]
        ranks = [rank(place, each) for place, each in enumerate(maps)]
        ranked += zip(ranks, [number] * len(maps), packs, strict=True)
    room, chosen = MOST_TEXT, [([], []) for _ in found["contrasts"]]
    for of_map, number, pack in sorted(ranked, key=lambda each: each[:2]):
        held, left_out = chosen[number]
        if of_map == 0 or len(pack["voxels"]) <= room:
            held.append(pack)
            room -= len(pack["voxels"])
        else:
            left_out.append(pack["label"])
    return chosen


def what_is(results, shown, unit):
    """What a map is, as its JSON file says; of effects with the unit of the maps, if that is known."""
    what = results.about(shown.file)["Description"]
    return f"{what}; the maps are in {unit}" if unit and shown.key.startswith("effect") else what


def rank(place, shown):
    """How early a map is chosen: the statistic first, then p, which takes little room, then the effect."""
    if place == 0:
        return 0
    return 1 if shown.group == P else {"effect": 2, "z": 3}.get(shown.key, 3 + place)


def geometry(volume, affine):
    """Shape of a grid, and the matrices from its indices to mm and back, without their last rows."""
    there, back = (np.asarray(matrix)[:3].tolist() for matrix in (affine, np.linalg.inv(affine)))
    return {"shape": list(volume.shape), "affine": there, "inverse": back}


def brain(results):
    """The standard brain in shades of gray."""
    volume, affine = load_image(results.path("standard_brain.nii.gz"))
    grays = np.rint(volume / 255 * (GRAYS - 1)).astype(int)
    return geometry(volume, affine) | {"grays": packed(grays.ravel()), "white": GRAYS - 1}


def places(atlas, mask):
    """The name of the place of each voxel of the mask, by its number, 0 for none."""
    numbers = atlas.numbers(mask.places(np.arange(mask.size)))
    regions = np.unique(numbers[numbers != 0])
    where = np.where(numbers == 0, 0, 1 + np.searchsorted(regions, numbers))
    return {"names": ["", *(atlas.name(int(number)) for number in regions)], "voxels": packed(where)}
