"""The report of an analysis as one HTML page that needs nothing else."""

import json
from base64 import b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from secondlevel.base.wording import AXES, count, listed, p_value, percent, where
from secondlevel.inference.catalogue import CORRECTIONS, TABLES, figures
from secondlevel.report.answer import (
    active,
    cautions,
    chosen,
    corrections,
    passing,
    peak_facts,
    peak_sentence,
    tested_as,
)
from secondlevel.report.captions import caption
from secondlevel.report.citations import references
from secondlevel.report.headline import headline
from secondlevel.report.methods import methods
from secondlevel.report.packing import packed_text
from secondlevel.report.question import in_words
from secondlevel.report.table_one import table_one
from secondlevel.report.viewer_data import on_show, viewer_data
from secondlevel.sample.people import maps_and_people
from secondlevel.space.units import PIXELS, UNITS

FOLDER = Path(__file__).parent / "page_files"
SECTIONS = {
    "answer": "Answer",
    "sample": "Sample",
    "quality": "Quality",
    "design": "Design",
    "results": "Results",
    "inference": "Inference",
    "methods": "Methods",
    "provenance": "Provenance",
}
HEADINGS = {"mm2": "mm²", "mm3": "mm³", "discoveries": "active, at least"}
UNTESTED = {known.table.kind for known in CORRECTIONS if known.of_clusters}
# One module in the page.
PARTS_OF_VIEWER = ("unpack", "canvas", "image", "scene", "colours", "readout", "thresholds", "discoveries", "keys")
PARTS_OF_VIEWER += ("table", "picture")
OF_MESHES = {"image": ("mesh",), "scene": ("mesh_tiles", "mesh_pick", "mesh_scene")}  # in the place of these
# How the pictures of a contrast are called, drawn over the brain or not.
DRAWN = {
    True: {
        "whole": "Axial slices of the whole z map of ",
        "around": ", with a line around ",
        "z": "Slices of the z map of ",
        "passing": " where it passes the false discovery rate: ",
        "p": "Slices of -log10 p of ",
    },
    False: {
        "whole": "The whole z map of ",
        "around": ", which marks ",
        "z": "What passes the false discovery rate for ",
        "passing": ": ",
        "p": "-log10 p of ",
    },
}
SCALE = 0.75  # of the figures' 150 pixels an inch, sharp on fine screens
# Columns of whole numbers, or of numbers without digits.
WHOLE = {"mm2", "mm3", "nodes", "elements", "discoveries", *(unit.many for unit in (PIXELS, *UNITS.values()))}
MOST_P = 0.2  # of clusters that are not folded
MOST_ROWS = 500  # of a table; the page must stay light


def report_page(results, found, atlas=None):
    """Write the report.

    Parameters
    ----------
    results : findings.Results
        Whose figures and maps are shown.
    found : dict
        From `findings.findings`.
    atlas : inference.atlas.Atlas, optional
        That names what is under the viewer's cross.

    Returns
    -------
    str
    """
    shown, text = viewer_data(results, found, atlas), methods(found)
    template = environment(found).get_template("report.html")
    return template.render(
        found=found,
        summary=summary(found),
        headlines="\n".join(f"{contrast['name']}\t{headline(contrast)}" for contrast in found["contrasts"]),
        sections=SECTIONS.items(),
        reasons=by_reason(found["excluded"]).items(),
        methods=text,
        references=references(" ".join(text)),
        settings_text=json.dumps(found["settings"], indent=2, ensure_ascii=False),
        viewer_data=shown,
        scripts_of_viewer=scripts_of_viewer("meshes" in shown["grid"]) if shown else [],
        asset=lambda name: Markup(text_of(name)),
        packed_asset=lambda name: packed_text(text_of(name)),
        png=lambda name: picture(results.path(name)),
        svg=lambda name: drawing(results.path(name)),
        caption=lambda name, contrast=None: caption(name, found, contrast),
        is_there=lambda name: name in results,
    )


