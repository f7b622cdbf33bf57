"""What YAML makes of a config: numbers, dates, words and keys that are not what was meant."""

import datetime
import json
import time

import pytest
import yaml

import settings
from conftest import REPO

DEFAULTS = settings.read_yaml(REPO / "workflow" / "schemas" / "defaults.yaml")
SCHEMA = settings.read_yaml(REPO / "workflow" / "schemas" / "config.schema.yaml")
STUDY = """
analysis: mine
dataset: simulated_localizer
smoothing_fwhm: 0
design: age
contrasts: [{name: age, weights: age}]
"""


def read(text, *keys):
    """The value of a key of the study with more written below it."""
    found = settings.analyses_of(yaml.safe_load(STUDY) | yaml.safe_load(text), DEFAULTS, SCHEMA)[0]
    for key in keys:
        found = found[key]
    return found


def refusal(text):
    """The only sentence that is said of the study with more written below it."""
    with pytest.raises(settings.WrongConfig) as caught:
        read(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "keys", "value"),
    [
        ("permutation: {count: 99.0}", "permutation count", 99),
        ("permutation: {count: 1e2}", "permutation count", 100),
        ("permutation: {count: '99'}", "permutation count", 99),
        ("permutation: {seed: 3.0}", "permutation seed", 3),
        ("permutation: {chunks: 4.0}", "permutation chunks", 4),
        ("permutation: {tail: 'True'}", "permutation tail", True),
        ("calibration: 20.0", "calibration", 20),
        ("clusters: {connectivity: 26.0}", "clusters connectivity", 26),
        ("tables: {connectivity: '18'}", "tables connectivity", 18),
        ("tables: {peaks: 2.0}", "tables peaks", 2),
        ("datasets: {simulated_localizer: {subjects: 20.0}}", "datasets simulated_localizer subjects", 20),
        ("two_sided: 'true'", "two_sided", True),
        ("two_sided: 'FALSE'", "two_sided", False),
        ("smoothing_fwhm: '5'", "smoothing_fwhm", 5),
        ("smoothing_fwhm: 5.0", "smoothing_fwhm", 5.0),
        ("smoothing_fwhm: '.5'", "smoothing_fwhm", 0.5),
        ("alpha: {uncorrected: 1e-3}", "alpha uncorrected", 0.001),
        ("figures: {cut_coords: ['1', -2.5, '3e0']}", "figures cut_coords", [1, -2.5, 3.0]),
        ("clusters: 'null'", "clusters", None),
        ("zeros: 'null'", "zeros", None),
        (
            "analyses: {a: {smoothing_fwhm: '8', two_sided: 'true'}}",
            "analyses a",
            {"smoothing_fwhm": 8, "two_sided": True},
        ),
        # What is text stays so.
        ("exclude: ['103', 'true', '1e5']", "exclude", ["103", "true", "1e5"]),
        ("datasets: {localizer: {contrast: '5'}}", "datasets localizer contrast", "5"),
        ("factors: {age: '1'}", "factors age", "1"),
    ],
)
def test_a_number_or_word_is_taken_as_the_schema_wants_it(text, keys, value):
    found = read(text, *keys.split())
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("permutation: {count: 99.5}", "config key 'permutation.count': 99.5 is not of type 'integer'"),
        ("permutation: {count: '99.5'}", "config key 'permutation.count': 99.5 is not of type 'integer'"),
        ("permutation: {count: true}", "config key 'permutation.count': True is not of type 'integer'"),
        ("permutation: {count: many}", "config key 'permutation.count': 'many' is not of type 'integer'"),
        ("permutation: {count: 1000000000}", "config key 'permutation.count': 1000000000 is greater than the maximum"),
        ("permutation: {count: 1.0e+300}", "config key 'permutation.count': it is a number beyond 10^15; correct it."),
        (f"permutation: {{seed: 1{'0' * 400}}}", "config key 'permutation.seed': it is a number beyond 10^15"),
        ("smoothing_fwhm: 1e400", "config key 'smoothing_fwhm': inf is no number that can be worked with; correct it."),
        ("smoothing_fwhm: -.inf", "config key 'smoothing_fwhm': -inf is no number"),
        ("smoothing_fwhm: 1.0e+9", "config key 'smoothing_fwhm': 1000000000.0 is greater than the maximum of 1000"),
        ("tfce: {extent_power: 1.0e+9}", "config key 'tfce.extent_power': 1000000000.0 is greater than the maximum"),
        (
            "datasets: {localizer: {timeout: 1.0e+9}}",
            "config key 'datasets.localizer.timeout': 1000000000.0 is greater",
        ),
        ("calibration: 1.0e+9", "config key 'calibration': 1000000000 is greater than the maximum"),
        (
            "permutation: {chunks: 100000}",
            "config key 'permutation.chunks': 100000 is greater than the maximum of 10000",
        ),
        (
            "permutation: {chunks: 200, count: 99}",
            "config key 'permutation.chunks': 200 jobs are more than the 99 permutations that they share; write a",
        ),
        ("two_sided: 'yes'", "config key 'two_sided': 'yes' is not of type 'boolean'"),
        ("exclude: [103]", "config key 'exclude.0': 103 is not of type 'string'; write it in quotes; it is an ID"),
        ("exclude: [a, 1.5]", "config key 'exclude.1': 1.5 is not of type 'string'; write it in quotes;"),
        ("exclude: [no]", "config key 'exclude.0': False is not of type 'string'; YAML reads yes, no, on and off as"),
        ("factors: {age: 1}", "config key 'factors.age': 1 is not of type 'string', 'null'; write it in quotes;"),
        ("center: [1]", "config key 'center.0': 1 is not of type 'string'; write it in quotes;"),
        ("analysis: 2020", "config key 'analysis': 2020 is not of type 'string'; write it in quotes;"),
        (
            "datasets: {own: {id: [1]}}",
            "config key 'datasets.own.id.0': 1 is not of type 'string'; write it in quotes;",
        ),
        (
            "exclude: [2020-01-01]",
            "config key 'exclude.0': YAML reads 2020-01-01 as a date or time; write it in quotes.",
        ),
        ("analysis: 2020-01-01", "config key 'analysis': YAML reads 2020-01-01 as a date or time; write it in quotes."),
        ("factors: {age: 2001-12-14 21:59:43}", "config key 'factors.age': YAML reads 2001-12-14 21:59:43 as a date"),
        ("smoothing_fwhm: 2020-01-01", "config key 'smoothing_fwhm': YAML reads 2020-01-01 as a date or time;"),
        ("exclude: !!set {a}", "config key 'exclude': YAML reads {'a'} as a set; write it in quotes."),
        ("exclude: [!!binary aGk=]", "config key 'exclude.0': YAML reads b'hi' as a bytes; write it in quotes."),
        ("factors: {1: a}", "config key 'factors' has the key 1, which YAML reads as a number; write it in quotes."),
        ("factors: {2020-01-01: a}", "config key 'factors' has the key 2020-01-01, which YAML reads as a date or time"),
        ("factors: {on: a}", "config key 'factors' has the key True, which YAML reads as true or false; write it in"),
        (
            "analyses: {~: {}}",
            "config key 'analyses' has the key None, which YAML reads as nothing; write it in quotes.",
        ),
        ("3: a", "the config has the key 3, which YAML reads as a number; write it in quotes."),
        ("exclude: &all [*all]", "config key 'exclude': it goes deeper than 30 mappings and lists; correct it."),
        (f"dataset: {'a' * 10000}", "config key 'dataset': 'aaaa"),
        (f"mask: {'a' * 10000}", "config key 'mask': the file aaaa"),
    ],
)
def test_what_is_no_setting_is_refused_with_what_to_do(text, words):
    began = time.perf_counter()
    assert refusal(text).startswith(words)
    assert time.perf_counter() - began < 5


