"""Configs with odd numbers and odd values: each is taken for what it says, or refused in a sentence on its key."""

import copy
import datetime
import math
import random
import string

import pytest
import yaml

import settings
from conftest import REPO
from fuzzing import bounded, each, is_sentence

DEFAULTS = settings.read_yaml(REPO / "workflow" / "schemas" / "defaults.yaml")
SCHEMA = settings.read_yaml(REPO / "workflow" / "schemas" / "config.schema.yaml")
STUDY = """
analysis: mine
dataset: simulated_localizer
smoothing_fwhm: 0
design: [{column: age, variable: age}, {column: mean, constant: 1}]
contrasts: [{name: age, weights: [1, 0]}]
permutation: {count: 20000}
figures: {cut_coords: [1, 2, 3]}
datasets: {own: {maps: {folder: maps, run: 1}}}
analyses:
  other: {smoothing_fwhm: 5, design: [{column: mean, constant: 1}], contrasts: [{name: mean, weights: [1]}]}
"""
LARGEST = 10**15
WHOLE, ANY = int, float
# What config/README.md says of every number: whole or any, and between what it lies; with "(" the end is left out.
NUMBERS = {
    "smoothing_fwhm": (ANY, 0, 1000),
    "analyses.other.smoothing_fwhm": (ANY, 0, 1000),
    "design.1.constant": (ANY, -LARGEST, LARGEST),
    "analyses.other.design.0.constant": (ANY, -LARGEST, LARGEST),
    "contrasts.0.weights.1": (ANY, -LARGEST, LARGEST),
    "analyses.other.contrasts.0.weights.0": (ANY, -LARGEST, LARGEST),
    "alpha.fdr": (ANY, 1e-100, 1, "("),
    "alpha.fwe": (ANY, 1e-100, 1, "("),
    "alpha.uncorrected": (ANY, 1e-100, 1, "("),
    "permutation.count": (WHOLE, 1, 100_000_000),
    "permutation.seed": (WHOLE, 0, LARGEST),
    "permutation.chunks": (WHOLE, 1, 10_000),
    "permutation.statistic.pseudo_t": (ANY, "(", 0, 1000),
    "calibration": (WHOLE, 0, 1_000_000),
    "clusters.connectivity": (WHOLE, 6, 18, 26),
    "tfce.connectivity": (WHOLE, 6, 18, 26),
    "tfce.extent_power": (ANY, "(", 0, 3),
    "tfce.height_power": (ANY, "(", 0, 3),
    "tables.connectivity": (WHOLE, 6, 18, 26),
    "tables.peaks": (WHOLE, 1, LARGEST),
    "tables.min_distance": (ANY, 0, LARGEST),
    "discoveries.alpha": (ANY, 1e-100, 1, "("),
    "discoveries.largest": (WHOLE, 1, 1_000_000),
    "figures.cut_coords.1": (ANY, -LARGEST, LARGEST),
    "figures.logp_from": (ANY, 0, LARGEST),
    "datasets.simulated_localizer.seed": (WHOLE, 0, LARGEST),
    "datasets.simulated_localizer.subjects": (WHOLE, 8, 94),
    "datasets.simulated_localizer.slope": (ANY, -LARGEST, LARGEST),
    "datasets.localizer.timeout": (ANY, "(", 0, 86400),
    "datasets.emotion_regulation.timeout": (ANY, "(", 0, 86400),
    "atlases.timeout": (ANY, "(", 0, 86400),
}
NO_NUMBERS = [
    True,
    False,
    None,
    "",
    " ",
    "many",
    "nan",
    "inf",
    ".inf",
    "1e400",
    "-1e400",
    "0x10",
    "1_000",
    "１",
    "5 mm",
    "1,5",
]
NO_NUMBERS += ["1:30", "1 000", "--1", "1e", "+", ".", [], {}, [1], {"a": 1}, datetime.date(2020, 1, 1), b"1", {1}]
NO_NUMBERS += [float("nan"), float("inf"), -float("inf"), 10**400, "9" * 400, "true", "null", "½", "1.2.3", "1d3", "t"]


