"""The commented config of a new study: config/new_study.yaml with what is known of the study in its place."""

import yaml

from secondlevel.base.names import short
from secondlevel.base.signs import on_a_line
from secondlevel.space.forms import CONNECTOME, PARCELS

MOST_LISTED = 12  # ways to name maps, or columns
NOUNS = {PARCELS: "parcel", CONNECTOME: "connectome"}
WIDE = 10**9  # no line is broken


def template_for(text, analysis, arguments):
    """The template for an analysis of a name, called with some arguments of snakemake."""
    text = text.replace("--configfile my_study.yaml", arguments)
    return put(text, "analysis", "analysis", f"analysis: {analysis}  # results land in results/{analysis}/\n")


def with_study(text, table, ways, id_columns, columns, proposal):
    """The template with the maps, the table and the design of a study.

    Parameters
    ----------
    text : str
        From `template_for`.
    table : str
        The path of the table, as the config has it.
    ways : list of study_maps.Maps
        The first is taken, the others are listed.
    id_columns : list of str
    columns : list of study_table.Column
    proposal : study_table.Proposal

    Returns
    -------
    str
    """
    text = put(text, "datasets", "datasets", datasets(table, ways, id_columns))
    text = put(text, "design", "contrasts", design(table, columns, proposal))
    if ways[0].kind in (PARCELS, CONNECTOME):
        text = put(
            text, "smoothing_fwhm", "smoothing_fwhm", f"smoothing_fwhm: 0  # a {NOUNS[ways[0].kind]} is not smoothed\n"
        )
    if proposal.blocks:
        shuffled = "  # whose rows change places: those of one person\n"
        blocks = f"permutation:\n  count: 5000\n  blocks: {flow(proposal.blocks)}{shuffled}"
        text = put(text, "permutation", "permutation", blocks)
    return text


def put(text, first, last, new):
    """A text of YAML with other lines from one of its keys to another; comments between keys stay."""
    lines = text.splitlines(keepends=True)
    marks = {key.value: (key.start_mark.line, value.end_mark.line) for key, value in yaml.compose(text).value}
    start, end = marks[first][0], max(marks[last][1], marks[last][0] + 1)
    while lines[end - 1].strip() == "" or lines[end - 1].startswith("#"):
        end -= 1
    return "".join([*lines[:start], new, *lines[end:]])


def flow(value):
    """A value as YAML has it within a line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=WIDE)
    return text.removesuffix("\n").removesuffix("\n...")


def datasets(table, ways, id_columns):
    """The part on table and maps."""
    chosen, *others = ways
    count = f"{chosen.count:,} of {len(chosen.paths):,} rows have one"
    lines = [
        "datasets:",
        "  own:",
        "    # A tab-separated table with a row for each map.",
        f"    participants: {flow(table)}",
    ]
    if id_columns != ["participant_id"]:
        lines += ["    # The columns that together tell the rows apart.", f"    id: {flow(id_columns)}"]
    lines += [f"    # Where the maps are; {count}, such as", f"    #   {on_a_line(chosen.example)}"]
    lines += [f"    {key}: {flow(value)}" for key, value in chosen.own.items()]
    if others:
        lines.append("    # Other maps are there, too; in its place could stand:")
    for way in others[:MOST_LISTED]:
        lines.append(on_a_line(f"    # maps: {flow(way.wanted)}  # {way.count:,} rows"))
    if len(others) > MOST_LISTED:
        lines.append(f"    # and {len(others) - MOST_LISTED:,} more.")
    return "\n".join(lines) + "\n"


def design(table, columns, proposal):
    """The part on design and contrasts."""
    lines = [on_a_line(f"# What {short(table)} has of the rows with a map:")]
    lines += [on_a_line(f"#   {short(column.name)}: {column.what}") for column in columns[:MOST_LISTED]]
    if len(columns) > MOST_LISTED:
        lines.append(f"#   and {len(columns) - MOST_LISTED:,} more columns.")
    lines = lines if columns else []
    lines.append(f"design: {flow(proposal.design)}")
    if proposal.factors:
        lines.append(f"factors: {flow(proposal.factors)}  # columns of categories, each with its reference level")
    else:
        lines.append("# factors: {group: control}  # columns of categories, each with its reference level")
    lines += [f"center: {flow(proposal.center)}"] if proposal.center else []
    lines.append("contrasts:")
    lines += [f"  - {flow(contrast)}  # {on_a_line(short(words))}" for contrast, words in proposal.contrasts]
    return "\n".join(lines) + "\n"
