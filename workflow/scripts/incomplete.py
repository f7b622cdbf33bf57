"""Maps that lack values or have variances: what rules have to know of them, and what can be wrong in their settings.

Plain Python, loaded by settings.py.
"""

facts = None  # the module facts.py, set by settings.py


def is_weighted(settings):
    """Whether the model of the maps is weighted: some may lack a value, or they have variances."""
    return facts.statistics.chosen(settings["permutation"]["statistic"])[0] == "weighted"


def with_statistic(config):
    """A config whose test statistic is the weighted one where maps lack values, or have variances, and it is t."""
    own = config["datasets"]["own"]
    if config["permutation"]["statistic"] != "t" or not (
        config["coverage"] or own["variances"] or own["standard_errors"]
    ):
        return config
    return config | {"permutation": config["permutation"] | {"statistic": "weighted"}}


def companions(settings):
    """The keys below `datasets.own` that name files which belong to each map."""
    return [key for key in facts.COMPANIONS if settings["dataset"] == "own" and settings["datasets"]["own"][key]]


def beside(settings):
    """How the files that belong to each map are read, as `kind` of the maps, by their column of the sample table."""
    return {facts.COMPANIONS[key]: facts.forms.wanted_beside(settings, key) for key in companions(settings)}


def has_variances(settings):
    """Whether the maps come with first-level variances."""
    return bool(set(facts.VARIANCES) & set(companions(settings)))


def holes(settings):
    """What counts as having no value, beside what is not finite, as `space.holes.Holes` takes it."""
    coverage = settings["coverage"] or {}
    wrong = coverage.get("wrong_variances") == "missing" and has_variances(settings)
    zeros = bool(coverage) and facts.zeros(settings) == "missing"
    return facts.guarding.guarded({"zeros": zeros, "wrong_variances": wrong, "kinds": beside(settings)})


def is_partial(settings):
    """Whether values of maps are looked at one by one: where not all need one, or a rule or other files tell which."""
    return bool(settings["coverage"] or companions(settings) or facts.masks.is_rule(settings["mask"]))


def weighted_complaints(config):
    """What maps that lack values or have variances cannot be combined with."""
    own, coverage = config["datasets"]["own"], config["coverage"] or {}
    variances = [key for key in facts.VARIANCES if own[key]]
    why = f"datasets.own.{variances[0]}" if variances else "coverage" if coverage else None
    name = facts.statistics.chosen(config["permutation"]["statistic"])[0]
    if why and name != "weighted":
        instead = "leave the key out, or write weighted"
        yield f"config key 'permutation.statistic': with {why}, {name} cannot be had; {instead}."
    if len(variances) > 1:
        yield "config key 'datasets.own.variances': there are standard_errors, too; name one of them."
    if coverage.get("wrong_variances") and not variances:
        yield (
            "config key 'coverage.wrong_variances': there are no variances; name them in datasets.own, or leave it out."
        )
    if name != "weighted":
        return
    if (config["clusters"] or {}).get("threshold", "").startswith("t"):
        yield (
            "config key 'clusters.threshold': elements differ in degrees of freedom, so that a t means another thing "
            "at each; write a p or a z, such as 'p < 0.001'."
        )
    if config["calibration"]:
        yield (
            "config key 'calibration': it cannot be had where maps lack values or have variances; write 0. "
            "docs/validation.md has error rates."
        )


def companion_complaints(settings):
    """What is wrong with files that belong to each map."""
    own = settings["datasets"]["own"]
    named = [key for key in facts.COMPANIONS if own[key]]
    if named and settings["dataset"] != "own":
        which = f"the dataset is {settings['dataset']}, whose maps have none"
        yield f"config key 'datasets.own.{named[0]}': {which}; leave it out."
    if has_variances(settings) and settings["smoothing_fwhm"]:
        key = next(key for key in named if key in facts.VARIANCES)
        yield (
            f"config key 'smoothing_fwhm': the variances of smoothed maps are not known from datasets.own.{key}; write "
            "0, and smooth before the first level."
        )
