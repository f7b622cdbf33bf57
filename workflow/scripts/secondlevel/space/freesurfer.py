"""Files of FreeSurfer: values, regions and surfaces of one hemisphere, which do not say of which."""

import struct

import nibabel as nib
import numpy as np
from nibabel.freesurfer import MGHImage, write_annot

from secondlevel.base.errors import InputError
from secondlevel.base.files import replacing
from secondlevel.space.contents import content_of, real_values
from secondlevel.space.files import refusing
from secondlevel.space.labels import colours, labels_of, named

IMAGES = ".mgh", ".mgz"
CURVATURE, SURFACE = b"\xff\xff\xff", b"\xff\xff\xfe"  # how their files begin
SQUARES = b"\xff\xff\xff", b"\xff\xff\xfd"  # surfaces of quadrangles, as they were long ago
HEAD = 15  # bytes of a morphometry file before its values


def read_values(path):
    """Read a value for each vertex.

    Parameters
    ----------
    path : str
        ``.mgh`` or ``.mgz`` of one map, or a morphometry file such as ``lh.thickness``.

    Returns
    -------
    ndarray of float32, shape (n_vertices,)

    Raises
    ------
    InputError
        If the file cannot be read, or does not hold one map of real numbers: a volume, a surface, several maps.
    """
    content = content_of(path)
    if str(path).lower().endswith(IMAGES):
        return of_image(path, content)
    return of_morphometry(path, content)


def of_image(path, content):
    """The values of an MGH image."""
    with refusing(path):
        image = MGHImage.from_bytes(content)
        shape = tuple(int(length) for length in image.shape)
        if np.prod(shape, dtype=float) * image.header.get_data_bytespervox() > len(content):
            raise ValueError(f"its header promises values of shape {shape}, and it holds fewer")
        values = np.asarray(image.dataobj)
    if len(shape) > 3:
        raise InputError(
            f"The file {path} holds {shape[3]} maps, and one is needed; write the one to analyse to a file of its own "
            "(mri_convert --frame)."
        )
    if values.size != max(shape):
        raise InputError(
            f"The file {path} has shape {shape} and is a volume, not a map of a surface, which has shape (n, 1, 1); "
            "project it to the surface (mri_vol2surf --noreshape)."
        )
    return real_values(path, values.ravel())


def of_morphometry(path, content):
    """The values of a morphometry file, which FreeSurfer calls curvature."""
    if content.startswith(SURFACE):
        raise InputError(
            f"The file {path} holds a surface and not a map: vertices and triangles, but no values; name the file of "
            "the values, and this one as the surface that they lie on."
        )
    if not content.startswith(CURVATURE) or len(content) < HEAD:
        raise InputError(
            f"The file {path} is not a map of a surface that can be read: it does not begin as the morphometry files "
            "of FreeSurfer do; maps of surfaces are .func.gii, .shape.gii, .mgh, .mgz or such as lh.thickness."
        )
    n, _, each = np.frombuffer(content, ">i4", 3, 3).tolist()
    if each != 1 or n < 1:
        raise InputError(f"The file {path} holds {each} values for each of {n:,} vertices, and one is needed.")
    require_size(path, content, HEAD + 4 * n, exactly=True)
    return real_values(path, np.frombuffer(content, ">f4", n, HEAD))


def read_mesh(path):
    """Read a surface, such as ``lh.white``, in the coordinates that FreeSurfer uses for surfaces.

    Returns
    -------
    vertices : ndarray of float64, shape (n_vertices, 3)
        In mm.
    triangles : ndarray of int64, shape (n_triangles, 3)
        Not yet checked: see `meshes.Mesh`.

    Raises
    ------
    InputError
        If the file cannot be read, or holds no triangles.
    """
    content = content_of(path)
    if content.startswith(SQUARES):
        raise InputError(
            f"The file {path} is not a surface that can be read: it holds a map, or quadrangles in place of triangles; "
            "name a surface such as lh.white (mris_convert writes one of quadrangles anew)."
        )
    if not content.startswith(SURFACE):
        raise InputError(
            f"The file {path} is not a surface that can be read: it does not begin as those of FreeSurfer do; surfaces "
            "are .surf.gii files, such as lh.white, or fsaverage5."
        )
    with refusing(path):
        begin = content.index(b"\n", content.index(b"\n", 3) + 1) + 1  # who made it, and an empty line
        n, n_triangles = np.frombuffer(content, ">i4", 2, begin).tolist()
    if min(n, n_triangles) < 0:
        raise InputError(f"The surface {path} is broken: it promises {n:,} vertices and {n_triangles:,} triangles.")
    begin += 8
    require_size(path, content, begin + 12 * (n + n_triangles))  # what follows says of which volume it is
    vertices = np.frombuffer(content, ">f4", 3 * n, begin).astype(float)
    triangles = np.frombuffer(content, ">i4", 3 * n_triangles, begin + 12 * n).astype(np.int64)
    return vertices.reshape(n, 3), triangles.reshape(n_triangles, 3)


