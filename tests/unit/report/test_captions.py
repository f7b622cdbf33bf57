"""Captions of both reports with hostile names: Snakemake has docutils render them with raw HTML and includes."""

import re
from types import SimpleNamespace

import pytest
from docutils.core import publish_parts
from jinja2 import Environment

import facts
from conftest import REPO
from secondlevel.base.guarding import guarded, harmless
from secondlevel.report.captions import FOLDER
from secondlevel.space.units import EDGES, GRAYORDINATES, PARCELS, PIXELS, VERTICES, VOXELS

EVIL = "<script>window.hacked=1</script>"
NAMES = [
    EVIL,
    "a`` `link <javascript:alert(1)>`_ ``b",
    "x\n\n.. raw:: html\n\n   <script>window.hacked=1</script>\n\n",
    "x\n\n.. include:: /etc/hostname\n\n",
    "{{ 7 * 7 }}",
]


def rendered(name, **job):
    """A caption as Snakemake's own report makes it."""
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string((FOLDER / f"{name}.rst").read_text()).render(snakemake=SimpleNamespace(**job))
    return publish_parts(text, writer="html")["html_body"]


def is_text(made):
    """No element but those of a text, and nothing that an include would have brought."""
    assert set(re.findall("<([a-z]+)", made)) <= {"p", "tt", "span", "div", "ul", "li", "em", "strong"}
    assert "href" not in made
    assert "System Message" not in made


@pytest.mark.parametrize("name", NAMES)
def test_names_in_the_caption_of_the_design_are_text(name):
    design = [{"column": name, "variable": name}, {"column": "one", "constant": 1}]
    for of_design in (design, f"`{name}` + age"):
        params = {"design": of_design, "center": [name], "scale": [name]}
        params |= {"contrasts": [{"name": "a", "weights": f"`{name}` - age"}]}
        is_text(rendered("design", params=SimpleNamespace(**harmless(params))))


@pytest.mark.parametrize("name", NAMES)
def test_names_of_variables_in_the_caption_of_those_left_out_are_text(name):
    settings = {
        "design": f"`{name}` + g",
        "factors": {"g": None},
        "split": {},
        "permutation": {"statistic": "t", "blocks": None},
    }
    asked = {"variables": facts.covariates(settings), "labels": facts.labels(settings)}
    made = rendered("excluded", params=SimpleNamespace(**{key: guarded(value) for key, value in asked.items()}))
    is_text(made)
    assert "variable of the design" in made


def test_ordinary_names_are_in_the_caption_of_those_left_out():
    params = {"variables": ["age"], "labels": ["reading score"]}
    made = rendered("excluded", params=SimpleNamespace(**params))
    assert re.sub("<[^>]+>", "", made).split("design ")[1].startswith("(here age, reading score),")
    assert "(here none)" in rendered("excluded", params=SimpleNamespace(variables=[], labels=[]))


@pytest.mark.parametrize("name", NAMES)
def test_the_contrast_of_a_dataset_is_text_in_the_description(name):
    config = {
        "analyses": {}, "analysis": "a", "dataset": "localizer", "datasets": {"localizer": {"contrast": name}},
        "alpha": {"fdr": 0.05, "fwe": 0.05, "uncorrected": 0.001}, "permutation": {"count": 9, "seed": 0},
        "clusters": None, "tfce": None,
    }  # fmt: skip
    is_text(rendered("workflow", config=config))


def test_captions_hold_no_other_text_of_the_user():
    # What is free text there must come through the rules' parameters, or be escaped in the caption.
    free = r"\.(design|contrasts|center|scale|variables|labels|column|variable|weights|contrast)\b"
    found = {
        path.stem for path in FOLDER.iterdir() if re.search(free, path.read_text().replace("wildcards.contrast", ""))
    }
    assert found == {"design", "excluded", "workflow"}
    rules = "".join(path.read_text() for path in (REPO / "workflow" / "rules").glob("*.smk"))
    for key in ("design", "center", "scale", "contrasts"):
        assert f"{key}=of_settings(lambda settings: guarding.harmless(" in rules


ASKED = {
    "one": "", "many": "", "pictures": "", "two_sided": {"a": True}, "fwhm": 5, "cut_coords": [1, 2, 3], "logp_from": 1,
    "alpha": 0.05, "tail": True, "peaks": 3, "min_distance": 8, "statistic": {"a": "t"},
}  # fmt: skip
PICTURED = [
    (VOXELS, "slices"), (PIXELS, "images"), (VERTICES, "meshes"), (GRAYORDINATES, "ranked"), (PARCELS, "ranked"),
    (EDGES, "matrix"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "pictures"), PICTURED)
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.rst")), ids=lambda path: path.stem)
def test_captions_speak_of_the_elements_of_the_maps(path, unit, pictures):
    if path.stem in ("design", "excluded", "workflow", "characteristics", "page"):
        return
    params = ASKED | {"one": unit.one, "many": unit.many, "pictures": pictures}
    alpha = {"fdr": 0.05, "fwe": 0.05, "uncorrected": 0.001}
    params |= {"alpha": alpha} if path.stem == "thresholds" else {}
    config = {
        "alpha": alpha, "permutation": {"count": 99, "seed": 1, "nuisance": "smith"},
        "clusters": {"threshold": "p < 0.01"}, "discoveries": {"alpha": 0.05},
    }  # fmt: skip
    made = rendered(path.stem, params=SimpleNamespace(**params), config=config, wildcards={"contrast": "a"})
    text = " ".join(re.sub("<[^>]+>", "", made).split())
    assert (unit == VOXELS) or "voxel" not in text.lower().replace("voxel size", "")
    assert not re.search(r" [,.;:]|\b[Aa] [aeiou]\w*(?:'s)? p value", text), text
    assert ("slice" in text or "MNI" in text) <= (pictures == "slices") or path.stem == "glass"