def test_every_whole_number_may_be_written_as_a_float():
    def whole(schema, *keys):
        for name, below in schema.get("properties", {}).items():
            types = below.get("type", ())
            if "integer" in types:
                yield (*keys, name)
            if keys or name != "analyses":
                yield from whole(below, *keys, name)

    found = list(whole(SCHEMA))
    assert len(found) > 5
    for *keys, last in found:
        part = DEFAULTS
        for key in keys:
            part = part[key]
        text = {last: float(part[last])}
        for key in reversed(keys):
            text = {key: text}
        taken = read(json.dumps(text), *keys, last)
        assert taken == part[last]
        assert type(taken) is int


def test_dates_are_told_whatever_reads_the_config():
    for moment in (datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1), datetime.time(1, 2)):  # noqa: DTZ001
        (told,) = settings.given_by.no_text({"a": [{"b": moment}]})
        assert told == f"config key 'a.0.b': YAML reads {moment} as a date or time; write it in quotes."


def bomb(kind, deep=9):
    """A value that holds ten of another one, which holds ten of another one, and so on; little to write in YAML."""
    value = ["x"]
    for _ in range(deep):
        value = [value] * 10 if kind is list else dict(zip("abcdefghij", [value] * 10, strict=True))
    return value


@pytest.mark.parametrize("kind", [list, dict])
@pytest.mark.parametrize("key", ["exclude", "factors", "nothing"])
def test_a_value_that_is_larger_than_any_setting_is_told_and_not_walked_through(kind, key):
    began = time.perf_counter()
    with pytest.raises(settings.WrongConfig) as caught:
        settings.analyses_of(yaml.safe_load(STUDY) | {key: bomb(kind)}, DEFAULTS, SCHEMA)
    assert str(caught.value) == f"config key '{key}': it holds more than 100,000 values; write fewer."
    assert time.perf_counter() - began < 5