def read_labels(path):
    """Read the region of each vertex from an ``.annot`` file.

    Returns
    -------
    Labels
        The number of a region is one more than its place in the file's table.

    Raises
    ------
    InputError
        If the file cannot be read, has no table, or one that does not name all of its regions.
    """
    content = content_of(path)
    with refusing(path):
        (n,) = struct.unpack_from(">i", content)
        vertices, codes = np.frombuffer(content, ">i4", 2 * n, 4).reshape(n, 2).T.astype(np.int64)
        if not np.array_equal(np.sort(vertices), np.arange(n)):
            raise ValueError("it does not have each vertex once")
        regions = regions_of(content, 4 + 8 * n)
    number_of = {0: 0} | {code: number for number, (code, _) in regions.items() if code}
    found, place = np.unique(codes, return_inverse=True)
    unknown = [int(code) for code in found if int(code) not in number_of]
    if unknown:
        raise InputError(
            f"The atlas {path} marks vertices by the colour {unknown[0]:#08x}, which its own table of labels does not "
            "name; take the table of this atlas."
        )
    numbers = np.empty(n, dtype=np.int64)
    numbers[vertices] = np.array([number_of[int(code)] for code in found], dtype=np.int64)[place]
    return labels_of(path, numbers, {number: name for number, (_, name) in regions.items()})


def regions_of(content, at):
    """The colour, as one number, and the name of each region, from the table at a byte of an ``.annot`` file."""

    def take(kind):
        nonlocal at
        found = struct.unpack_from(kind, content, at)
        at += struct.calcsize(kind)
        return found[0] if len(found) == 1 else found

    def text():
        return take(f"{take('>i')}s").split(b"\0")[0].decode("utf-8", "replace")

    if at + 8 > len(content) or take(">i") != 1:
        raise ValueError("it has no table of its regions")
    n, numbered = take(">i"), False
    if n < 0:
        if n != -2:
            raise ValueError(f"its table of regions has the version {-n}, and 1 and 2 are read")
        take(">i")  # one more than the largest number
        numbered = True
    text()  # the file from which the table was taken
    n, regions = take(">i") if numbered else n, {}
    for place in range(n):
        place = take(">i") if numbered else place
        name, (red, green, blue, _) = text(), take(">4i")
        regions[place + 1] = red + (green << 8) + (blue << 16), name
    return regions


def require_size(path, content, size, exactly=False):
    """An `InputError` if a file has fewer bytes than its header promises, or more."""
    if len(content) < size or (exactly and len(content) > size):
        raise InputError(
            f"The image {path} is broken or cut short: it holds {len(content):,} bytes, its header promises {size:,}; "
            "copy or make it anew."
        )


def write_values(path, values):
    """Write a value for each vertex as ``.mgh`` or ``.mgz``: whole numbers as int32, others as float32.

    Equal values make equal files.
    """
    values = np.asarray(values)
    values = values.astype(np.int32 if values.dtype.kind in "iub" else np.float32).reshape(-1, 1, 1)
    with replacing(path) as part:
        nib.save(MGHImage(values, MGHImage.header_class().get_affine()), part)


def write_labels(path, numbers, names=None):
    """Write the region of each vertex, such as the number of its cluster, as ``.annot``.

    Parameters
    ----------
    path : str
    numbers : ndarray of int, shape (n_vertices,)
        0 is none.
    names : dict of str by int, optional
        By default "cluster 1" and so on.
    """
    names = named(numbers, names)
    places = np.searchsorted(list(names), numbers)
    table = np.zeros((len(names) + 1, 5), dtype=np.int32)
    table[1:, :3] = colours(list(names))
    with replacing(path) as part:
        write_annot(part, np.where(np.asarray(numbers) > 0, places + 1, -1), table, ["unknown", *names.values()])
