"""Files that belong to maps, such as their masks and variances, in every form in which maps are given."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import settings as configs
from analysed import analysed, chosen
from kinds import FORMS, written
from secondlevel.base.errors import InputError
from secondlevel.datasets.own import find_companions
from secondlevel.space.holed_maps import HoledMaps, variance_rows
from secondlevel.space.holes import Holes

facts, incomplete = configs.facts, configs.incomplete


def below(folder, maps):
    """Where maps are once they have been put into a folder."""
    if isinstance(maps, str):
        return f"{folder}/{maps}"
    files = {"folder", "table", "series"} & maps.keys() or maps.keys()
    return {key: below(folder, value) if key in files else value for key, value in maps.items()}


def study(tmp_path, name, key, values):
    """A study with files beside its maps: the sample, what is analysed of it, and `Holes`."""
    own, table, maps = written(name, tmp_path, len(values))
    (tmp_path / "beside").mkdir()
    beside = FORMS[name][0](tmp_path / "beside", list(table["participant_id"]), values.astype(np.float32))
    found = analysed(own)
    wanted = chosen(own | {key: below("beside", beside["maps"])}, coverage={"subjects": 2}, smoothing_fwhm=0)
    params = SimpleNamespace(kind=facts.kind(wanted), holes=incomplete.holes(wanted))
    sources = find_companions(found.selection.table, wanted["datasets"]["own"], "participants.tsv")
    ids = found.selection.table["participant_id"]
    sample = pd.DataFrame({"participant_id": ids, "map": found.selection.table["map"]} | sources)
    return sample, found, Holes.of_config(params), maps


@pytest.mark.parametrize("name", FORMS)
def test_a_mask_takes_its_elements_from_a_map(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    masks = np.random.default_rng(1).random((4, FORMS[name][1])) < 0.7
    sample, found, holes, values = study(tmp_path, name, "maps_masks", masks)
    rows = np.array(list(HoledMaps(list(sample["map"]), holes.files(sample), holes, found.space, 0)))
    np.testing.assert_array_equal(rows, np.where(masks, values, np.nan))


@pytest.mark.parametrize("name", ["volumes", "table, pattern", "both hemispheres"])
def test_variances_are_those_of_each_element(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    errors = np.random.default_rng(1).exponential(2, (4, FORMS[name][1])).astype(np.float32) + np.float32(0.1)
    sample, found, holes, values = study(tmp_path, name, "standard_errors", errors)
    np.testing.assert_allclose(list(variance_rows(sample, holes, values, found.space, {})), errors**2, rtol=1e-6)


def test_what_does_not_fit_a_map_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sample, _, holes, _ = study(tmp_path, "table, pattern", "maps_masks", np.ones((4, FORMS["table, pattern"][1])))
    files = holes.files(sample)
    (tmp_path / "beside" / "values.tsv").write_text("participant_id\tV1_thickness\n" + f"{sample.iloc[0, 0]}\t1\n")
    with pytest.raises(InputError, match="is not on the set of parcels of the map that it belongs to"):
        holes.read(sample["map"][0], files[0])
    (tmp_path / "beside" / "values.tsv").unlink()
    with pytest.raises(InputError, match="its map mask beside/values.tsv.* is not there"):
        holes.read(sample["map"][0], files[0])


def test_files_of_other_meshes_than_the_maps_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own, *_ = written("both hemispheres", tmp_path, 4)
    with pytest.raises(configs.WrongConfig, match="'datasets.own.lesions': it has files of left, and"):
        chosen(own | {"lesions": {"left": own["maps"]["left"]}})
