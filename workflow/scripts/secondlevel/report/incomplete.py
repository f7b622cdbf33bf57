"""What a methods text says of maps that lack values or have variances."""

from secondlevel.report.citations import cited


def dropped(mask):
    """Which elements were dropped for lack of values, from what the mask's JSON file says."""
    least = mask.get("LeastMapsWithValue")
    return f"with a value in fewer than {least} maps" if least else "without a finite value in some map"


def without_values(mask, title):
    """What to say of subjects without a value, if they need none; `title` is the word that keys begin with."""
    if "LeastMapsWithValue" not in mask:
        return None
    return (
        f"At {mask[f'{title}WithoutValueInSomeMaps']:,} of them some subjects had no value; "
        f"{mask[f'{title}WhereDesignIsNotTold']:,} others were dropped, where the design could not be told from the "
        "subjects who had one."
    )


def fitted_by(settings):
    """How the model was fitted."""
    own = settings["datasets"]["own"]
    if settings["dataset"] == "own" and (own.get("variances") or own.get("standard_errors")):
        return (
            "weighted least squares, with the inverse of the sum of first-level variance and variance between subjects "
            f"as weights, the latter by restricted maximum likelihood ({cited('Harville1977')}), and Knapp and "
            f"Hartung's variance of the effect ({cited('Knapp2003')}),"
        )
    if settings.get("coverage"):
        return "ordinary least squares of the subjects who had a value there"
    return "ordinary least squares"
