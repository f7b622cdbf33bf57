"""What the result files of an analysis say, gathered for its report. All that the report states comes from here."""

from pathlib import Path

from secondlevel.base.columns import read_columns, read_rows
from secondlevel.base.files import read_json
from secondlevel.base.sides import peak
from secondlevel.inference.catalogue import (
    CORRECTIONS,
    DISCOVERIES,
    FROM_NULL,
    REGIONS,
    TABLES,
    summary_file,
    table_file,
    thresholds_file,
)
from secondlevel.model.comparison import comparison, read_weights
from secondlevel.model.maps import statmap
from secondlevel.model.terms import variables_of_design
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.in_words import tree_in_words
from secondlevel.permutation.statistics.catalogue import STATISTICS, chosen
from secondlevel.report.characteristics import ABOUT
from secondlevel.report.characteristics import NAME as CHARACTERISTICS
from secondlevel.report.provenance import NAME
from secondlevel.sample.people import people_of
from secondlevel.space.forms import form_of, sidecar
from secondlevel.space.registry import read_space

# What is told of the peak, if there is a map of it.
AT_PEAK = ("z", "effect", "effect_desc-lower95", "effect_desc-upper95", "d", "r", "r2", "logp_desc-maxT")


class Results:
    """The files of an analysis that its record lists; others in the folder, of an earlier config, are not seen."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.record = read_json(self.folder / NAME)
        self.form = form_of(self.record["settings"])
        self.mask = read_space([self.folder / name for name in self.form.mask])

    def __contains__(self, name):
        """Whether the record lists a file."""
        return all(part in self.record["outputs"] for part in (name if isinstance(name, list) else [name]))

    def path(self, name):
        """Where a file is."""
        return self.folder / name

    def json(self, name):
        """The content of a JSON file."""
        return read_json(self.folder / name)

    def rows(self, name):
        """The rows of a TSV file, dicts of text."""
        return read_rows(self.folder / name)

    def statmap(self, contrast, stat, desc=None):
        """The name of the file of a map of a contrast."""
        return statmap(contrast, stat, desc, self.form)

    def about(self, name):
        """What the JSON file of a map says, or of its first part."""
        return self.json(sidecar(name[0] if isinstance(name, list) else name))

    def map(self, name):
        """The values of a map inside the mask."""
        return self.mask.read([self.folder / part for part in name] if isinstance(name, list) else self.folder / name)


def findings(results):
    """Gather what there is to say of an analysis.

    Parameters
    ----------
    results : Results

    Returns
    -------
    dict
        ``record``, ``settings``, ``mask``, ``design`` and ``coverage`` as in the JSON files; ``kept``, ``excluded``,
        ``quality``, ``outliers`` and ``without_participant``, rows of text; ``people``, how many the maps are of;
        ``tree``, the blocks in words by scheme; ``notices``, what `inference.assumptions` found; ``calibration``, as in
        its JSON file, or None; ``columns`` of the design; ``contrasts``, what `contrast_findings` gives for each. Of
        all, and of each contrast: ``dependent``, whether rows belong together, the ``unit`` of the maps, ``elements``,
        what these are called, and the ``place_columns``. ``space`` is that of the maps.
    """
    settings, similarity = results.record["settings"], results.rows("similarity.tsv")
    person = people_of(sample := read_columns(results.path("sample.tsv")), settings)
    n_people = len(set(person))
    variables = variables_of_design(results.json("design.json"), sample)
    of_all = of_maps(results) | {"dependent": n_people < len(person) or bool(settings["permutation"]["blocks"])}
    return {
        "record": results.record,
        "settings": settings,
        "space": results.mask,
        **{name: results.json(f"{name}.json") for name in ("mask", "design", "coverage")},
        "kept": results.rows("sample.tsv"),
        "people": n_people,
        "tree": trees(settings, sample),
        "notices": results.json("diagnostics.json")["notices"],
        "calibration": results.json("calibration.json") if "calibration.json" in results else None,
        **{name: results.rows(f"{name}.tsv") for name in ("excluded", "quality")},
        "outliers": [row for row in similarity if row["outlier"] != "n/a"],
        "without_participant": without_participant(results),
        "columns": design_columns(results.path("design.tsv"), variables),
        "characteristics": results.rows(CHARACTERISTICS) if CHARACTERISTICS in results else [],
        **of_all,
        "contrasts": [
            found | of_all | {"compared": comparison(found["rows"], variables)}
            for found in (contrast_findings(results, contrast["name"]) for contrast in settings["contrasts"])
        ],
    }


def of_maps(results):
    """The unit of the maps if it is known, what elements are called, how they are drawn, what tells their places."""
    unit = results.json(ABOUT)["units_of_maps"] if ABOUT in results else None
    space = results.mask
    told = {"elements": space.unit, "place_columns": space.place_columns, "pictures": results.form.pictures}
    return told | {"unit": unit}


def without_participant(results):
    """The maps that belong to no row of the table, rows of text."""
    names = [name for name in results.record["outputs"] if name.endswith("maps_without_participant.tsv")]
    return results.rows(names[0]) if names else []


def trees(settings, sample):
    """The exchangeability blocks in words, by the scheme of the shuffles."""
    blocks = Blocks.of_config(settings["permutation"]["blocks"], sample)
    return {scheme: tree_in_words(blocks, scheme) for scheme in ("permute", "flip", "both")}


def design_columns(path, variables):
    """For each column of a design its name, mean, standard deviation, least and largest value.

    Those of a covariate are of its values in the table, not of the centred column.
    """
    columns = read_columns(path)
    columns = {name: cells.astype(float) for name, cells in columns.items() if name != "participant_id"}
    columns = {name: x + variables.center(name) for name, x in columns.items()}
    return [
        {"name": name, "mean": x.mean(), "sd": x.std(ddof=1), "minimum": x.min(), "maximum": x.max()}
        for name, x in columns.items()
    ]


def contrast_findings(results, name):
    """Gather what there is to say of a contrast.

    Returns
    -------
    dict
        ``name``; ``rows``, of weights by column; ``thresholds`` and ``nulls`` by method; ``tables``, rows of text by
        kind; ``discoveries``, what its JSON file says, or None; ``regions``, rows of text; ``peak``, see
        `peak_findings`; ``model_peak``, the same of t or F, where something else was permuted.
    """
    nulls = {known.key: summary_file(name, known.key) for known in CORRECTIONS if known.source == FROM_NULL}
    tables = {kind: table_file(name, kind) for kind in TABLES}
    found = {
        "name": name,
        "rows": read_weights(results.path("contrasts.tsv"), name),
        "thresholds": {entry["method"]: entry for entry in results.json(thresholds_file(name))},
        "nulls": {method: results.json(file) for method, file in nulls.items() if file in results},
        "tables": {kind: results.rows(file) for kind, file in tables.items() if file in results},
    }
    bounds, regions = summary_file(name, DISCOVERIES), table_file(name, REGIONS)
    found["discoveries"] = results.json(bounds) if bounds in results else None
    found["regions"] = results.rows(regions) if regions in results else []
    two_sided, model = found["thresholds"]["fdr"]["two_sided"], "t" if results.statmap(name, "t") in results else "F"
    own = STATISTICS[chosen(results.record["settings"]["permutation"]["statistic"])[0]].stat
    found["model_peak"] = peak_findings(results, name, model, model, two_sided)
    if own is None:
        return found | {"peak": found["model_peak"]}
    return found | {"peak": peak_findings(results, name, own, found["nulls"]["maxT"]["statistic"]["name"], two_sided)}


def peak_findings(results, contrast, stat, name, two_sided):
    """Where a statistic is largest: ``place``, ``name``, ``stat``, ``statistic``, ``df``, and what other maps hold.

    Parameters
    ----------
    results : Results
    contrast : str
    stat : str
        The entity of its map.
    name : str
        As people call it.
    two_sided : bool

    Returns
    -------
    dict
    """
    values = results.map(results.statmap(contrast, stat))
    element = peak(values, two_sided)
    of_t, of_f = (results.statmap(contrast, name) for name in ("t", "F"))
    model = of_t if of_t in results else of_f
    files = {key: results.statmap(contrast, *key.split("_desc-")) for key in AT_PEAK}
    return {
        "place": dict(zip(results.mask.place_columns, results.mask.place(element), strict=True)),
        "name": name,
        "stat": stat,
        "statistic": float(values[element]),
        "df": results.about(model)["DegreesOfFreedom"] if stat in ("t", "F") else None,
        **{key: float(results.map(file)[element]) for key, file in files.items() if file in results},
    }
