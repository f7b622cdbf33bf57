"""The report, from its text to how it looks and works in a browser."""

import json
import re
import shutil
from base64 import b64encode
from html.parser import HTMLParser

import nibabel as nib
import numpy as np
import pytest

import settings
from browser import CHROMIUM, DRIVER, Browser
from conftest import REPO, snakemake
from discovered import check_discoveries
from index import write_index
from looked_at import (
    check_contents,
    check_enlarging,
    check_first_screen,
    check_folded,
    check_groups,
    check_print,
    check_scrolling,
)
from secondlevel.base.columns import read_rows
from secondlevel.base.files import digest, read_json
from secondlevel.inference.atlas import Atlas
from secondlevel.report import captions
from secondlevel.report.findings import Results, findings
from secondlevel.report.methods import methods
from secondlevel.report.page import report_page
from secondlevel.space.images import write_image
from study import AFFINE, SHAPE, config, people, write_maps, write_table
from viewed import (
    check_atlas,
    check_beside_tables,
    check_maps,
    check_nothing_passes,
    check_picture,
    check_places,
    check_presets,
    check_threshold,
    check_views,
    file_of,
    middles,
    text_of,
    viewer_data,
)

EVIL = "<script>window.hacked=1</script>"
MARKUP = "a`` `link <javascript:alert(1)>`_ ``b"  # would be a link in reStructuredText
DEFAULT, EMOTION, SMALL = "results/simulated_localizer", "results/emotion_regulation", "results/a"
SPACE = "MNI152NLin2009cAsym"  # that the config says
# Analyses of one small study: the config's part, and what the methods must and must not say.
DESIGNS = {
    "groups": (
        {
            "design": "0 + group + age + site + group:site",
            "factors": {"group": None, "site": None},
            "center": ["age"],
            "units": "% signal change",
            "contrasts": [
                {"name": "patients", "weights": "group[patient] - group[control]"},
                {"name": "any", "weights": ["group[patient] - group[control]", "age"]},
                {"name": "crossed", "weights": "group[patient]:site[Lund]"},
            ],
            "two_sided": True,
            "permutation": {"scheme": "permute", "blocks": {"variable": "site", "shuffle": "within"}},
        },
        [
            "The maps were not smoothed",
            f"They lie in the space {SPACE}.",
            "The levels of group were control and patient.",
            "The mean of age over the subjects (",
            "The contrasts tested were patients (= -group[control] + group[patient]; t, two-sided), any (= -group[",
            "; age; F) and crossed (= group[patient]:site[Lund]; t, two-sided), with 9 residual degrees of freedom",
            "Bonferroni's correction, take the maps for independent of each other; the permutations do not.",
            "For patients and crossed: 99 random permutations (seed 0) reordered the subjects, once the rest of the "
            "design was regressed out of the maps (Freedman and Lane 1983; Winkler et al. 2014), within the 3 "
            "exchangeability blocks of site (Winkler et al. 2015); the statistic was t.",
            "For any: 99 random permutations",
            "; the statistic was F.",
        ],
        ["turned the signs", "TFCE", "Bullmore", "one-sided"],
    ),
    "escaped": (
        {
            "design": [{"column": EVIL, "variable": "age"}, {"column": MARKUP, "constant": 1}],
            "contrasts": [{"name": "age", "weights": [1, 0]}],
        },
        [
            f"the columns {EVIL} and {MARKUP}",
            "Of 17 subjects in the table, 1 was left out (1 for 'missing value of age')",
            "reordered the subjects, once",
        ],
        ["formula"],
    ),
}


needs_browser = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium with chromedriver here")


