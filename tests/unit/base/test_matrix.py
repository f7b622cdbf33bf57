import numpy as np
import pytest

from secondlevel.base.matrix import columns, write_matrix

MAPS = np.random.default_rng(0).normal(size=(5, 23)).astype(np.float32)


def test_a_matrix_is_written_row_by_row_as_numpy_would_write_it(tmp_path):
    rows = iter([MAPS[0].astype(np.float64), *MAPS[1:]])
    write_matrix(str(tmp_path / "maps.npy"), rows, MAPS.shape)
    np.save(tmp_path / "same.npy", MAPS)
    assert (tmp_path / "maps.npy").read_bytes() == (tmp_path / "same.npy").read_bytes()


@pytest.mark.parametrize(("start", "stop"), [(0, 23), (0, 1), (7, 15), (20, 40)])
def test_columns_are_those_of_the_array_however_it_is_held(tmp_path, start, stop):
    np.save(tmp_path / "maps.npy", MAPS)
    np.save(tmp_path / "fortran.npy", np.asfortranarray(MAPS))
    mapped = np.load(tmp_path / "maps.npy", mmap_mode="r")
    turned = np.load(tmp_path / "fortran.npy", mmap_mode="r")
    for maps in (MAPS, mapped, turned):
        np.testing.assert_array_equal(columns(maps, start, stop), MAPS[:, start:stop])
    for part, expected in ((mapped[1:4], MAPS[1:4]), (mapped[:, 2:], MAPS[:, 2:])):
        np.testing.assert_array_equal(columns(part, start, stop), expected[:, start:stop])


def test_columns_of_a_memory_map_are_read_from_its_file(tmp_path):
    np.save(tmp_path / "maps.npy", MAPS)
    mapped = np.load(tmp_path / "maps.npy", mmap_mode="r")
    assert not isinstance(columns(mapped, 2, 5), np.memmap)
    content = (tmp_path / "maps.npy").read_bytes()
    (tmp_path / "maps.npy").write_bytes(content[:-4])
    with pytest.raises(OSError, match="maps.npy is shorter than its header says"):
        columns(mapped, 20, 23)
