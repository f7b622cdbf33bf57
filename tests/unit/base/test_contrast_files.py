"""The files of one contrast among those that a rule names."""

from secondlevel.base.contrast_files import files_of


def test_each_contrast_has_its_own_files_whatever_the_names_of_the_others():
    named = {"mask": "m", "age_z": "1", "age_z_json": "2", "age2_z": "3", "z_age": "4", "age2_null": ["5", "6"]}
    assert files_of("age", named) == {"z": "1", "z_json": "2"}
    assert files_of("age2", named) == {"z": "3", "null": ["5", "6"]}
    assert files_of("z", named) == {"age": "4"}
    assert files_of("mask", named) == {}
