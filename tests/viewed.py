"""What the viewer of a report does, in a browser: maps, thresholds, places, views, the way to its tables and back."""

import json
import re
import time
import zlib
from base64 import b64decode

import nibabel as nib
import numpy as np
from matplotlib.image import imread

from secondlevel.base.files import read_json

SETTINGS = re.compile(r'<script type="application/json" id="viewer-data">(.*?)</script>', re.S)


def viewer_data(page):
    """The data of the viewer in a page."""
    return json.loads(SETTINGS.search(page.read_text(encoding="utf-8"))[1])


def unpacked(text, count):
    """Whole numbers from their packed text, one by one."""
    data, number, numbers = zlib.decompress(b64decode(text)), 0, []
    for index in range(count):
        step = sum(data[place * count + index] << 8 * place for place in range(len(data) // count))
        number += step // 2 if step % 2 == 0 else -(step + 1) // 2
        numbers.append(number)
    return np.array(numbers)


def middles(data, count):
    """The values of a packed map, and the edges between which they lie."""
    unit = 2 * 10.0 ** data["kept"]
    edges = {n / unit for n in range(int(np.ceil(data["maximum"] * unit)) + 1)}
    edges = np.sort([*(edges | {preset["value"] for preset in data["presets"] if preset["value"] > 0})])
    bins = unpacked(data["voxels"], count)
    upper, lower = edges[np.abs(bins)], edges[np.maximum(np.abs(bins) - 1, 0)]
    return np.sign(bins) * (lower + upper) / 2, edges


def file_of(folder, contrast, key):
    """The file of a map by its name in the viewer, with its values inside the mask."""
    stat, _, desc = key.partition("_")
    names = [f"stat-{stat}_desc-{desc}" if desc else f"stat-{stat}", f"stat-logp_desc-{key}"]
    (path,) = [p for name in names for p in folder.glob(f"contrast-{contrast}_*{name}_statmap.nii.gz")] or [
        p for name in names for p in folder.glob(f"contrast-{contrast}_{name}_statmap.nii.gz")
    ]
    inside = np.asarray(nib.load(folder / "mask.nii.gz").dataobj) > 0
    return np.asarray(nib.load(path).dataobj, dtype=np.float64)[inside] + 0.0  # -0 is 0, too


def text_of(browser, name):
    """The text of an element of the viewer."""
    return browser.run("return document.getElementById(`viewer-${arguments[0]}`).textContent", name)


def choose(browser, name, value):
    """Give a field of the viewer a value, and wait until the title tells of it."""
    browser.run(
        "const field = document.getElementById(`viewer-${arguments[0]}`); field.value = arguments[1];"
        "field.dispatchEvent(new Event('input')); field.dispatchEvent(new Event('change'))",
        name,
        value,
    )
    if name in ("map", "contrast"):
        browser.until(
            "const chosen = n => document.getElementById(`viewer-${n}`).selectedOptions[0].text;"
            "const title = document.getElementById('viewer-title').textContent;"
            "return title.startsWith(`${chosen('contrast')}: `) && title.endsWith(chosen('map'))"
        )


def press(browser, name):
    """Press a button of the viewer."""
    browser.run("document.getElementById(`viewer-${arguments[0]}`).click()", name)


def counted(browser):
    """How many voxels the viewer says are above its threshold."""
    return int(re.match(r"\d+", text_of(browser, "count").replace("No voxel", "0"))[0])


def drawn(browser):
    """The number of pixels in colour."""
    return browser.run("return secondlevelViewer.drawn()")


def check_threshold(browser, folder):
    """The slider changes what is drawn, and the count is that of the file."""
    name = browser.run("return document.getElementById('viewer-contrast').value")
    z = file_of(folder, name, "z")
    choose(browser, "map", "z")
    choose(browser, "slider", 1)
    several = drawn(browser)
    assert several > 100
    assert text_of(browser, "count").startswith(f"{(z > 1).sum()} voxels are above 1.00")
    choose(browser, "slider", 2)
    assert 0 < drawn(browser) < several
    assert text_of(browser, "count").startswith(f"{(z > 2).sum()} voxel")
    choose(browser, "slider", browser.run("return document.getElementById('viewer-slider').max"))
    assert text_of(browser, "count").startswith("No voxel is above this threshold")
    assert drawn(browser) == 0


def check_maps(browser, folder):
    """Every map of every contrast can be chosen, is named with it, and has the values of its file."""
    data = viewer_data(folder / "report.html")
    assert data["left_out"] == []
    wanted = {"z", "maxT", "bonferroni"}
    for contrast in data["contrasts"]:
        keys = {each["key"] for each in contrast["maps"]}
        of_t = {"t", "effect", "effect_lower95", "effect_upper95", "r", "d"}
        assert keys >= wanted | (of_t if "t" in keys else {"F", "r2"})
        choose(browser, "contrast", contrast["name"])
        for each in contrast["maps"]:
            choose(browser, "map", each["key"])
            assert text_of(browser, "title").startswith(f"{contrast['name']}: ")
            values = file_of(folder, contrast["name"], each["key"])
            seen = np.array(browser.run("return Array.from(secondlevelViewer.values())"))
            np.testing.assert_allclose(seen, values, rtol=0, atol=0.2501 * 10.0 ** -each["kept"])
    choose(browser, "contrast", data["contrasts"][0]["name"])


def check_presets(browser, folder):
    """Each map offers the answer's correction, whose voxels are counted as in its summary; so do the others."""
    for contrast in viewer_data(folder / "report.html")["contrasts"]:
        choose(browser, "contrast", contrast["name"])
        null = read_json(folder / f"contrast-{contrast['name']}_desc-maxT_null.json")
        entries = {e["method"]: e for e in read_json(folder / f"contrast-{contrast['name']}_thresholds.json")}
        above = {"FWE": null["voxels_above"], "FDR": entries["fdr"]["voxels_above"]}
        above |= {"Bonferroni": entries["bonferroni"]["voxels_above"], "p": entries["uncorrected"]["voxels_above"]}
        offered = {}
        for key in ("z", contrast["maps"][0]["key"], "r", "r2", "d"):
            if key not in {each["key"] for each in contrast["maps"]}:
                continue
            choose(browser, "map", key)
            if browser.run("return document.getElementById('viewer-negative').checked") != null["two_sided"]:
                press(browser, "negative")
                repainted = "document.getElementById('viewer-negative').dispatchEvent(new Event('input'))"
                browser.run(repainted)
            labels = browser.run("return [...document.getElementById('viewer-presets').children].map(e => e.innerText)")
            for number, preset in enumerate(labels):
                browser.run(f"document.getElementById('viewer-presets').children[{number}].click()")
                assert counted(browser) == above[preset.split()[0]], (contrast["name"], key, preset)
                pressed = browser.run(
                    "return [...document.querySelectorAll('#viewer-presets [aria-pressed=true]')].map(e => e.innerText)"
                )
                assert preset in pressed
            offered[key] = {preset.split()[0] for preset in labels}
        # What stands in the answer is offered even if nothing passes, the others where something does.
        assert "FWE" in offered[contrast["maps"][0]["key"]]
        for labels in offered.values():
            assert labels >= {name for name, count in above.items() if count and name != "Bonferroni"}
        choose(browser, "map", "maxT")
        assert f"(p = {null['alpha']:g})" in text_of(browser, "count") or "No voxel" in text_of(browser, "count")
        assert counted(browser) == null["voxels_above"]


def check_places(browser, folder):
    """A click in a table moves the viewer to a voxel, of which it tells the values, and keys move it on."""
    data = viewer_data(folder / "report.html")
    image = nib.load(next(folder.glob(f"contrast-{data['contrasts'][0]['name']}_*stat-z_statmap.nii.gz")))
    rows = browser.run(
        "return [...document.querySelectorAll('.clusters tr[data-mm]')].filter(e => e.dataset.contrast ==="
        " arguments[0]).map(e => e.dataset.mm)",
        data["contrasts"][0]["name"],
    )
    assert len(rows) >= 2
    for number, place in [(0, rows[0]), (len(rows) - 1, rows[-1])]:
        browser.run(f"document.querySelectorAll('.clusters td button')[{number}].click()")
        mm = [float(value) for value in place.split(",")]
        browser.until(f"return Math.hypot(...secondlevelViewer.position().map((v, i) => v - {mm}[i])) < 0.01")
        value = image.dataobj[tuple(np.round(np.linalg.solve(image.affine, [*mm, 1])[:3]).astype(int))]
        assert f"z {value:.2f}" in text_of(browser, "voxel")
        assert f"at {', '.join(f'{round(v, 2):g}' for v in mm)} mm" in text_of(browser, "at")
    before = browser.run("return secondlevelViewer.position()")
    browser.press("viewer-canvas", "ARROW_RIGHT", "ARROW_UP", "PAGE_DOWN")
    moved = np.subtract(browser.run("return secondlevelViewer.position()"), before)
    sizes = np.linalg.norm(image.affine[:3, :3], axis=0)
    np.testing.assert_allclose(moved, [sizes[0], -sizes[1], sizes[2]], atol=1e-3)
    keys = text_of(browser, "keys")
    assert all(f" along {axis}" in keys for axis in "xyz")
    for hint in ("#viewer-keys", ".viewer-canvas:focus + .viewer-hint"):
        assert browser.run("return document.querySelector(arguments[0]).checkVisibility()", hint)


def check_atlas(browser, folder):
    """Under the cross stands the name of the region."""
    for place, name in ((3, "<b>right</b>"), (-3, "left"), (0, "no region of the atlas")):
        choose(browser, "x", place)
        assert f"in {name}" in text_of(browser, "at")
    assert browser.run("return document.querySelector('#viewer-at b')") is None


def check_beside_tables(browser, folder):
    """The viewer stays in view wherever its tables are, and leads back to the row that it shows, folded or not."""
    browser.still()
    row = "[...document.querySelectorAll('.explore-tables tr[data-mm]')].at(-2)"
    fold = "document.querySelectorAll('details.folded').forEach(e => {{ e.open = {} }})"
    boxes = (
        f"return [document.getElementById('viewer-canvas'), {row}, document.querySelector('.viewer-stage')]"
        ".map(e => e.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
    )
    for width, height in ((1366, 768), (390, 844)):
        browser.resize(width, height)
        browser.run(f"{fold.format('true')}; {row}.scrollIntoView({{block: 'end'}})")
        browser.run(f"{row}.querySelector('button').click()")
        browser.until("return document.getElementById('viewer-back').textContent.startsWith('Back to cluster')")
        for again in (False, True):
            if again:
                browser.run(f"{fold.format('false')}; scrollTo(0, 0)")
                press(browser, "back")
                browser.until(f"return {row}.contains(document.activeElement)")
                assert browser.run(f"return {row}.getAttribute('aria-current')") == "true"
            canvas, line, stage = browser.run(boxes)
            for box in (canvas, line):
                assert 40 <= box[1] < box[3] <= height + 1, (width, again, box)
            assert canvas[2] <= line[0] if width > 1000 else stage[3] <= line[1]
        assert browser.run("return document.documentElement.scrollWidth") <= width
    choose(browser, "x", -60)
    assert re.search(r"Nearest in the table: cluster \d+.*, \d+ mm away", text_of(browser, "back"))


def check_views(browser, folder):
    """Zoom, opacity, each view, and turning change what is drawn."""
    browser.resize(1366, 768)
    browser.until(
        "const c = document.getElementById('viewer-canvas'); return c.width === c.clientWidth && c.width > 450"
    )
    contrast = viewer_data(folder / "report.html")["contrasts"][0]
    choose(browser, "map", contrast["maps"][0]["key"])
    press(browser, "peak")
    choose(browser, "threshold", contrast["maps"][0]["maximum"] / 2)
    usual = drawn(browser)
    browser.press("viewer-canvas", "ADD", "ADD")
    assert drawn(browser) > 1.5 * usual
    assert text_of(browser, "zoom") == "2.3×"
    browser.press("viewer-canvas", "NUMPAD0")
    assert drawn(browser) == usual
    choose(browser, "opacity", 0)
    assert drawn(browser) == 0
    choose(browser, "opacity", 1)
    views = browser.run("return [...document.getElementById('viewer-view').options].map(e => e.value)")
    seen = {}
    for view in views:
        choose(browser, "view", view)
        seen[view] = drawn(browser)
    assert min(seen.values()) > 0
    assert len(set(seen.values())) == len(views)
    browser.run(
        "document.getElementById('viewer-canvas').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'ArrowLeft', shiftKey: true}))"
    )
    assert drawn(browser) != seen["glass"]
    choose(browser, "view", "all")


def check_picture(browser, folder):
    """The picture that is saved has what is drawn, and words below it; its name says what it is."""
    press(browser, "save")
    data, deadline = viewer_data(folder / "report.html"), time.time() + 30
    while not (found := list(browser.downloads.glob("*.png"))) and time.time() < deadline:
        time.sleep(0.1)
    contrast = data["contrasts"][0]
    place = "_".join(f"{round(v, 2):g}" for v in browser.run("return secondlevelViewer.position()"))
    assert found[0].name == f"{data['analysis']}_{contrast['name']}_{contrast['maps'][0]['key']}_{place}.png"
    pixels = imread(found[0])[..., :3]
    width, height = browser.run("const c = document.getElementById('viewer-canvas'); return [c.width, c.height]")
    assert pixels.shape[1] == width
    assert pixels.shape[0] > height + 40
    coloured = (pixels.max(axis=2) - pixels.min(axis=2))[:height] > 40 / 255
    assert abs(coloured.sum() - drawn(browser)) <= 0.02 * coloured.sum()
    assert (pixels[height:].min(axis=2) > 0.9).sum() > 100  # words


def check_nothing_passes(browser, folder):
    """Where nothing passes, weaker values are seen at first; the answer's threshold is offered and leaves no voxel."""
    assert drawn(browser) > 50
    press(browser, "faint")
    (contrast,) = viewer_data(folder / "report.html")["contrasts"]
    labels = browser.run("return [...document.getElementById('viewer-presets').children].map(e => e.innerText)")
    assert labels[0].startswith("FWE")
    assert not any(label.startswith("FDR") for label in labels)
    browser.run("document.querySelector('#viewer-presets .viewer-answer').click()")
    largest = contrast["maps"][0]["maximum"]
    assert text_of(browser, "count").startswith("No voxel is above this threshold. The map's largest value is")
    assert largest < read_json(folder / f"contrast-{contrast['name']}_desc-maxT_null.json")["threshold"]
    assert drawn(browser) == 0
