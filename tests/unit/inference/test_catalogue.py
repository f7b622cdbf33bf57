"""Which corrections, tables and whole maps some settings ask for."""

import pytest

from secondlevel.inference.catalogue import (
    BY_KEY,
    CORRECTIONS,
    DISCOVERIES,
    FROM_NULL,
    FROM_NULLS,
    FROM_Z,
    TABLES,
    asked_for,
    figures,
    keys_from,
    methods,
    tables,
    whole_maps,
)

CLUSTERS, TFCE = {"threshold": "p < 0.001"}, {"statistic": "t"}


def settings_with(clusters=None, tfce=None, across=False):
    return {"clusters": clusters, "tfce": tfce, "permutation": {"across_contrasts": across}}


@pytest.mark.parametrize(
    ("asked", "nulls", "listed"),
    [
        ({}, ["maxT"], ["maxT", "fdr"]),
        ({"tfce": TFCE}, ["maxT", "maxTFCE"], ["maxT", "maxTFCE", "fdr"]),
        ({"clusters": CLUSTERS, "across": True}, ["maxT", "maxExtent", "maxMass"], ["maxT", "clusters", "fdr"]),
        (
            {"clusters": CLUSTERS, "tfce": TFCE},
            ["maxT", "maxExtent", "maxMass", "maxTFCE"],
            ["maxT", "maxTFCE", "clusters", "fdr"],
        ),
    ],
)
def test_settings_ask_for_nulls_and_tables(asked, nulls, listed):
    settings = settings_with(**asked)
    assert methods(settings) == nulls
    assert list(tables(settings)) == listed
    first, *more = figures(settings).items()
    assert first == ("maxT", ["maxT"])
    assert more == ([("wholemaps", nulls[1:])] if nulls[1:] else [])
    assert asked_for(BY_KEY["maxTcontrasts"], settings) == asked.get("across", False)
    assert asked_for(BY_KEY["bonferroni"], settings)


def test_a_table_stands_once_and_has_the_neighbours_of_its_correction():
    assert list(TABLES) == ["maxT", "maxTFCE", "clusters", "fdr"]
    assert {kind: table.connectivity for kind, table in TABLES.items()} == {
        "maxT": "tables",
        "maxTFCE": "tfce",
        "clusters": "clusters",
        "fdr": "tables",
    }
    assert whole_maps() == ["clusters", "tfce", DISCOVERIES]
    assert len(BY_KEY) == len(CORRECTIONS)


def test_whole_maps_give_the_nulls_that_the_catalogue_names():
    from secondlevel.permutation.whole_maps.registry import WHOLE_MAPS

    assert list(WHOLE_MAPS) == whole_maps()
    for key, statistic in WHOLE_MAPS.items():
        corrections = tuple(known.key for known in CORRECTIONS if known.needs == key)
        assert statistic.methods == (("maxSimes",) if key == DISCOVERIES else corrections)


def test_every_correction_comes_from_one_source():
    assert keys_from(FROM_Z) == ["bonferroni", "fdr"]
    assert keys_from(FROM_NULLS) == ["maxTcontrasts"]  # one rule makes its maps
    assert keys_from(FROM_NULL) + keys_from(FROM_NULLS) + keys_from(FROM_Z) == list(BY_KEY)
