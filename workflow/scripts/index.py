"""The page that leads to the reports of all analyses in a folder of results.

It is written at the end of a run, by no rule: analyses of other configs can lie in the folder, and be run at the same
time, for which a common output would be locked. Plain Python, loaded by the Snakefile.
"""

import html
import os
import re
import uuid
from pathlib import Path
from urllib.parse import quote

NAME = "index.html"
HEADLINES = re.compile('<meta name="headlines" content="([^"]*)"')
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Second-level analyses</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 68rem; margin: 1.5rem auto; padding: 0 1rem; }}
ul {{ list-style: none; padding: 0; }}
.analysis {{ border: 1px solid #8886; border-radius: .6rem; padding: 1rem 1.2rem; margin: 0 0 1rem; }}
.analysis {{ overflow-wrap: anywhere; }}
h2 {{ margin: 0 0 .4rem; font-size: 1.2rem; }}
.contrast {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }}
.contrast {{ gap: .4rem 1rem; align-items: center; padding: .4rem 0; }}
img {{ width: 100%; height: auto; background: #fff; border-radius: .3rem; }}
</style>
</head>
<body>
<h1>Second-level analyses</h1>
<ul>
{analyses}
</ul>
</body>
</html>
"""


def headlines(report):
    """What a report found, as pairs of a contrast and a line; nothing of a file that is no report of this workflow."""
    with open(report, encoding="utf-8", errors="replace") as file:
        found = HEADLINES.search(file.read(100_000))
    lines = html.unescape(found[1]).splitlines() if found else []
    return [tuple(line.split("\t", 1)) for line in lines if "\t" in line]


def item(report):
    """An analysis in the list: a link to its report, and for each contrast what was found and a picture."""
    folder, address = html.escape(report.parent.name), quote(report.parent.name)
    parts = []
    for contrast, line in headlines(report):
        picture = f"figures/contrast-{contrast}_stat-z_desc-highlight.png"
        slices = f'<img src="{address}/{quote(picture)}" alt="Slices of the z map of {html.escape(contrast)}">'
        image = f'<a href="{address}/report.html#answer-{quote(contrast)}">{slices}</a>'
        words = f"<p><strong>{html.escape(contrast)}</strong><br>{html.escape(line)}</p>"
        parts.append(f'<div class="contrast">{words}{image if (report.parent / picture).is_file() else ""}</div>')
    title = f'<h2><a href="{address}/report.html">{folder}</a></h2>'
    return f'<li class="analysis">{title}{"".join(parts)}</li>'


def write_index(results):
    """Write the page, if there are reports of several analyses.

    Parameters
    ----------
    results : Path
        The folder that holds those of the analyses.

    Returns
    -------
    Path or None
        Of the page.
    """
    reports = sorted(path for path in Path(results).glob("*/report.html") if headlines(path))
    if len(reports) < 2:
        return None
    page = Path(results) / NAME
    part = page.with_name(f".part-{uuid.uuid4().hex}-{NAME}")
    part.write_text(PAGE.format(analyses="\n".join(map(item, reports))), encoding="utf-8")
    os.replace(part, page)
    return page
