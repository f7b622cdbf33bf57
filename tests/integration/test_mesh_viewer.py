"""The viewer of maps on meshes, in a browser: what is drawn, the vertex under a click, and the way from a table."""

import base64
import time
from io import BytesIO

import numpy as np
import pytest
from matplotlib.image import imread

from browser import CHROMIUM, DRIVER, Browser
from mesh_page import write_page
from meshed import ball
from viewed import choose, drawn, middles, press, text_of

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium with chromedriver here")
N = 1500  # vertices of a mesh


def study(folder, names, drawn=False):
    """Two meshes, one of them not analysed in its middle half, maps on them, and the page."""
    meshes, shift = {}, {}
    for number, name in enumerate(names):
        points, triangles = ball(N, 0.02, number)
        meshes[name] = points * [30, 80, 50] + [80 * number - 40, -20, 10], triangles
        shift[name] = points * [45, 90, 60] + [0, -20, 10]  # inflated, each over the other
    vertices = np.concatenate([vertices for vertices, _ in meshes.values()]).round(2)
    inside = np.abs(vertices[:, 0] + 10) > 8
    z = 4 * np.sin(vertices[inside] @ [0.05, 0.08, 0.1])
    order = np.argsort(-np.abs(z))
    rows = vertices[inside][order[::60]].tolist()
    data = write_page(folder / "report.html", meshes, inside, z, rows, drawn=shift if drawn else None)
    return {"meshes": meshes, "vertices": vertices, "inside": inside, "z": z, "rows": rows, "data": data}


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def hemispheres(browser, tmp_path_factory):
    """A study of hemispheres that are drawn inflated, whose page is open."""
    folder = tmp_path_factory.mktemp("hemispheres")
    made = study(folder, ["left", "right"], drawn=True)
    assert browser.open(folder / "report.html")
    browser.resize(1000, 660)
    return made


def place(browser):
    return np.array(browser.run("return secondlevelViewer.position()"))


def dots(browser):
    """How many pixels of the canvas are as white as the dot alone is."""
    browser.run("secondlevelViewer.drawn()")
    time.sleep(0.15)
    box = browser.run(
        "const b = document.getElementById('viewer-canvas').getBoundingClientRect();"
        "return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height, scale: 1}"
    )
    shot = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "clip": box})
    pixels = imread(BytesIO(base64.b64decode(shot["data"])))[..., :3]
    return (pixels[4:-4, 4:-4].min(axis=2) > 0.93).sum()


def turn(browser, key, times):
    """Press an arrow with Shift."""
    browser.run(
        "for (let n = 0; n < arguments[1]; n += 1) document.getElementById('viewer-canvas').dispatchEvent("
        "new KeyboardEvent('keydown', {key: `Arrow${arguments[0]}`, shiftKey: true}))",
        key,
        times,
    )


def click(browser, across, up):
    """Click the canvas at a share of its width and height."""
    browser.run(
        "const c = document.getElementById('viewer-canvas'); const b = c.getBoundingClientRect();"
        "for (const type of ['pointerdown', 'pointerup', 'click']) c.dispatchEvent(new PointerEvent(type,"
        " {bubbles: true, clientX: b.x + arguments[0] * b.width, clientY: b.y + arguments[1] * b.height}))",
        across,
        up,
    )


def test_counts_values_and_colours_are_those_of_the_map(browser, hemispheres):
    z = middles(hemispheres["data"]["contrasts"][0]["maps"][1], len(hemispheres["z"]))[0]
    np.testing.assert_allclose(z, hemispheres["z"], atol=0.0026)
    choose(browser, "map", "z")
    seen = np.array(browser.run("return Array.from(secondlevelViewer.values())"))
    np.testing.assert_allclose(seen, z, atol=1e-9)
    pixels = []
    for threshold in (1, 2, 3.5):
        choose(browser, "slider", threshold)
        count = (np.abs(hemispheres["z"]) > threshold).sum()
        assert text_of(browser, "count") == f"{count} vertices are above {threshold:.2f} or below -{threshold:.2f}."
        pixels.append(drawn(browser))
    assert pixels[0] > pixels[1] > pixels[2] > 100
    choose(browser, "slider", browser.run("return document.getElementById('viewer-slider').max"))
    assert text_of(browser, "count").startswith("No vertex is above")
    assert drawn(browser) == 0
    choose(browser, "slider", 2)
    choose(browser, "opacity", 0)
    assert drawn(browser) == 0
    choose(browser, "opacity", 1)
    press(browser, "faint")
    assert drawn(browser) > pixels[1]
    press(browser, "faint")