@pytest.fixture(scope="module")
def study(small_run, tmp_path_factory):
    """A folder with the results of a small study's analyses, and the page of one, whose pictures are another's."""
    folder = tmp_path_factory.mktemp("study")
    table = people(16).drop(columns="reading score")
    table["map"] = [f"maps/{number}_space-T1w_map.nii.gz" for number in range(16)]
    write_maps(folder, table, "{map}", more=0.2 * (table["age"] - 40))
    for path in table["map"]:
        (folder / path.replace(".nii.gz", ".json")).write_text('{"Units": "ml"}')
    table.loc[3, "participant_id"] = f"sub-{EVIL}"
    table.loc[16] = {"participant_id": "<b>nobody</b>", "map": "maps/1_space-T1w_map.nii.gz"}
    write_table(folder / "participants.tsv", table)
    analyses = {name: part for name, (part, _, _) in DESIGNS.items()}
    x = AFFINE[0, 0] * np.arange(SHAPE[0])[:, None, None] + AFFINE[0, 3]
    atlas = [folder / "atlas.nii.gz", folder / "atlas.tsv"]
    write_image(atlas[0], np.broadcast_to(np.select([x > 0, x < 0], [4, 9]), SHAPE).astype(np.int16), AFFINE, (0, 4))
    atlas[1].write_text("index\tname\n4\t<b>right</b>\n9\tleft\n")
    more = {
        "own": {"maps": "map"},
        "permutation": {"count": 99, "chunks": 1},
        "space": SPACE,
        "discoveries": {"alpha": 0.05},
    }
    more |= {"tables": {"atlas": {"image": "atlas.nii.gz", "labels": "atlas.tsv"}}}
    arguments = config(folder, analyses=analyses, **more)
    tables = [f"{name}/contrast-{c['name']}" for name, part in analyses.items() for c in part["contrasts"]]
    files = [*(f"{table}_desc-maxT_table.tsv" for table in tables), "escaped/diagnostics.json", "escaped/coverage.json"]
    files += [f"{table}_desc-discoveries_null.json" for table in tables]
    files += [f"{name}/{file}" for name in analyses for file in ("neurovault.tsv", "characteristics.tsv")]
    snakemake(folder, *arguments, "--", *(f"results/{file}" for file in files))
    groups, escaped = folder / "results/groups", folder / "results/escaped"
    for name in ("coverage.json", "similarity.tsv", "diagnostics.json", "standard_brain.nii.gz"):  # of the same maps
        shutil.copy(escaped / name, groups)
    for results, contrasts in ((groups, ("patients", "any", "crossed")), (escaped, ("age",))):
        pictures = small_run / SMALL / "figures"
        for path in [*pictures.glob("*.png"), pictures / "quality.svg"]:
            (results / "figures").mkdir(exist_ok=True)
            for contrast in contrasts:
                shutil.copy(path, results / "figures" / path.name.replace("contrast-age", f"contrast-{contrast}"))
    whole = settings.merged(settings.read_yaml(REPO / "workflow/schemas/defaults.yaml"), read_json(arguments[1]))
    for results in (groups, escaped):
        record = read_json(small_run / SMALL / "provenance.json")
        of_analysis = settings.merged(whole, analyses[results.name])
        record |= {"analysis": results.name, "config": whole, "settings": of_analysis}
        outputs = [*(path for path in results.iterdir() if path.is_file()), results / "participants.tsv"]
        record["outputs"] = {path.name: digest(path) for path in outputs}
        (results / "provenance.json").write_text(json.dumps(record))
        page = report_page(Results(results), findings(Results(results)), Atlas.read(*atlas))
        (results / "report.html").write_text(page)
    write_index(folder / "results")
    return folder


