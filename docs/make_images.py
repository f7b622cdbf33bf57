"""The design matrices in docs/designs, drawn from the configs on these pages and two small example tables.

From the project's folder: PYTHONPATH=workflow/scripts .venv/bin/python docs/make_images.py
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from secondlevel.figures.design import draw_design
from secondlevel.model.aliasing import fitted_design
from secondlevel.model.design import design_variables

DOCS = Path(__file__).resolve().parent
INCHES, DPI = (5.8, 4.4), 100


def people(n=24):
    """A table of people, those of one group after those of the other."""
    rng, number = np.random.default_rng(7), np.arange(n)
    return pd.DataFrame(
        {
            "participant_id": [f"sub-{i + 1:02}" for i in number],
            "group": np.where(number < n // 2, "control", "patient"),
            "site": np.array(["Bath", "Lund", "Ulm"])[number // 4 % 3],
            "sex": np.where(number // 2 % 2, "m", "f"),
            "age": rng.normal(40, 9, n).round(1),
            "score": rng.normal(12, 3, n).round(1),
        }
    )


def visits(n=12):
    """A table of people who were seen twice."""
    rows = [(f"P{i + 1:02}", session) for i in range(n) for session in ("before", "after")]
    return pd.DataFrame(rows, columns=["subject", "session"])


def repeated(n=20):
    """A table of people of two groups who were asked for three visits, some of which they missed."""
    rng = np.random.default_rng(3)
    rows = [
        (f"P{i + 1:02}", ("control", "patient")[i % 2], visit, months, round(rng.normal(5 + i % 3, 1), 1))
        for i in range(n)
        for visit, months in (("first", 0), ("second", 6), ("third", 12))
        if visit == "first" or rng.random() > 0.2
    ]
    return pd.DataFrame(rows, columns=["subject", "group", "visit", "months", "mood"])


def kin():
    """A table of twins and single children from three sites."""
    sizes = [("mz", 2)] * 4 + [("dz", 2)] * 4 + [("single", 1)] * 4
    families = [(site, kind, size) for site in ("Bath", "Lund", "Ulm") for kind, size in sizes]
    rows = [
        (site, f"F{number + 1:02}", kind) for number, (site, kind, size) in enumerate(families) for _ in range(size)
    ]
    table = pd.DataFrame(rows, columns=["site", "family", "zygosity"])
    table.insert(0, "participant_id", [f"sub-{i + 1:02}" for i in range(len(table))])
    return table.assign(score=np.random.default_rng(5).normal(12, 3, len(table)).round(1))


def configs():
    """The configs of the pages that show a picture of their design, by the name of the analysis."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in sorted((DOCS / "designs").glob("*.md")))
    blocks = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", text, re.DOTALL))
    return {block["analysis"]: block for block in blocks if f"design_{block['analysis']}.png" in text}


def main():
    # Fewer visits than in the text: their matrix has a column for each subject.
    tables = {"participants.tsv": people(), "visits.tsv": visits(5)}
    for name, config in configs().items():
        source = config["datasets"]["own"]["participants"]
        factors, center = config.get("factors", {}), config.get("center", [])
        variables, _ = design_variables(tables[source].astype(str), config["design"], factors, center, source)
        design, rows, _ = fitted_design(config["design"], variables, config["contrasts"])
        contrasts = dict(zip(design.columns, np.vstack(list(rows.values())).T, strict=True))
        contrasts["contrast"] = np.array([contrast for contrast, weights in rows.items() for _ in weights])
        figure = draw_design(design.round(2), contrasts)
        figure.set_size_inches(INCHES)
        figure.axes[0].tick_params(axis="x", labelsize=8)
        figure.savefig(DOCS / "images" / f"design_{name}.png", dpi=DPI)


if __name__ == "__main__":
    main()
