"""The documentation holds: its configs run, its links lead somewhere, its lists are those of the workflow."""

import importlib.util
import re

import nibabel as nib
import numpy as np
import pytest
import yaml

import settings as configs
from conftest import DEFAULT, REPO
from example_study import KINDS, make
from foretold import SCHEMAS, foretold, foretold_each
from study import AFFINE, INSIDE, write_maps, write_table

PAGES = [REPO / "README.md", REPO / "CONTRIBUTING.md", REPO / "CHANGELOG.md", REPO / "config" / "README.md"]
PAGES += sorted((REPO / "docs").rglob("*.md"))
RULES = "\n".join(path.read_text() for path in sorted((REPO / "workflow" / "rules").glob("*.smk")))


def make_images():
    """The script of the pictures, which has the tables that the pages' designs are of."""
    spec = importlib.util.spec_from_file_location("make_images", REPO / "docs" / "make_images.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(page, language="yaml"):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), flags=re.DOTALL)


# Those of one page come with files of their own, and are run in test_other_designs.py.
CONFIGS = [(page, number) for page in PAGES if page.stem != "other_designs" for number in range(len(blocks(page)))]
NAMES = [f"{page.relative_to(REPO)}-{number + 1}" for page, number in CONFIGS]


def whole(page, number):
    """A config of a page; if it is a part of one, within what the page says that it is a part of."""
    text = blocks(page)[number]
    config = yaml.safe_load(text)
    if text.startswith("# mine.yaml: only what differs"):
        return configs.merged(yaml.safe_load(DEFAULT.read_text()), config)
    before = page.read_text().split(text)[0].splitlines()[-3:]
    if any(line.startswith("A part of a config") for line in before):
        return configs.merged(yaml.safe_load(blocks(REPO / "config" / "README.md")[0]), config)
    return config


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tables and maps that the pages speak of."""
    folder, tables = tmp_path_factory.mktemp("docs"), make_images()
    people = tables.people()
    people["speed"] = people["pseudo"] = people["Y_Reappraisal_Success"] = np.arange(len(people)) ** 1.5
    people["tiv"], people["lesion_volume"] = 1400 + people["speed"], people["speed"] % 7
    write_table(folder / "participants.tsv", people)
    own = "derivatives/{participant_id}/{participant_id}_contrast-%s_stat-effect_statmap.nii.gz"
    for name in ("maps/{participant_id}.nii.gz", own % "faces", own % "right"):
        write_maps(folder, people, name)
    write_table(folder / "sample.tsv", people.assign(map="maps/" + people["participant_id"] + ".nii.gz"))
    write_table(folder / "visits.tsv", tables.visits())
    write_maps(folder, tables.visits(), "visits/{subject}_{session}.nii.gz")
    write_table(folder / "repeated.tsv", tables.repeated())
    write_maps(folder, tables.repeated(), "repeated/{subject}_{visit}.nii.gz")
    write_table(folder / "kin.tsv", tables.kin())
    write_maps(folder, tables.kin(), "kin/{participant_id}.nii.gz")
    nib.save(nib.Nifti1Image(INSIDE.astype(np.uint8), AFFINE), folder / "mask.nii.gz")
    return folder


def rows_of(page, header):
    """The cells of the table below a header."""
    table = page.read_text().split(header)[1].split("\n\n")[0]
    return [line.split(" | ") for line in table.splitlines() if line.startswith("| ")]


EXAMPLES = {path.stem: yaml.safe_load(path.read_text()) for path in (REPO / "config" / "examples").glob("*.yaml")}
# The page on each kind of maps, which shows the config of its simulated study first.
PAGES_OF_KINDS = {
    "surface": "surfaces",
    "grayordinates": "grayordinates",
    "parcels": "parcels",
    "connectome": "connectomes",
    "time_frequency": "images",
}


@pytest.fixture(scope="module")
def study_of(tmp_path_factory):
    """A function that gives the folder of the simulated study of a kind."""
    made = {}

    def study(kind):
        if kind not in made:
            made[kind] = tmp_path_factory.mktemp("examples") / kind
            make(kind, made[kind])
        return made[kind]

    return study


@pytest.mark.parametrize(("page", "number"), CONFIGS, ids=NAMES)
def test_a_dry_run_takes_each_config(folder, study_of, monkeypatch, page, number):
    config = whole(page, number)
    example = next((kind for kind, shown in EXAMPLES.items() if config == shown), None)
    monkeypatch.chdir(study_of(example) if example else folder)
    told = foretold_each(config)
    assert set(told) == set(config.get("analyses") or [config["analysis"]])
    for name, lines in told.items():
        contrasts = (config.get("analyses") or {}).get(name, {}).get("contrasts") or config["contrasts"]
        said = [line.split(":")[0] for line in lines if line.startswith("Contrast ")]
        assert said == [f"Contrast {contrast['name']}" for contrast in contrasts], lines


def columns_told(page):
    """For each config of a page that a table of columns follows: its number, and the first name in each row."""
    for number, part in enumerate(page.read_text().split("```yaml\n")[1:]):
        if "| column | its coefficient |" in part:
            table = part.split("| column | its coefficient |")[1].split("\n\n")[0]
            yield number, re.findall(r"^\| `([^`]+)`( …)? \|", table, flags=re.MULTILINE)


@pytest.mark.parametrize("page", sorted((REPO / "docs" / "designs").glob("*.md")), ids=lambda page: page.stem)
def test_the_columns_of_the_designs_are_those_that_a_dry_run_lists(folder, monkeypatch, page):
    monkeypatch.chdir(folder)
    tables = list(columns_told(page))
    assert tables
    for number, rows in tables:
        (line,) = [line for line in foretold(whole(page, number)) if line.startswith("Design: ")]
        columns = line.split("columns ")[1].split(", ")
        assert [name for name, _ in rows] == (columns[: len(rows)] if rows[-1][1] else columns)


def test_the_tutorial_shows_the_config_that_it_runs():
    shown, run = (
        yaml.safe_load(text)
        for text in (
            blocks(REPO / "docs" / "tutorial.md")[0],
            (REPO / "config" / "emotion_regulation.yaml").read_text(),
        )
    )
    assert shown == run


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_on_a_kind_of_maps_shows_the_config_of_its_study(kind):
    assert set(EXAMPLES) == set(KINDS) == set(PAGES_OF_KINDS)
    page = REPO / "docs" / "maps" / f"{PAGES_OF_KINDS[kind]}.md"
    assert yaml.safe_load(blocks(page)[0]) == EXAMPLES[kind]
    assert f"make example KIND={kind}\n" in page.read_text()


def test_the_tutorial_shows_the_config_of_the_surface():
    assert EXAMPLES["surface"] in [yaml.safe_load(text) for text in blocks(REPO / "docs" / "tutorial.md")]


FORMS = [
    (name, f"{{{row[1].strip('`')}}}", row[2].strip("| "))
    for row in rows_of(REPO / "config" / "README.md", "| maps | for example | kind |")
    if row[2].strip("| ") != "---"
    for name in [row[0].strip("| ")]
]


@pytest.mark.parametrize(("name", "own", "kind"), FORMS, ids=[name for name, *_ in FORMS])
def test_what_maps_are_on_is_told_as_the_page_says(name, own, kind):
    own = yaml.safe_load(own) | {"participants": "participants.tsv"}
    study = {"analysis": "a", "smoothing_fwhm": 0, "design": "age", "contrasts": [{"name": "age", "weights": "age"}]}
    given = study | {"datasets": {"own": own}}
    _, analyses = configs.analyses_of(given, *SCHEMAS, is_file=lambda path: True)
    assert configs.facts.forms.form_of(analyses["a"]).kind == kind


def test_all_kinds_of_maps_have_an_example():
    assert {kind for *_, kind in FORMS} == set(configs.facts.forms.KINDS)


def anchors(page):
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_links_lead_somewhere_on_github_too(page):
    """`make docs` does the same for the site."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        there = (page.parent / path).resolve() if path else page
        assert there.is_file(), target
        assert there.is_relative_to(REPO), target
        assert not anchor or anchor in anchors(there), target


def test_all_pages_have_their_place_on_the_site():
    menu = (REPO / "mkdocs.yml").read_text()
    assert sorted(re.findall(r": (\S+\.md)$", menu, flags=re.MULTILINE)) == sorted(
        str(page.relative_to(REPO)) for page in PAGES
    )


def bodies():
    """The text of each rule of the workflow by its name; those of downloads have none."""
    _, *parts = re.split(r"^ *(?:rule|checkpoint)\b *(\w*):$", RULES, flags=re.MULTILINE)
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        made = re.search(r'^ +name:\n +rule_name\("(\w+)"', body, flags=re.MULTILINE)  # for each analysis
        if name or made:
            yield name or made[1], body


def rules():
    """The names of the workflow's rules, and whether each runs where Snakemake does."""
    return {name: "localrule: True" in body for name, body in bodies()}


def test_the_page_on_clusters_names_the_groups_and_the_local_rules():
    told = {
        row[0].strip("| `"): re.findall(r"`(\w+)`", row[1])
        for row in rows_of(REPO / "docs" / "cluster.md", "| group | rules |")
    }
    groups = {name: group for name, body in bodies() for group in re.findall(r'^ +group:\n +"(\w+)"$', body, re.M)}
    local, alone = told.pop("none: where Snakemake itself runs"), told.pop("none: jobs of their own")
    assert {rule: group for group, names in told.items() for rule in names} == groups
    assert set(local) == {rule for rule, here in rules().items() if here and "localizer" not in rule}
    assert set(alone) == {rule for rule, here in rules().items() if not here} - set(groups)


def test_the_files_of_an_analysis_are_listed_with_the_rules_that_make_them():
    told = {
        name
        for row in rows_of(REPO / "README.md", "| file | content | rule that makes it |")
        for name in re.findall(r"`(\w+)`", row[-1])
    }
    # What makes the datasets, or copies what another analysis has made, lands elsewhere or under the same names.
    others = {rule for rule in rules() if "localizer" in rule} | {"simulate_dataset", "same_sample"}
    others |= {"packaged_atlas", "downloaded_atlas"}
    assert told == rules().keys() - others