def is_allowed(number, kind, *ends):
    """Whether a number is one that the README allows."""
    if kind is WHOLE and number != int(number):
        return False
    if len(ends) == 3 and "(" not in ends:
        return number in ends
    low, high = [end for end in ends if end != "("]
    return (low < number if ends[0] == "(" else low <= number) and (
        number < high if ends[-1] == "(" else number <= high
    )


def some_number(kind, ends, rng):
    """A number near the ends of what is allowed or anywhere, within the range of float or far beyond it."""
    ends = [end for end in ends if end != "("]
    end = rng.choice(ends)
    near = [end, math.nextafter(end, math.inf), math.nextafter(end, -math.inf), end + 1, end - 1, end + 0.5, -end]
    within = rng.uniform(ends[0], ends[-1])
    far = [0, -0.0, 1e-300, 5e-324, 1e16, -1e16, 1e300, -1, 99.0, 0.3, 1 / 3]
    number = rng.choice([*near, *far, within, int(within), int(within)])
    return int(number) if kind is WHOLE and rng.random() < 0.7 else number


def spelled(number, rng):
    """A number as YAML or --config can give it."""
    text = repr(number)
    spellings = [number, number, float(number) if abs(number) < 2**53 else number, text, f"+{text}".replace("+-", "-")]
    spellings += [f"{number:.17e}", text.upper(), text.replace("0.", ".", 1) if text.startswith("0.") else text]
    spellings += [f"{text}." if text.lstrip("-").isdecimal() else text, f"00{text}" if text[0] != "-" else text]
    return rng.choice(spellings)


def with_value(given, keys, value):
    """A config with another value at some keys."""
    changed = copy.deepcopy(given)
    part = changed
    for key in keys[:-1]:
        part = part.setdefault(key, {}) if isinstance(part, dict) else part[key]
    part[keys[-1]] = value
    return changed


def value_at(found, keys):
    for key in keys:
        found = found[key]
    return found


def keys_of(dotted):
    return [int(key) if key.isdecimal() else key for key in dotted.split(".")]


def checked(given):
    """A config as it is completed, and None; or None, and what is said of it."""
    before = repr(given)
    try:
        return settings.analyses_of(given, DEFAULTS, SCHEMA), None
    except settings.WrongConfig as wrong:
        return None, str(wrong)
    finally:
        assert repr(given) == before


@bounded
def test_1000_numbers_are_taken_for_what_they_are_or_refused_by_their_key():
    rng, study, n_refused = random.Random(1), yaml.safe_load(STUDY), 0
    checked(study)
    for number, _ in each(range(1000)):
        key = list(NUMBERS)[number % len(NUMBERS)]
        keys, (kind, *ends) = keys_of(key), NUMBERS[key]
        meant = None if rng.random() < 0.2 else some_number(kind, ends, rng)
        value = rng.choice(NO_NUMBERS) if meant is None else spelled(meant, rng)
        if ".weights." in key and isinstance(value, (str, list)):  # a row of weights
            continue
        given = with_value(study, keys, value)
        if key.startswith("permutation.statistic"):
            given["clusters"] = None
        found, refusal = checked(given)
        # The width beside the name of a statistic is no number to the schema, which cannot tell it from a variable.
        is_text = isinstance(value, str) and key.startswith("permutation.statistic")
        good = meant is not None and is_allowed(meant, kind, *ends) and not is_text
        assert bool(refusal) != good, (key, value, refusal)
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, longest=800)
            assert f"config key '{key}" in refusal or f"config key '{key.rpartition('.')[0]}'" in refusal
        else:
            taken = value_at(found[0], keys)
            assert taken == meant
            assert type(taken) is int or kind is ANY
    assert 350 < n_refused < 750


OF_FILES = ["coverage.subjects"] + [
    f"own.{name}.*" for name in ("maps", "maps_masks", "lesions", "variances", "standard_errors")
]