def test_names_of_images_have_the_space_that_the_config_says(study):
    """All of the report comes from these files; the maps' own names tell something else."""
    results = study / "results" / "groups"
    logs = [path.read_text() for path in (study / "results").glob("*/logs/brain_mask.log")]
    assert any(f"The maps' names say space-T1w, and the config says {SPACE}" in log for log in logs)
    images = {path.name for path in results.glob("*.nii.gz")} - {"mask.nii.gz", "standard_brain.nii.gz"}
    start = f"contrast-any_space-{SPACE}"
    assert {f"{start}_stat-F_statmap.nii.gz", f"{start}_desc-fdr_dseg.nii.gz"} <= images
    assert all(f"space-{SPACE}_" in name for name in images)
    for name in ("mask.nii.gz", *images):
        assert read_json(results / name.replace(".nii.gz", ".json"))["SpatialReference"] == SPACE
    rows = read_rows(results / "neurovault.tsv")
    assert {row["file"] for row in rows} == {path.name for path in results.glob("*_statmap.nii.gz")}
    of_f = next(row for row in rows if row["map_type"] == "F map")
    df = nib.load(results / of_f["file"]).header.get_intent()[1]
    assert (of_f["statistic_parameters"], df) == ("2, 9", (2, 9))
    assert SPACE in (results / "README.md").read_text()


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text outside of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.within = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.within = tag

    def handle_endtag(self, tag):
        self.within = None

    def handle_data(self, data):
        if self.within not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


