"""The corrections for the search over the map: everything that rules, figures and report know of each, in one place.

Read by the rules, too, so it imports no other file. A correction is named by its key: as a max statistic in the nulls,
as ``desc-`` in names of files, as a method in ``thresholds.json``. `space.units.Unit.worded` fills the words for
elements into its texts.
"""

from dataclasses import dataclass

FROM_NULL, FROM_NULLS, FROM_Z = "null of the contrast", "nulls of all contrasts", "z"


@dataclass(frozen=True)
class Table:
    """The clusters that are listed of what a correction lets pass.

    Attributes
    ----------
    kind : str
        As ``desc-`` in the names of the table and of the image of the clusters' numbers.
    heading : str
        What passes.
    connectivity : str
        The key of the config below which the ``connectivity`` of its voxels stands.
    """

    kind: str
    heading: str
    connectivity: str = "tables"


@dataclass(frozen=True)
class Correction:
    """A correction.

    Attributes
    ----------
    key : str
    label : str
        In tables and sentences.
    source : str
        What it is read from: FROM_NULL, FROM_NULLS or FROM_Z.
    needs : str or None
        The key of the config, with dots, without which it is not made; None if it always is.
    map_title : str or None
        Of its map of -log10 p in a figure; None without such a map.
    evidence : str or None
        What its threshold is one of; None for the statistic itself, or for z.
    axis : str
        What stands before the statistic's name below the histogram of its null.
    column : str or None
        The heading of its p values in the tables of clusters; None without such a column.
    of_clusters : bool
        Whether its p value belongs to a whole cluster.
    own_map : str or None
        The entity ``stat-`` of the map of its own values; None without one.
    caption : str
        The file of workflow/report with the caption of its map.
    methods : str or None
        A sentence for a methods text, once for all corrections that share it. Settings below ``needs`` are filled in,
        and a work's key in braces becomes its citation.
    package : str or None
        The software that it needs beside what all need.
    table : Table or None
    controls : str
        The kind of error whose rate is held.
    assumes : str or None
        What it takes for granted; None for what the shuffles do.
    """

    key: str
    label: str
    source: str
    needs: str | None = None
    map_title: str | None = None
    evidence: str | None = None
    axis: str = ""
    column: str | None = None
    of_clusters: bool = False
    own_map: str | None = None
    caption: str = "permutation_map"
    methods: str | None = None
    package: str | None = None
    table: Table | None = None
    controls: str = "family-wise error"
    assumes: str | None = None