def test_large_settings_are_taken():
    assert len(read(json.dumps({"exclude": [f"sub-{i}" for i in range(20_000)]}), "exclude")) == 20_000


def nullable(schema, *keys):
    """The keys of all values that can be null; '*' stands for any name."""
    others = settings.given_by.rest(schema)
    for name, below in (schema.get("properties", {}) | ({"*": others} if others else {})).items():
        found = list(settings.given_by.forms(below, SCHEMA))
        if any(None in form.get("enum", ()) or "null" in form.get("type", ()) for form in found):
            yield (*keys, name)
        for form in found:
            yield from nullable(form, *keys, name)


# Those of them that can be text too, and whether the text null is no text.
TEXT_OR_NULL = {
    "resample_to": True,
    "map_mean": True,
    "datasets.own.participants": True,
    "datasets.own.maps": True,
    "datasets.own.maps.of": True,
    "datasets.own.maps_masks": True,
    "datasets.own.lesions": True,
    "datasets.own.variances": True,
    "datasets.own.standard_errors": True,
    "datasets.own.surfaces": True,
    "datasets.own.parcels": True,
    "datasets.own.nodes": True,
    "space": True,
    "units": True,
    "factors.*": False,  # a level can be called so
}


def test_the_text_null_is_null_wherever_null_can_be_but_among_labels():
    found = {".".join(keys) for keys in nullable(SCHEMA)}
    ours = {key for key in found if not key.startswith("analyses.*.")} - {"analyses.*"}
    assert ours == TEXT_OR_NULL.keys() | {
        "clusters",
        "tfce",
        "discoveries",
        "zeros",
        "coverage",
        "scale_maps",
        "datasets.own.kind",
        "datasets.own.axes",
        "permutation.blocks",
        "tables.atlas",
    }
    assert {key.removeprefix("analyses.*.") for key in found - ours} - {"analyses.*"} <= ours
    for key in ours:
        for where in (key, f"analyses.a.{key}"):
            if where.replace(".a.", ".*.") in found:
                text = "null"
                for name in reversed(where.replace("*", "age").split(".")):
                    text = {name: text}
                taken = settings.given_by.as_wanted(text, SCHEMA)
                for name in where.replace("*", "age").split("."):
                    taken = taken[name]
                assert taken == (None if TEXT_OR_NULL.get(key, True) else "null"), where


def test_a_path_is_text_whatever_it_is_like():
    for path in ("./null", "nul", "5", "true", "null.nii"):
        given = {"resample_to": path, "mask": path, "datasets": {"own": {"participants": path, "maps": path}}}
        assert settings.given_by.as_wanted(given, SCHEMA) == given