def test_these_are_all_numbers_of_the_schema():
    def numbers_in(schema, *keys):
        if "$ref" in schema:
            schema = value_at(SCHEMA, schema["$ref"].removeprefix("#/").split("/"))
        types, forms = schema.get("type", ()), schema.get("anyOf", ())
        types = {types} if isinstance(types, str) else set(types)
        if types & {"number", "integer"} or any(type(option) is int for option in schema.get("enum", ())):
            yield ".".join(keys)
        below = list(schema.get("properties", {}).items())
        if isinstance(schema.get("additionalProperties"), dict):
            below.append(("other" if keys == ("analyses",) else "*", schema["additionalProperties"]))
        if "items" in schema:
            below.append(("*", schema["items"]))
        for name, part in below:
            yield from numbers_in(part, *keys, name)
        for form in forms:
            yield from numbers_in(form, *keys)

    found = set(numbers_in(SCHEMA))
    known = {".".join("*" if part.isdecimal() else part for part in key.split(".")) for key in NUMBERS}
    # Rows of weights are weights, and what entities of names are called is for the user to say.
    aside = {key for key in found if key.endswith("weights.*.*") or any(name in key for name in OF_FILES)}
    assert found - aside == known - {"permutation.statistic.pseudo_t"}


THRESHOLDS = [
    "p < 0.001",
    "z > 3.1",
    "t > 3.2",
    "p < 1e-3",
    "p < 1e-99",
    "p < 0.4999",
    "z > 19.9",
    "t > 999999",
    "t > 5.",
]
NO_THRESHOLDS = ["p < 1e-100", "p < 1e-400", "p < 0.5", "p < 1", "p < 0", "z > 20", "z > 40", "z > 1e300", "z > 1e400"]
NO_THRESHOLDS += [
    "t > 1e400",
    "t > 1e6",
    "t > 0",
    "t > 9e99999",
    "t > -3",
    "t>3",
    "t < 3",
    "p > 0.001",
    "3",
    3,
    3.0,
    "",
]
NO_THRESHOLDS += ["t > 3\n", "t > nan", "t > inf", f"t > {'9' * 400}", f"p < 0.{'0' * 400}1", "q < 0.05", None, True]


@pytest.mark.parametrize("threshold", [*THRESHOLDS, *NO_THRESHOLDS])
def test_the_number_in_a_threshold_counts_too(threshold):
    _, refusal = checked(yaml.safe_load(STUDY) | {"clusters": {"threshold": threshold}})
    assert bool(refusal) == (threshold in NO_THRESHOLDS)
    assert not refusal or is_sentence(refusal, "config key 'clusters.threshold'", longest=800)


# What YAML can make of a value, and what it can hold at worst.
STRANGE = [datetime.date(2020, 1, 1), float("nan"), float("inf"), 1e300, 10**400, -1, 99.0, 99.5, True, None, "", " "]
STRANGE += ["x", "1", "1e9", "null", "a\nb", "\ud800", "\0", "x" * 5000, "9" * 400, f"1/{'9' * 400}", b"x", {1, 2}]
STRANGE += [[], [[]], {}, {"a": 1}, {1: 2}, {None: 1}, [1], [None], [{}], [["age"], ["age"]], {"x" * 5000: 1}]
STRANGE += [{"a\nb": 1}, "\x1b[2J", {"\0": 1}, ["x" * 5000] * 50, {str(n): n for n in range(200)}]


def places(value, *keys):
    """The keys of all values in a config."""
    yield keys
    for key, below in settings.given_by.items_of(value):
        yield from places(below, *keys, key)


def is_same(taken, given):
    """Whether a value is the one that was given, or the number or word that a text spells."""
    if isinstance(given, str) and not isinstance(taken, str):
        return taken is None if given == "null" else float(given) == taken
    if isinstance(given, list):
        return all(is_same(one, other) for one, other in zip(taken, given, strict=True))
    if isinstance(given, dict):  # what is left out has its default
        return all(is_same(taken[key], below) for key, below in given.items())
    return taken == given


@bounded
def test_whatever_stands_in_the_place_of_a_value_is_taken_as_it_is_or_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("atlas.nii", "atlas.tsv"):
        (tmp_path / name).touch()
    whole = settings.merged(DEFAULTS, yaml.safe_load(STUDY)) | {"design": "age", "factors": {"age": "1"}}
    whole["tables"] |= {"atlas": {"image": "atlas.nii", "labels": "atlas.tsv"}}
    whole["permutation"] |= {"blocks": {"variable": "site", "shuffle": "within"}, "statistic": {"welch": "site"}}
    whole["analyses"] = {"other": {"design": "age", "permutation": {"scheme": "flip"}}}
    assert checked(whole)[1] is None
    rng, n_refused = random.Random(2), 0
    inputs = [(keys, strange) for keys in list(places(whole))[1:] for strange in rng.sample(STRANGE, 9)]
    assert len(inputs) > 500
    for _, (keys, strange) in each(inputs):
        found, refusal = checked(with_value(whole, keys, strange))
        if refusal:
            n_refused += 1
            assert all(is_sentence(line, longest=1010) for line in refusal.splitlines())
            assert len(refusal.splitlines()) <= 51
        else:
            assert is_same(value_at(found[0], keys), strange)
    assert n_refused > 300


