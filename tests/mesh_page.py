"""A page with nothing but the viewer, of maps on meshes, and a table of places."""

import json

import numpy as np
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from secondlevel.report.mesh_viewer_data import grid_of_meshes
from secondlevel.report.packing import packed_text
from secondlevel.report.page import FOLDER, scripts_of_viewer, text_of
from secondlevel.report.shown_maps import SIZE, TEST, P, ShownMap

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Viewer</title>
<style>{{ asset("page.css") }}{{ asset("viewer.css") }}</style></head><body><main><section><div class="explore">
{% include "viewer.html" %}
<div class="explore-tables"><table class="clusters"><tbody>
{% for mm in rows %}
<tr data-contrast="{{ contrasts[0].name }}" data-mm="{{ mm | join(",") }}"><th>{{ loop.index }}</th>
<td><button type="button">{{ mm | join(", ") }}</button></td></tr>
{% endfor %}
</tbody></table></div></div></section></main>
<script type="application/json" id="viewer-data">{{ viewer_data | tojson }}</script>
<script type="text/plain" id="viewer-niivue">{{ niivue }}</script>
<script type="module">
{% for name in scripts %}
{{ asset(name) }}
{% endfor %}
</script></body></html>
"""


def shown_maps(z):
    """Maps of a contrast from z at the vertices that are analysed, shape (n_elements,)."""
    presets = [{"label": "FDR 0.05", "value": 2.3, "answer": True}]
    maps = [
        ShownMap("t", "t", TEST, "", z * 1.1, presets=presets, threshold=2.3),
        ShownMap("z", "z", TEST, "", z, presets=presets, threshold=2.3),
        ShownMap("maxT", "permutation, vertices", P, "", np.clip(np.abs(z) - 1, 0, 3), presets=[], threshold=1.3),
        ShownMap("effect", "effect", SIZE, "", z / 7, threshold=0.1),
    ]
    return [each.packed("what it is") for each in maps]


def write_page(path, meshes, inside, z, rows, places=None, depth=None, drawn=None):
    """Write the page to a path.

    Parameters
    ----------
    meshes, inside, depth, drawn
        As `mesh_viewer_data.grid_of_meshes` takes them.
    z : ndarray, shape (n_elements,)
    rows : list of three floats
        Places in mm; the first is the peak.
    places : dict, optional
        As `viewer_data.places` gives it.
    """
    data = {
        "analysis": "study",
        "two_sided": True,
        "unit": {"one": "vertex", "many": "vertices"},
        "grid": grid_of_meshes(meshes, inside, depth, drawn),
        "brain": None,
        "places": places,
        "contrasts": [{"name": "group", "peak": rows[0], "maps": shown_maps(z)}],
        "left_out": [],
    }
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string(PAGE).render(
        viewer_data=data,
        contrasts=data["contrasts"],
        two_sided=True,
        left_out=[],
        meshes=True,
        rows=rows,
        scripts=scripts_of_viewer(True),
        niivue=packed_text(text_of("niivue-0.69.0.umd.js")),
        asset=lambda name: Markup(text_of(name)),
    )
    path.write_text(text, encoding="utf-8")
    return json.loads(json.dumps(data))
