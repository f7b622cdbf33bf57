"""What the table tells of sites and families that nothing else names."""

import numpy as np
import pytest

from secondlevel.sample.structure import undeclared

PEOPLE = np.array(list("aabbcdef"))


def told(used=(), **columns):
    return list(undeclared({name: np.array(cells) for name, cells in columns.items()}, PEOPLE, used))


def test_sites_and_families_that_nothing_names_are_told_with_what_to_do():
    (site,) = told(site=list("xxxxyyyy"), age=list("11112222"))
    assert site.startswith("The column site of the table puts people into 2 groups of up to 4")
    assert "shuffle: within" in site
    (family,) = told(Family_ID=["1", "1", "1", "1", "2", "3", "n/a", "n/a"])
    assert "into 3 groups of up to 2" in family
    assert "{variable: Family_ID, shuffle: whole}" in family


@pytest.mark.parametrize(
    "columns",
    [
        {"site": list("xxxxxxxx")},  # one site
        {"family": list("11223456")},  # nobody has a relative: two rows are of one person
        {"offsite": list("xxxxyyyy")},
        {"scanner": list("xxxxyyyy")},  # the design has it
    ],
)
def test_nothing_is_told_where_there_is_nothing(columns):
    assert told(used=("scanner",), **columns) == []