def page_of(folder):
    return Page((folder / "report.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DESIGNS)
def test_the_methods_of_each_design_are_those_that_were_run(study, name):
    text = " ".join(methods(findings(Results(study / "results" / name))))
    _, said, unsaid = DESIGNS[name]
    for words in said:
        assert words in text
    for words in unsaid:
        assert words not in text
    software = read_json(study / "results" / name / "provenance.json")["software"]
    for package in ("secondlevel", "snakemake", "numpy", "scipy", "nibabel", "nilearn"):
        assert f"{package} {software[package]}" in text
    assert ("formulaic" in text) == isinstance(DESIGNS[name][0]["design"], str)


def test_every_work_that_is_cited_is_listed_with_its_doi(default_run):
    text = page_of(default_run / DEFAULT).text
    text, listed = text[text.index("One first-level") :].split("References", 1)
    cited = set(re.findall(r"[A-ZÖ]\w+(?: and [A-Z]\w+| et al\.) \d{4}", text))
    assert len(cited) >= 10
    assert cited == set(re.findall(r"([A-ZÖ]\w+(?: and [A-Z]\w+| et al\.) \d{4})\.", listed))
    assert listed.count("doi 10.") == len(cited)


def test_names_and_free_text_stay_text(study):
    page = page_of(study / "results" / "escaped")
    assert f"sub-{EVIL}" in page.text  # a subject
    assert "<b>nobody</b>" in page.text  # one who was left out
    assert f"age (= {EVIL};" in page.text  # a column
    # The viewer's data, what draws them, and the page's own.
    assert [tag for tag, _ in page.elements].count("script") == 4
    assert "b" not in {tag for tag, _ in page.elements}


def test_the_unit_of_the_maps_is_that_of_the_config_or_of_the_files_beside_them(study, default_run):
    assert "; the maps are in % signal change" in page_of(study / "results/groups").text
    assert re.search(r"effect-?[\d.]+ % signal change \(", page_of(study / "results/groups").text)
    assert "; the maps are in ml" in page_of(study / "results/escaped").text
    assert "the maps are in" not in page_of(default_run / DEFAULT).text


@pytest.mark.parametrize("run", ["default", "real", "escaped"])
def test_the_page_holds_all_that_it_needs(run, request):
    page = page_of(results_of(run, request))
    for tag, attributes in page.elements:
        assert tag != "link"
        for key in ("src", "srcset", "href", "action", "poster", "data"):
            address = attributes.get(key)
            allowed = ("https://doi.org/",) if tag == "a" else ("data:",)
            assert address is None or address.startswith(("#", *allowed))


@pytest.mark.parametrize("run", ["default", "real", "escaped"])
def test_every_picture_has_a_text_and_every_control_a_name(run, request):
    page = page_of(results_of(run, request))
    pictures = [attributes for tag, attributes in page.elements if tag == "img"]
    assert len(pictures) >= 10
    assert all(len(attributes["alt"]) > 20 for attributes in pictures)
    text = (results_of(run, request) / "report.html").read_text()
    for control in re.findall(r"<(?:input|select)[^>]*>", text):
        before = text[: text.index(control)]
        assert before.rindex("<label") > before.rfind("</label>")


UNFILLED = ("snakemake.", "{{", "{%", "{'", "None", "Undefined", "System Message", " .", "()")


@pytest.mark.parametrize("contrast", [0, 1])
def test_captions_of_t_and_f_are_filled_in(study, contrast):
    found = findings(Results(study / "results" / "groups"))
    for name in [path.stem for path in captions.FOLDER.iterdir() if path.stem != "workflow"]:
        text = captions.caption(name, found, found["contrasts"][contrast])
        assert [words for words in UNFILLED if words in text] == [], name


@pytest.mark.parametrize("run", ["default", "real", "escaped"])
def test_captions_are_filled_in(run, request):
    text = page_of(results_of(run, request)).text
    assert [words for words in UNFILLED if words in text[: text.index("Provenance Workflow")]] == []
    assert "with a family-wise p value of at most 0.05, of the statistic" in text


def test_where_nothing_passes_figures_and_page_say_so(small_run):
    results = small_run / SMALL
    entries = {entry["method"]: entry for entry in read_json(results / "contrast-age_thresholds.json")}
    assert entries["fdr"]["threshold"] is None
    assert entries["fdr"]["voxels_above"] == entries["bonferroni"]["voxels_above"] == 0
    assert read_json(results / "contrast-age_desc-maxT_null.json")["voxels_above"] == 0
    for name in ("stat-z_desc-fdr", "stat-logp_desc-bonferroni", "stat-logp_desc-maxT"):
        assert "no voxel" in (results / "figures" / f"contrast-age_{name}.svg").read_text()
    assert "No voxel passes a family-wise error rate" in page_of(results).text


def test_the_page_is_light(default_run):
    assert (default_run / DEFAULT / "report.html").stat().st_size < 8e6


@pytest.mark.parametrize("room", [0, 2500])
def test_maps_that_would_make_the_page_too_large_are_left_out_of_it_by_name(study, tmp_path, monkeypatch, room):
    monkeypatch.setattr("secondlevel.report.viewer_data.MOST_TEXT", room)
    results, page = Results(study / "results" / "groups"), tmp_path / "report.html"
    page.write_text(report_page(results, findings(results)))
    data, whole = viewer_data(page), viewer_data(results.path("report.html"))
    for contrast, all_of_it, left_out in zip(data["contrasts"], whole["contrasts"], data["left_out"], strict=True):
        labels, every = ([each["label"] for each in c["maps"]] for c in (contrast, all_of_it))
        assert labels[0] == every[0]  # the statistic
        assert left_out.startswith(f"{contrast['name']}: ")
        assert [label for label in every if label not in labels and label not in left_out] == []
        assert len(labels) == 1 if room == 0 else 1 < len(labels) < len(every)
    assert "some maps are left out of it, and are beside it as files: patients: " in Page(page.read_text()).text
    others = sum(len(each["voxels"]) for contrast in data["contrasts"] for each in contrast["maps"][1:])
    assert others <= room


def write_json(path, change):
    content = read_json(path)
    change(content)
    path.write_text(json.dumps(content))


def in_text(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def in_peak(path):
    """Make a map's values seven times as large."""
    image = nib.load(path)
    nib.save(nib.Nifti1Image(7 * np.asarray(image.dataobj), image.affine), path)


FLUENCY = "contrast-fluency"
# For each result file a change, and what the page says then.
CHANGES = {
    "provenance.json": (lambda p: write_json(p, lambda r: r["software"].update(numpy="9.8.7")), "numpy 9.8.7"),
    "sample.tsv": (lambda p: p.write_text("".join(p.read_text().splitlines(True)[:-1])), "88 subjects analysed"),
    "excluded.tsv": (lambda p: in_text(p, "S38\tmissing value of pseudo", "S38\tlost"), "1 left out: lost (S38)"),
    "quality.tsv": (lambda p: p.write_text(p.read_text() + "S99\tno" + "\tn/a" * 8 + "\n"), "95 subjects in the table"),
    "similarity.tsv": (lambda p: p.write_text(re.sub(r"n/a$", "sd", p.read_text(), count=1, flags=re.M)), "S01: sd"),
    "coverage.json": (lambda p: write_json(p, lambda c: c.update(share_of_brain=0.4321)), "43.2 % of the MNI152"),
    "mask.json": (lambda p: write_json(p, lambda m: m.update(VoxelsDroppedAsConstant=3210)), "3,210 where all maps"),
    "design.tsv": (lambda p: in_text(p, "\t27.0\t", "\t54.5\t"), "54.5"),
    "design.json": (lambda p: write_json(p, lambda d: d.update(centered={"pseudo": 12.5})), "subjects (12.5)"),
    "contrasts.tsv": (lambda p: in_text(p, "fluency\t1.0\t0.0", "fluency\t2.0\t0.0"), "fluency (= 2 fluency; t"),
    f"{FLUENCY}_thresholds.json": (
        lambda p: write_json(p, lambda t: t[0].update(voxels_above=4321)),
        "false discovery ratefalse discovery rate, 5 %z > 3.6024,321",
    ),
    f"{FLUENCY}_desc-maxT_null.json": (
        lambda p: write_json(p, lambda n: n.update(voxels_above=4321, scheme="flip", warnings=["Take care."])),
        "4,321 of 67,402 voxels pass",
    ),
    f"{FLUENCY}_desc-maxTFCE_null.json": (
        lambda p: write_json(p, lambda n: n["tfce"].update(extent_power=0.6)),
        "had E = 0.6",
    ),
    f"{FLUENCY}_desc-clusters_table.tsv": (lambda p: in_text(p, "\t7938.0\t", "\t1234567.0\t"), "1,234,567"),
    f"{FLUENCY}_stat-t_statmap.nii.gz": (in_peak, "t(87)61.33"),
    f"{FLUENCY}_stat-r_statmap.nii.gz": (in_peak, "partial r4.7"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_the_page_says_is_read_from_the_result_files(default_run, tmp_path, name):
    folder = tmp_path / "results"
    shutil.copytree(
        default_run / DEFAULT,
        folder,
        copy_function=lambda a, b: shutil.copy(a, b) if not a.endswith(".svg") or "quality" in a else None,
    )
    change, words = CHANGES[name]
    assert words not in page_of(folder).text
    change(folder / name)
    results = Results(folder)
    assert words in Page(report_page(results, findings(results))).text


def test_pictures_and_maps_are_the_files(default_run):
    text = (default_run / DEFAULT / "report.html").read_text()
    for path in [*(default_run / DEFAULT / "figures").glob("*.png")]:
        if path.stem == "quality":  # on the page as SVG, since its dots have names
            assert path.with_suffix(".svg").read_text().partition("<svg")[2] in text
        else:
            assert b64(path) in text, path.name


@pytest.mark.parametrize("run", ["default", "groups", "small"])
def test_maps_in_the_page_are_the_files(run, request):
    """To the digits that are shown; what is above a number of these, or above a preset, is what the file has there."""
    folder = results_of(run, request)
    data = viewer_data(folder / "report.html")
    voxels = int((np.asarray(nib.load(folder / "mask.nii.gz").dataobj) > 0).sum())
    for contrast in data["contrasts"]:
        for each in contrast["maps"][:: 4 if run == "default" else 1]:
            values, (seen, edges) = file_of(folder, contrast["name"], each["key"]), middles(each, voxels)
            np.testing.assert_allclose(seen, values, rtol=0, atol=0.2501 * 10.0 ** -each["kept"])
            assert [f"{v:.{each['digits']}f}" for v in seen[::7]] == [f"{v:.{each['digits']}f}" for v in values[::7]]
            for edge in [*edges[:: max(1, len(edges) // 50)], *(preset["value"] for preset in each["presets"])]:
                assert (seen > edge).sum() == (values > edge).sum()
                assert (seen < -edge).sum() == (values < -edge).sum()


def b64(path):
    return b64encode(path.read_bytes()).decode()


def results_of(run, request):
    """The folder of results by a short name."""
    if run == "default":
        return request.getfixturevalue("default_run") / DEFAULT
    if run == "small":
        return request.getfixturevalue("small_run") / SMALL
    if run == "real":
        return request.getfixturevalue("emotion_regulation_run") / EMOTION
    return request.getfixturevalue("study") / "results" / run


@needs_browser
@pytest.mark.parametrize("run", ["default", "real", "escaped", "groups", "small"])
def test_the_page_works_offline_in_a_browser(run, request, tmp_path):
    folder = results_of(run, request)
    page = folder / "report.html"
    with Browser(tmp_path) as browser:
        assert browser.open(page)
        for check in CHECKS[run]:
            check(browser, folder)
        assert browser.run("return window.hacked") is None
        assert browser.complaints() == []
        assert browser.addresses() == {page.as_uri()}


@needs_browser
def test_without_webgl_the_page_says_so_and_the_rest_works(study, tmp_path):
    with Browser(tmp_path, "--disable-3d-apis") as browser:
        assert not browser.open(study / "results/escaped/report.html")
        assert "cannot draw the interactive viewer" in text_of(browser, "unavailable")
        assert browser.run("return document.getElementById('viewer-body').hidden")
        assert browser.complaints() == []


def check_width(browser, folder):
    """The page fits a screen and a phone."""
    for width in (1200, 375):
        browser.resize(width, 800)
        assert browser.run("return document.documentElement.scrollWidth") <= width


@needs_browser
def test_the_page_of_all_analyses_leads_to_their_reports(study, tmp_path):
    page = study / "results" / "index.html"
    with Browser(tmp_path) as browser:
        browser.driver.get(page.as_uri())
        links = browser.run("return [...document.querySelectorAll('h2 a')].map(e => [e.textContent, e.href])")
        reports = {name: (study / "results" / name / "report.html").as_uri() for name in ("escaped", "groups")}
        assert dict(links) == reports
        text = browser.run("return document.body.innerText")
        for name in reports:
            browser.open(study / "results" / name / "report.html")
            for headline in browser.run("return [...document.querySelectorAll('.headline')].map(e => e.textContent)"):
                assert headline in text
        browser.driver.get(page.as_uri())
        browser.resize(390, 800)
        assert browser.run("return document.documentElement.scrollWidth") <= 390
        assert all(browser.run("return [...document.images].map(e => e.naturalWidth > 0)"))
        assert browser.run("return window.hacked") is None


# Of each page what the others do not show: real maps have another grid, and names of the small study look like code.
CHECKS = {
    "default": [
        check_first_screen,
        check_contents,
        check_enlarging,
        check_scrolling,
        check_folded,
        check_threshold,
        check_maps,
        check_presets,
        check_places,
        check_beside_tables,
        check_views,
        check_picture,
        check_discoveries,
        check_width,
        check_print,
    ],
    "real": [check_first_screen, check_presets, check_places, check_discoveries, check_width],
    "escaped": [check_first_screen, check_atlas, check_width],
    "groups": [
        check_first_screen,
        check_groups,
        check_scrolling,
        check_maps,
        check_presets,
        check_discoveries,
        check_atlas,
        check_width,
    ],
    "small": [check_nothing_passes, check_maps, check_presets, check_width],
}


def test_the_example_of_the_documentation_has_what_pages_have_now(default_run):
    """If not, make it anew: the report of the default analysis, as docs/example_report.html."""
    pages = REPO / "docs/example_report.html", default_run / "results/simulated_localizer/report.html"
    tags = re.compile(r"<(?:section|h[1-4]|th|button|option|summary)\b[^>]*>[^<]*")
    example, page = (tags.findall(path.read_text(encoding="utf-8")) for path in pages)
    assert example == page
    assert len(page) > 100