@pytest.mark.parametrize("view", ["all", "solid", "alone left"])
def test_a_row_of_a_table_turns_to_its_vertex(browser, hemispheres, view):
    vertices, inside, z = (hemispheres[key] for key in ("vertices", "inside", "z"))
    choose(browser, "view", view)
    for number in range(0, len(hemispheres["rows"]), 12):
        browser.run(f"document.querySelectorAll('.clusters td button')[{number}].click()")
        mm = hemispheres["rows"][number]
        browser.until(f"return Math.hypot(...secondlevelViewer.position().map((v, i) => v - {mm}[i])) < 0.011")
        vertex = np.argmin(np.linalg.norm(vertices - mm, axis=1))
        name = ["left", "right"][vertex // N]
        written = ", ".join(f"{value:g}" for value in np.round(mm, 2))
        assert text_of(browser, "at").split() == f"{name}, vertex {vertex % N} at {written} mm".split()
        value = z[inside[:vertex].sum()]
        assert f"z {value:.2f} " in text_of(browser, "voxel")
        assert dots(browser) > 2, (view, number)


def test_a_click_finds_the_vertex_that_is_seen_there(browser, hemispheres):
    choose(browser, "view", "alone left")
    click(browser, 0.5, 0.5)
    # From the left, through the middle of the mesh as it is drawn: the nearest is the one farthest to the left.
    points, triangles = ball(N, 0.02, 0)
    flat = (points * [45, 90, 60])[:, 1:]
    flat = flat - (flat.max(axis=0) + flat.min(axis=0)) / 2
    found = []
    for corners in triangles:
        matrix = np.vstack([flat[corners].T, np.ones(3)])
        weights = np.linalg.solve(matrix, [0, 0, 1]) if abs(np.linalg.det(matrix)) > 1e-9 else [-1]
        if min(weights) >= 0:
            found.append((weights @ points[corners, 0], corners[np.argmax(weights)]))
    assert text_of(browser, "at").startswith(f" left, vertex {min(found)[1]} ")
    before = text_of(browser, "at")
    click(browser, 0.01, 0.99)  # beside the mesh
    assert text_of(browser, "at") == before


def test_keys_go_to_the_next_vertex_zoom_and_turn(browser, hemispheres):
    choose(browser, "view", "alone left")
    click(browser, 0.45, 0.4)
    vertices, triangles = hemispheres["vertices"], hemispheres["meshes"]["left"][1]
    for key, axis, sign in (("ARROW_UP", 2, 1), ("ARROW_RIGHT", 0, 1), ("PAGE_DOWN", 1, -1), ("ARROW_DOWN", 2, -1)):
        vertex = int(text_of(browser, "at").split("vertex ")[1].split()[0])
        around = np.unique(triangles[(triangles == vertex).any(axis=1)])
        browser.press("viewer-canvas", key)
        expected = around[np.argmax(sign * vertices[around, axis])]
        assert f"vertex {expected} " in text_of(browser, "at")
    usual = drawn(browser)
    browser.press("viewer-canvas", "ADD", "ADD")
    assert text_of(browser, "zoom") == "2.3×"
    assert drawn(browser) != usual
    assert dots(browser) > 2
    browser.press("viewer-canvas", "NUMPAD0")
    assert drawn(browser) == usual
    assert dots(browser) > 2
    turn(browser, "Left", 18)  # half around
    assert drawn(browser) != usual
    assert dots(browser) == 0
    turn(browser, "Right", 18)
    assert drawn(browser) == usual


def test_a_place_outside_says_so_and_any_place_is_that_of_the_nearest_vertex(browser, hemispheres):
    vertices, inside = hemispheres["vertices"], hemispheres["inside"]
    for axis, value in zip("xyz", (-12, -20, 58), strict=True):
        choose(browser, axis, value)
    nearest = np.argmin(np.linalg.norm(vertices - place(browser), axis=1))
    np.testing.assert_allclose(place(browser), vertices[nearest], atol=0.011)
    outside = vertices[np.flatnonzero(~inside)[3]]
    browser.run("document.querySelectorAll('.clusters tr')[0].dataset.mm = arguments[0].join()", outside.tolist())
    browser.run("document.querySelectorAll('.clusters td button')[0].click()")
    browser.until(
        f"return Math.hypot(...secondlevelViewer.position().map((v, i) => v - {outside.tolist()}[i])) < 0.011"
    )
    assert text_of(browser, "voxel") == "outside of the mask"


def test_the_picture_is_saved_and_nothing_was_asked_of_a_network(browser, hemispheres):
    choose(browser, "view", "all")
    press(browser, "save")
    deadline = time.time() + 30
    while not (found := list(browser.downloads.glob("*.png"))) and time.time() < deadline:
        time.sleep(0.1)
    pixels = imread(found[0])[..., :3]
    coloured = (pixels.max(axis=2) - pixels.min(axis=2)) > 40 / 255
    height = browser.run("return document.getElementById('viewer-canvas').height")
    assert abs(coloured[:height].sum() - drawn(browser)) <= 0.02 * drawn(browser)
    assert browser.complaints() == []
    assert all(address.startswith("file:") for address in browser.addresses())


def test_on_a_phone_all_is_seen_within_its_width(browser, hemispheres):
    browser.resize(390, 844)
    browser.until(
        "const c = document.getElementById('viewer-canvas'); return c.width === c.clientWidth && c.width < 390"
    )
    assert browser.run("return document.documentElement.scrollWidth") <= 390
    assert drawn(browser) > 100
    browser.resize(1000, 660)


def test_meshes_that_are_no_hemispheres_are_seen_together_or_alone(browser, tmp_path):
    study(tmp_path, ["<i>amygdala</i>", "solid"])
    assert browser.open(tmp_path / "report.html")
    options = browser.run("return [...document.getElementById('viewer-view').options].map(e => e.text)")
    assert options == ["all together", "<i>amygdala</i> alone", "solid alone"]
    seen = []
    for option in browser.run("return [...document.getElementById('viewer-view').options].map(e => e.value)"):
        choose(browser, "view", option)
        seen.append(drawn(browser))
    assert min(seen) > 100
    assert len(set(seen)) == 3
    assert browser.run("return document.querySelector('#viewer i')") is None
    assert browser.complaints() == []
