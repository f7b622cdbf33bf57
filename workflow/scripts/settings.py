"""The checked config, and the settings of each analysis in it. Plain Python, loaded by the Snakefile.

A config is read in three steps: what it leaves out comes from the defaults, each analysis is the config with what
differs, and then everything that is wrong is told, a sentence each.
"""

import importlib.util
import itertools
import json
import os
from pathlib import Path


class WrongConfig(Exception):
    """Everything that is wrong in a config, a sentence a line."""


def beside(name):
    """A file of this folder as a module, without the folder being on Python's path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


facts, complaints, given_by, config_files = map(beside, ("facts", "complaints", "given", "config_files"))
spaces = beside("spaces")
elsewhere, fsl, statsmodel = beside("elsewhere"), beside("fsl"), beside("statsmodel")
statsmodel.nodes, statsmodel.variables, statsmodel.given = beside("statsnodes"), beside("statsvariables"), given_by
statsmodel.config_files = config_files
incomplete = beside("incomplete")
complaints.facts, given_by.config_files = facts, config_files
complaints.incomplete, incomplete.facts = incomplete, facts
spaces.complaints, spaces.facts, spaces.incomplete = complaints, facts, incomplete
spaces.subtracted = beside("subtracted")
spaces.subtracted.facts = facts
complaints.permutation = beside("permutation_complaints")
complaints.permutation.facts, complaints.permutation.short = facts, complaints.short
for written in (fsl, statsmodel, statsmodel.nodes, statsmodel.variables):
    written.elsewhere, written.facts = elsewhere, facts
read_yaml, misread = config_files.read_yaml, config_files.misread
MOST_TOLD, LONGEST = 50, 1000  # complaints, and signs of each: names in a config can be of any length


def merged(settings, changes):
    """Settings with changes, which go into mappings and replace everything else, as Snakemake merges configs.

    A test statistic is named by a mapping, too; it is replaced as a whole.
    """
    return settings | {
        key: merged(settings[key], value)
        if isinstance(value, dict) and isinstance(settings.get(key), dict) and key != "statistic"
        else value
        for key, value in changes.items()
    }


def analyses_of(given, defaults, schema, is_file=os.path.isfile):
    """The whole config, and the settings of each analysis in it by name.

    Parameters
    ----------
    given : dict
        The config as the user wrote it.
    defaults : dict
    schema : dict
        JSON schema of the whole config.
    is_file : callable
        Whether a file that the config names is there, or will be.

    Returns
    -------
    config : dict
    analyses : dict of dict

    Raises
    ------
    WrongConfig
        With all complaints there are.
    """
    refuse(given_by.too_much(given))
    refuse(given_by.no_text(given))
    given = given_by.as_wanted(given, schema)
    refuse([*complaints.old_keys(given), *given_by.no_numbers(given)])
    config = merged(spaces.defaults_of(defaults, given), given)
    wrong = complaints.schema_complaints(json.loads(json.dumps(config)), schema)
    refuse(sorted(itertools.islice(wrong, MOST_TOLD)))
    config = incomplete.with_statistic(config)
    analyses = {name: merged(config, changes or {}) for name, changes in config["analyses"].items()}
    analyses = analyses or {config.get("analysis"): config}
    refuse(named(config, {name: complaints.missing_keys(settings, name) for name, settings in analyses.items()}))
    analyses = taken_over(config, analyses)
    own = {name: changes or {} for name, changes in config["analyses"].items()}
    wrong = [*complaints.permutation.of_statistic(config), *incomplete.weighted_complaints(config)]
    if facts.about_statistic(config) is None:
        refuse(wrong)
    wrong += [*spaces.unlike_complaints(analyses), *complaints.shared_complaints(config, analyses, is_file)]
    wrong += spaces.atlas_complaints(config, analyses)
    refuse([*wrong, *named(config, of_each(analyses, own, is_file))])
    return with_atlas(config, {name: facts.clustered(settings) for name, settings in analyses.items()})


def of_each(analyses, own, is_file):
    """What is wrong with each analysis, by its name."""
    return {
        name: [
            *complaints.analysis_complaints(settings, own.get(name, settings), is_file),
            *spaces.mask_complaints(settings),
            *(spaces.map_complaints(settings, is_file) if settings["dataset"] == "own" else ()),
        ]
        for name, settings in analyses.items()
    }


def with_atlas(config, analyses):
    """A config and its analyses with the atlas that suits all of them, where that is left to the workflow."""
    tables = config["tables"] | {"atlas": facts.atlas(config["tables"]["atlas"], analyses)}
    return config | {"tables": tables}, {name: settings | {"tables": tables} for name, settings in analyses.items()}


def taken_over(config, analyses):
    """The settings of analyses, ordinary ones in the place of files that were written for other software."""
    found, wrong = {}, {}
    for name, settings in analyses.items():
        more = {name: settings}
        try:
            if statsmodel.is_meant(settings):
                more = statsmodel.taken_over(name, settings)
            elif fsl.is_meant(settings):
                more = {name: fsl.taken_over(settings)}
        except elsewhere.Refused as why:
            wrong[name] = [str(why)]
        for same in more.keys() & found.keys():
            wrong[name] = [f"config key 'analyses': two analyses become one named '{same}'; rename one of them."]
        found |= more
    refuse(named(config, wrong))
    return found


def refuse(complaints):
    """End with all complaints, if there are any, each in a line, whatever names it holds; of very many, with some."""
    lines = (" ".join(complaint.split()) for complaint in itertools.islice(complaints, MOST_TOLD))
    told = dict.fromkeys(line if len(line) <= LONGEST else f"{line[:LONGEST]}..." for line in lines)
    if told:
        raise WrongConfig("\n".join(told))


def named(config, complaints):
    """Complaints of each analysis, with its name if the config has several."""
    for name, found in complaints.items():
        yield from [f"analysis '{name}', {complaint}" if config["analyses"] else complaint for complaint in found]