CLUSTERS = Table("clusters", "Clusters above the forming threshold", "clusters")
OF_CLUSTERS = (
    "Clusters were {many} above the forming threshold {threshold} that were connected to {neighbours}, "
    "tested by their extent and by their mass ({Bullmore1999})."
)
OF_TFCE = (
    "Threshold-free cluster enhancement ({Smith2009}) had E = {extent_power:g}, H = {height_power:g} and "
    "{neighbours}, on {statistic}."
)
CORRECTIONS = (
    Correction(
        "maxT",
        "permutation, {many}",
        FROM_NULL,
        map_title="permutation, {many}, family-wise",
        column="p, {one}",
        table=Table("maxT", "{Many} that pass the family-wise error rate, by permutation"),
    ),
    Correction(
        "maxExtent",
        "permutation, cluster extent",
        FROM_NULL,
        needs="clusters",
        map_title="permutation, cluster extent, family-wise",
        evidence="extent",
        axis="cluster extent ({extent}), ",
        column="p, extent",
        of_clusters=True,
        methods=OF_CLUSTERS,
        table=CLUSTERS,
    ),
    Correction(
        "maxMass",
        "permutation, cluster mass",
        FROM_NULL,
        needs="clusters",
        map_title="permutation, cluster mass, family-wise",
        evidence="mass",
        axis="cluster mass, ",
        column="p, mass",
        of_clusters=True,
        methods=OF_CLUSTERS,
        table=CLUSTERS,
    ),
    Correction(
        "maxTFCE",
        "permutation, TFCE",
        FROM_NULL,
        needs="tfce",
        map_title="permutation, TFCE, family-wise",
        evidence="TFCE",
        axis="TFCE of ",
        column="p, TFCE",
        own_map="tfce",
        methods=OF_TFCE,
        package="tfce",
        table=Table("maxTFCE", "{Many} that pass the family-wise error rate, by TFCE", "tfce"),
    ),
    Correction("maxTcontrasts", "permutation, {many} and contrasts", FROM_NULLS, needs="permutation.across_contrasts"),
    Correction(
        "bonferroni",
        "Bonferroni",
        FROM_Z,
        map_title="parametric, Bonferroni-corrected",
        caption="bonferroni_map",
        assumes="normal errors of one variance",
    ),
    Correction(
        "fdr",
        "false discovery rate",
        FROM_Z,
        table=Table("fdr", "{Many} that pass the false discovery rate"),
        controls="false discovery rate",
        assumes="normal errors of one variance; {many} that are independent or go together",
    ),
)
DISCOVERIES = "discoveries"  # its key of the config, and as ``desc-``; bounds, and no correction
REGIONS = "regions"  # as ``desc-`` in the name of the table of an atlas' regions
WHOLE_MAPS = "wholemaps"  # as ``desc-`` in the names of figures
BY_KEY = {correction.key: correction for correction in CORRECTIONS}
# In the order in which people read them; each once, though two corrections share the clusters.
TABLES = {
    c.table.kind: c.table for c in sorted(CORRECTIONS, key=lambda c: (c.source == FROM_Z, c.of_clusters)) if c.table
}


def asked_for(correction, settings):
    """Whether an analysis' settings ask for a correction."""
    value = settings
    for key in correction.needs.split(".") if correction.needs else []:
        value = value[key]
    return correction.needs is None or bool(value)


def keys_from(source):
    """The keys of the corrections that are read from a source."""
    return [c.key for c in CORRECTIONS if c.source == source]


def methods(settings):
    """The keys of the corrections that have a null of their own under some settings."""
    return [c.key for c in CORRECTIONS if c.source == FROM_NULL and asked_for(c, settings)]


def figures(settings):
    """The keys of the corrections whose maps share a figure, by its name: elements, and all that needs whole maps."""
    elements, *whole = methods(settings)
    return {elements: [elements]} | ({WHOLE_MAPS: whole} if whole else {})


def tables(settings):
    """The tables of clusters that some settings ask for, by kind."""
    asked = {c.table.kind for c in CORRECTIONS if c.table and asked_for(c, settings)}
    return {kind: table for kind, table in TABLES.items() if kind in asked}


def whole_maps():
    """The keys of the config that ask for statistics of whole maps."""
    return [*dict.fromkeys(c.needs for c in CORRECTIONS if c.source == FROM_NULL and c.needs), DISCOVERIES]


# The names of a contrast's files, but for those of its maps.
def null_file(contrast):
    """The max statistics of every permutation."""
    return f"contrast-{contrast}_null.tsv"


def summary_file(contrast, method):
    """What a null says, as JSON."""
    return f"contrast-{contrast}_desc-{method}_null.json"


def thresholds_file(contrast):
    """The thresholds of z, as JSON."""
    return f"contrast-{contrast}_thresholds.json"


def table_file(contrast, kind):
    """A table of clusters."""
    return f"contrast-{contrast}_desc-{kind}_table.tsv"


def columns_file(contrast, kind):
    """What the columns of a table of clusters are, as JSON."""
    return f"contrast-{contrast}_desc-{kind}_table.json"


def labels_file(contrast, kind, form):
    """The image of the numbers of a table's clusters; named, and several, as maps are by a `space.forms.Form`."""
    return form.files({"contrast": contrast, "space": form.space, "desc": kind}, "dseg", form.of_labels)
