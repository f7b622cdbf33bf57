"""What kind of maps files are, and what the config has to say of them beside where they are: meshes, parcels."""

import os
import re
from collections import Counter
from pathlib import Path

from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.space.cifti import read_scalar
from secondlevel.space.cifti_axes import structures
from secondlevel.space.forms import GRAYORDINATES, HEMISPHERES, OF_ENDING, PARCELS, READ, SURFACE, ending_of
from secondlevel.space.gifti import read_mesh
from secondlevel.space.hemispheres import side_in_name
from secondlevel.space.kinds.grayordinates import CORTEX
from secondlevel.space.meshes import DENSITIES
from secondlevel.space.sheets import read_sheet
from secondlevel.space.vertices import read_vertices

ENDINGS = tuple(sorted({ending for endings in READ.values() for ending in endings}))
# What ends as maps do and is none: surfaces, regions, series, matrices of CIFTI, and the tables of raw data.
NO_MAPS = re.compile(
    r"\.(surf|label)\.gii$|\.[dp](label|tseries|conn)\.nii$|_(events|timeseries|channels|physio|scans|sessions)\.[tc]sv$|"
    r"(^|/)(participants|phenotype)\.[tc]sv$"
)
SIDE = re.compile(
    r"(?<=hemi-)[LR](?=_)|(?<![A-Za-z])[lr]h(?=\.)|(?<=\.)[LR](?=\.)|(?<![A-Za-z])(left|right)(?![A-Za-z])"
)
TABLES = (".tsv", ".csv")
# What paths of estimates of effects hold, and those of images that are none.
EFFECT = re.compile(r"stat-(effect|cope|beta)_|(^|[/_-])(con|cope|beta)[_\d.]|effect", re.I)
OTHER = re.compile(
    r"stat-(?!effect_|cope_|beta_)|spm[TF]_|[tzF]stat|var(cope|iance)|(^|/)(ResMS|RPV)\.|(^|[/_-])mask\.|_(bold|T1w)\."
)


def is_map(path):
    """Whether the name of a file can be that of a map."""
    hidden = path.startswith(".") or "/." in path
    return path.lower().endswith(ENDINGS) and not hidden and not NO_MAPS.search(path)


def kind_of_file(path):
    """The kind of maps that the name of a file tells; None of volumes."""
    return OF_ENDING.get(ending_of(path))


def rank(path):
    """How likely a file is an estimate of an effect, by its path: 0 likely, 2 unlikely; tables come last."""
    if OTHER.search(path) or kind_of_file(path) == PARCELS:
        return 2
    return 0 if EFFECT.search(path) else 1


def paired(ways):
    """Ways to name maps with those of both hemispheres as one.

    Parameters
    ----------
    ways : list of tuple
        What the config says of maps, and the files.

    Returns
    -------
    list of tuple
        What the config says below ``datasets.own`` of the same, and the files.
    """
    found, of_sides = [], {}
    for wanted, files in ways:
        side = side_in_name(files[0]) if kind_of_file(files[0]) == SURFACE else None
        if side is None:
            found.append(({"maps": wanted}, files))
        else:
            entities = isinstance(wanted, dict)
            same = {k: v for k, v in wanted.items() if k != "hemi"} if entities else SIDE.sub("*", wanted)
            of_sides.setdefault(str(same), []).append((side, same if entities else None, wanted, files))
    for sides in of_sides.values():
        by_side = {side: (wanted, files) for side, _, wanted, files in sorted(sides, key=lambda way: way[0])}
        maps = sides[0][1] or {side: wanted for side, (wanted, _) in by_side.items()}
        files = [path for _, of_side in by_side.values() for path in of_side]
        found.append(({"maps": maps, "surfaces": dict.fromkeys(by_side)}, files))
    return found


def with_surfaces(own, files, folder):
    """What the config says of maps, with the meshes that files below a folder are on."""
    kind = kind_of_file(files[0])
    if kind == SURFACE and "surfaces" in own:
        of_sides = {side: next(path for path in files if side_in_name(path) == side) for side in own["surfaces"]}
        sizes = {side: read_vertices(os.path.join(folder, path))[0].size for side, path in of_sides.items()}
    elif kind == SURFACE:
        sizes = {None: read_vertices(os.path.join(folder, files[0]))[0].size}
    elif kind == GRAYORDINATES:
        axis = read_scalar(os.path.join(folder, files[0]))[1]
        sizes = {CORTEX[name]: n for name, _, n in structures(axis) if name in CORTEX}
    else:
        return own
    found = {part: mesh_for(part, size, folder) for part, size in sizes.items()}
    return own | {"surfaces": found.get(None, found)} if found else own


def mesh_for(part, n_vertices, folder):
    """The mesh of so many vertices: built in, or a surface below a folder; else a name that says what to give."""
    known = DENSITIES.get(n_vertices)
    if known == "fsaverage5" and part in HEMISPHERES:
        return known
    for path in sorted(Path(folder).rglob("*.surf.gii")):
        if side_in_name(path) in (part, None):
            try:
                fits = len(read_mesh(str(path))[0]) == n_vertices
            except InputError:
                continue
            if fits:
                return str(path)
    return f"the_{part or 'mesh'}_surface_of_{known or n_vertices}.surf.gii"


def table_of_parcels(path, source):
    """What the config says of maps that are columns of a table: its path, and which columns they are.

    Parameters
    ----------
    path : str
        Of the table of values.
    source : str
        Of the table of people; it can be the same.
    """
    names = list(read_sheet(path).columns)
    own = {"maps": {"table": path}}
    ends = Counter(re.split(r"(?=_[^_]+$)", name)[-1] for name in names if "_" in name)
    end, times = ends.most_common(1)[0] if ends else ("", 0)
    if times > max(1, len(names) // 2):
        own["parcels"] = f"*{end}"
    elif os.path.realpath(path) == os.path.realpath(source):
        raise InputError(
            f"{short(path)} does not tell by their names which of its columns are parcels; name them in the config key "
            "'datasets.own.parcels'."
        )
    if "participant_id" not in names:
        own["maps"]["id"] = names[0]
    return own
