"""The captions of the report, which are those of `snakemake --report`: reStructuredText with Jinja in it."""

from pathlib import Path
from types import SimpleNamespace

from docutils.core import publish_parts
from jinja2 import Environment
from markupsafe import Markup

from secondlevel.base.guarding import harmless

FOLDER = Path(__file__).parents[3] / "report"
# Nothing in a caption may read files or put HTML on the page, nor end with an error.
SAFE = {"raw_enabled": False, "file_insertion_enabled": False, "report_level": 5, "halt_level": 5}


def caption(name, found, contrast=None):
    """A caption as HTML.

    Parameters
    ----------
    name : str
        Of its file in workflow/report.
    found : dict
        From `findings.findings`.
    contrast : dict, optional
        The one of `found` that it is about.

    Returns
    -------
    markupsafe.Markup
    """
    text = (FOLDER / f"{name}.rst").read_text(encoding="utf-8")
    job = {
        "config": harmless(found["settings"]),
        "params": parameters(name, harmless(found["settings"]), contrast)
        | {"one": found["elements"].one, "many": found["elements"].many, "pictures": found["pictures"]}
        | {"center": harmless(list(found["design"]["centered"])), "scale": harmless(list(found["design"]["scaled"]))},
        "wildcards": {"contrast": contrast and contrast["name"]},
    }
    filled = (
        Environment(trim_blocks=True, lstrip_blocks=True).from_string(text).render(snakemake=SimpleNamespace(**job))
    )
    return Markup(publish_parts(filled, writer="html5", settings_overrides=SAFE)["body"])


def parameters(name, settings, contrast):
    """The parameters that a caption names, as its rule has them."""
    return {
        "fwhm": settings["smoothing_fwhm"],
        **settings["figures"],
        **settings["tables"],
        "alpha": settings["alpha"] if name == "thresholds" else settings["alpha"]["fwe"],
        "design": settings["design"],
        "contrasts": settings["contrasts"],
        "statistic": contrast and contrast["model_peak"]["name"],
        "two_sided": contrast and contrast["thresholds"]["fdr"]["two_sided"],
    }