# How YAML can be told a number, and the number that people read there; None where they read none.
IN_YAML = dict.fromkeys(["10", "+10", "1_0", "1e1", "1.0e+1", "10.", "10.0", "0x0a", "0b1010", "'10'", "10 # ten"], 10)
IN_YAML |= dict.fromkeys([".1e2", "!!float 10", "!!str 10", "1__0"], 10) | {"0": 0, "-0": 0, "0.5e1": 5, "08": 8}
IN_YAML |= dict.fromkeys(["010", "0010", "07", "-010", "0_1", "0o12", "1:30", "1:30.5", "00:10", "!!int '012'", "1 0"])
IN_YAML |= dict.fromkeys(["10,0", "[10]", "~", "yes", "0x", "١٠"])


@pytest.mark.parametrize("text", IN_YAML)
@pytest.mark.parametrize("key", ["smoothing_fwhm", "calibration", "datasets.simulated_localizer.seed"])
def test_a_number_in_a_file_is_what_people_read_there_or_refused(text, key, tmp_path):
    path = tmp_path / "mine.yaml"
    for part in reversed(key.split(".")):
        text = f"{{{part}: {text}\n}}"
    path.write_text(text)
    given = yaml.safe_load(STUDY) | settings.read_yaml(path)
    misread = list(settings.misread(path))
    found, refusal = checked(given)
    meant = IN_YAML[text.split(": ", key.count(".") + 1)[-1].rstrip("\n}")]
    if meant is None:
        assert refusal or misread
        assert all(is_sentence(line, str(path), "line 1: YAML reads ") for line in misread)
    else:
        assert misread == []
        assert value_at(found[0], key.split(".")) == meant


def aliases(levels, form):
    """A value that is small in memory and large to go through: aliases of aliases."""
    value = "x"
    for _ in range(levels):
        value = [value] * 9 if form is list else dict.fromkeys(string.ascii_letters[:9], value)
    return value


def round_and_round():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exclude", aliases(9, list)),
        ("exclude", aliases(25, list)),
        ("exclude", aliases(29, dict)),
        ("exclude", aliases(1000, list)),
        ("exclude", round_and_round()),
        ("factors", aliases(9, dict)),
        ("unknown", aliases(12, dict)),
        ("analyses", {"a": {"factors": aliases(9, dict)}}),
        ("exclude", [1] * 90_000),
        ("exclude", ["x"] * 200_000),
        ("analyses", {str(number): {"alpha": 1} for number in range(20_000)}),
        ("k" * 1_000_000, 1),
        ("analyses", {"a": {"design": "age + " * 100_000}}),
        ("analyses", {"a": {"design": "(" * 100_000}}),
        ("design", [{"column": "x" * 1_000_000, "variable": "y", "constant": 1}]),
        ("contrasts", [{"name": "a" * 300, "weights": "age"}]),
        ("contrasts", [{"name": "a", "weights": ["1/" + "9" * 5000, 1]}]),
        ("analysis", "a" * 300),
        ("permutation", {"chunks": 100_000}),
        ("permutation", {"statistic": {str(number): 1 for number in range(50_000)}}),
        ("mask", "x" * 10_000_000),
    ],
)
@bounded
def test_a_config_that_is_too_much_is_soon_refused_in_few_words(key, value):
    for _, given in each([yaml.safe_load(STUDY) | {key: value}]):
        _, refusal = checked_once(given)
    assert refusal
    assert all(is_sentence(line, longest=1010) for line in refusal.splitlines())
    assert len(refusal) < 60_000


def checked_once(given):
    """As `checked`, of what has no end or is too large to be written down."""
    try:
        return settings.analyses_of(given, DEFAULTS, SCHEMA), None
    except settings.WrongConfig as wrong:
        return None, str(wrong)