def environment(found):
    """What fills in the templates of the page, with the functions and words that they use."""
    loader = FileSystemLoader(FOLDER)
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    words = (count, listed, maps_and_people, p_value, percent, where, tested_as, in_words, headline, passing)
    words += (
        active,
        chosen,
        corrections,
        peak_facts,
        cautions,
        table_one,
        by_evidence,
        most_active,
        cell,
        figures,
        place_of,
    )
    page.globals |= {function.__name__: function for function in words} | {"most_p": MOST_P, "most_rows": MOST_ROWS}
    page.globals |= of_elements(found["elements"]) | {"drawn": DRAWN[found["space"].brain]}
    page.globals["places_of"] = found["space"].place_columns
    return page


def of_elements(unit):
    """The words of a page that differ with what an element is."""
    columns = {f"p_{known.key}": unit.worded(known.column) for known in CORRECTIONS if known.column}
    return {
        "one": unit.one,
        "many": unit.many,
        "above": f"{unit.many}_above",
        "labels": {known.key: unit.worded(known.label) for known in CORRECTIONS},
        "headings_of": HEADINGS | columns,
        "tables": {kind: unit.worded(table.heading) for kind, table in TABLES.items()},
    }


def place_of(row, places):
    """Where a row of a table of clusters is: its place in mm, None if the viewer does not show it, and words."""
    place = {column: row[column] for column in places}
    mm = [place[axis] for axis in AXES if place.get(axis) not in (None, "", "n/a") and on_show(place)]
    return (",".join(str(float(value)) for value in mm) if len(mm) == len(AXES) else None), where(place)


def scripts_of_viewer(meshes):
    """The files of the viewer of volumes, or of meshes, in their order."""
    parts = [part for known in PARTS_OF_VIEWER for part in (OF_MESHES.get(known, (known,)) if meshes else (known,))]
    return [*(f"viewer_{part}.js" for part in parts), "viewer.js"]


def text_of(name):
    """A file of the page."""
    return (FOLDER / name).read_text(encoding="utf-8")


def summary(found):
    """The answers in short, a line for each contrast, as they stand at the end of a run, too."""
    name = found["record"]["analysis"]
    return "\n".join(f"{name}, {each['name']}: {passing(each)} {peak_sentence(each)}" for each in found["contrasts"])


def picture(path):
    """A PNG file as an address that holds it, and its size on the page in pixels."""
    data = path.read_bytes()
    width, height = (round(int.from_bytes(data[start : start + 4]) * SCALE) for start in (16, 20))
    return {"address": f"data:image/png;base64,{b64encode(data).decode()}", "width": width, "height": height}


def drawing(path):
    """An SVG file as an element of the page."""
    text = path.read_text(encoding="utf-8")
    return Markup(text[text.index("<svg") :])


def by_reason(excluded):
    """The subjects who were left out, by reason."""
    reasons = {}
    for row in excluded:
        reasons.setdefault(row["reason"], []).append(row["participant_id"])
    return reasons


def by_evidence(kind, rows):
    """The rows of a table that are shown, and those that are folded.

    Folded are clusters whose every p is above MOST_P, in tables of clusters that need not have passed anything.
    """
    least = dict.fromkeys((row["cluster"] for row in rows), 0.0 if kind not in UNTESTED else 1.0)
    for row in rows:
        ps = [float(row[key]) for key in row if key.startswith("p_") and row[key] not in ("", "n/a")]
        least[row["cluster"]] = min([least[row["cluster"]], *ps])
    shown = [row for row in rows if least[row["cluster"]] <= MOST_P]
    return shown, [row for row in rows if least[row["cluster"]] > MOST_P]


def most_active(regions):
    """The rows of a table of regions of which something is shown, from the largest share down."""
    shown = [row for row in regions if row["discoveries"] != "0"]
    return sorted(shown, key=lambda row: -float(row["discoveries_share"]))


def cell(key, text):
    """A cell of a table of clusters, with digits that count."""
    if text in ("", "n/a"):
        return ""
    if key.startswith("p_"):
        return p_value(float(text))
    if key == "discoveries_share":
        return f"{int(100 * float(text) + 1e-9)} %"  # a lower bound is not rounded up
    if key in WHOLE:
        return f"{float(text):,.0f}"
    if key == "effect":  # in the maps' own unit
        return f"{float(text):.3g}"
    return text if key == "label" else f"{float(text):.2f}"
