"""Maps as odd as they come, with what is meant by each."""

import gzip

import numpy as np
from scipy.spatial.transform import Rotation

import nifti


def pick(rng, *choices):
    """One of some things of any kind; mostly the first one, which is nothing odd."""
    return choices[0] if rng.random() < 0.85 else choices[rng.integers(len(choices))]


def some_affine(rng):
    """Where a map lies: voxels of a mouse or of a man, turned or not; and whether voxels can have that size
    and be there."""
    sizes = np.array(pick(rng, (3, 3, 3), (0.2, 0.2, 0.2), (0.025, 0.025, 0.05), (3.4375, 3.4375, 4), (1, 0.5, 9)))
    scale, far = pick(rng, (1, True), (1e-6, False), (1e6, False)), pick(rng, (0, True), (1e5, True), (1e8, False))
    turn = Rotation.random(rng=rng).as_matrix() if rng.integers(2) else np.diag(rng.choice([-1, 1], 3))
    affine = np.eye(4)
    affine[:3, :3] = turn * sizes * scale[0]
    affine[:3, 3] = rng.normal(0, 50, 3) + far[0]
    return affine, scale[1], far[1]


def some_forms(affine, shape, rng):
    """Fields that say where a map lies; whether they can be, and whether they say how its axes lie."""
    s_form, q_form, sizes = nifti.forms(affine)
    nan, flat = {"srow": np.full(12, np.nan)}, {"srow": np.zeros(12)}
    other = affine.copy()
    other[:3, 3] += 2.5 * affine[:3, 0]
    both = s_form | q_form | sizes
    kind = pick(rng, "both", "s", "q", "apart", "nan", "flat", "both nan", "both flat", "none", "metres", "microns")
    return {
        "both": (both, True, True),
        "s": (s_form, True, True),
        "q": (q_form | sizes, True, True),
        "apart": (both | nifti.forms(other)[0], False, True),
        "nan": (both | nan, True, True),
        "flat": (both | flat, True, True),
        "both nan": (s_form | nan, False, True),
        "both flat": (s_form | flat, False, True),
        "none": (sizes, True, False),
        "metres": (both | {"xyzt_units": 1}, False, True),
        "microns": (both | {"xyzt_units": 3 + 8}, False, True),
    }[kind]


def some_values(shape, rng):
    """Voxels, by the name of their type; their values with the fields that scale them; and whether these are any."""
    dtype = pick(rng, "f4", "u1", "i2", "i4", "f8", "i8", "u8", "u2")
    data = rng.normal(50, 20, shape).round(2).astype(dtype)
    slope, inter = pick(
        rng, (1, 0), (0, 0), (np.nan, 5), (0.25, -3), (-1e-9, 0), (np.inf, 0), (1, np.nan), (2, -np.inf)
    )
    good = np.isfinite(inter) and not np.isinf(slope) or slope == 0 or np.isnan(slope)
    if dtype[0] == "f":
        odd = pick(rng, None, np.nan, np.inf, -np.inf, 3e38, 0, 1e39 if dtype == "f8" else 1)
        where = rng.random(shape) < rng.choice([0.1, 0.5, 1])
        if odd is not None:
            data[where] = odd
    elif rng.random() < 0.1:
        data[:] = 0
    with np.errstate(all="ignore"):
        values = data * float(slope) + inter if good and slope != 0 and not np.isnan(slope) else data.astype(float)
        fits = not (np.isfinite(values) & np.isinf(values.astype(np.float32))).any()
    return data, values, {"scl_slope": slope, "scl_inter": inter}, good and fits


def some_shape(rng):
    """The lengths of a map, `dim` of its header, and whether they are those of one map."""
    shape = pick(rng, (6, 5, 4), (1, 5, 4), (6, 1, 1), (1, 1, 1), (6, 5, 1), (2, 2, 2), (1, 40, 2))
    rest = pick(rng, (), (1,), (1, 1, 1, 1), (2,), (1, 3), (0,), (-1,))
    dim = [*shape, *rest, 1, 1, 1, 1][:7]
    n = 3 + len(rest)
    kind = pick(rng, n, n, n, 0, 2, 8, -1)
    return shape, [kind, *dim], kind == n and set(rest) <= {1}


def some_map(folder, rng, name="map", like=None):
    """Write a map, that of another time removed.

    Parameters
    ----------
    folder : Path
    rng : numpy.random.Generator
    name : str
        Of the file, without its ending.
    like : tuple, optional
        The shape and affine that a good map has; any by default.

    Returns
    -------
    path : str
    values : ndarray or None
        What was meant; None if the map cannot be used.
    affine : ndarray
    oriented : bool
    """
    for path in folder.glob(f"{name}.*"):
        path.unlink()
    version, order, pair = int(rng.integers(1, 3)), "<>"[rng.integers(2)], rng.random() < 0.3
    shape, dim, is_one = some_shape(rng)
    affine, has_size, is_near = some_affine(rng)
    if like:
        shape, affine, has_size, is_near = *like, True, True
        dim[1:4] = shape
    lies, is_good, oriented = some_forms(affine, shape, rng)
    data, values, scale, fits = some_values(shape, rng)
    datatype = nifti.CODES[data.dtype.str[1:]]
    strange = pick(rng, datatype, datatype, 32, 1792, 128, 2304, 1, 0, 999)
    more = {"intent_code": pick(rng, 0, 3001, 3006)} if version == 2 else {}
    head = nifti.header(version, order, pair, dim=dim, datatype=strange, **lies, **scale, **more)
    after = pick(rng, b"", b"", b"", b"more")
    voxels = data.astype(data.dtype.newbyteorder(order)).tobytes(order="F") + after
    packed = rng.random() < 0.5
    path = folder / f"{name}{'.img' if pair else '.nii'}{'.gz' * packed}"
    for file, content in {"hdr": head, "img": voxels}.items() if pair else {"nii": head + voxels}.items():
        (folder / f"{name}.{file}{'.gz' * packed}").write_bytes(gzip.compress(content, 1) if packed else content)
    lies = is_good and has_size and (is_near or not oriented)
    good = is_one and lies and fits and strange == datatype and not more.get("intent_code") and not after
    return str(path), values if good else None, affine, oriented
