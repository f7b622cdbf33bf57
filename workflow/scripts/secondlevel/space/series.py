"""Volumes that follow each other in one image, as a map for each row of a table."""

from functools import lru_cache

from secondlevel.base.errors import InputError
from secondlevel.space.headers import read_header


class VolumeOf:
    """The header of one volume of a series, see `headers.Header`.

    Parameters
    ----------
    path : str
        Of an image with several volumes.
    number : str
        Of the volume, from 0.

    Raises
    ------
    InputError
        If the image cannot be read, or has no such volume.
    """

    def __init__(self, path, number):
        self.header = read_header(path, series=True)
        n = self.header.volumes
        if not number.isdecimal() or not int(number) < n:
            raise InputError(
                f"The image {path} has {n:,} volumes, numbered from 0 to {n - 1}, and none of the number {number}; "
                "correct the column that config key 'datasets.own.maps.volume' names."
            )
        self.number = int(number)

    def __getattr__(self, name):
        return getattr(self.header, name)

    def values(self, dtype=None):
        """Read its voxels; the file is unpacked once."""
        return self.header.volume(content_of(self.header.path), self.number, dtype)


@lru_cache(maxsize=1)
def content_of(path):
    """All bytes of a series of volumes, unpacked."""
    return read_header(path, series=True).content()
