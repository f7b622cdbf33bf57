"""Show by numbers where nilearn, randomise, PALM and SnPM agree with this workflow and where they do not.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/peers.py [--docs]

One small study is simulated: 20 maps with an effect of a score on one side of a border and the opposite effect on the
other. All shuffle it in the same way, so that only what they compute differs. nilearn and the package tfce are called.
randomise, PALM and SnPM are not at hand: what they compute is written out below, after the sources that `docs/peers.md`
names. Numbers are in `validation/results/peers.tsv`, and their tables in `docs/peers.md`, which `--docs` makes anew
from the stored numbers. It takes about a minute on one core.
"""

import argparse
import warnings
from functools import cache

import error_rates
import numpy as np
import pandas as pd
from nibabel import Nifti1Image
from nilearn.glm import threshold_stats_img
from nilearn.glm.second_level import SecondLevelModel
from nilearn.maskers import NiftiMasker
from nilearn.mass_univariate import permuted_ols
from nilearn.mass_univariate._utils import calculate_tfce, null_to_p
from scipy.ndimage import gaussian_filter, generate_binary_structure, label
from scipy.stats import norm
from scipy.stats import t as student
from tfce import tfce

from secondlevel.inference.correction import fwe_p_values
from secondlevel.inference.thresholds import above, fdr_threshold
from secondlevel.model.glm import fit, partition
from secondlevel.model.tails import z_from_t
from secondlevel.permutation.statistics.pseudo_t import Smoother
from secondlevel.permutation.whole_maps.registry import WHOLE_MAPS
from secondlevel.space.kinds.volume import Mask

RESULTS, PAGE = error_rates.ROOT / "validation/results/peers.tsv", error_rates.ROOT / "docs/peers.md"
SEED, N, SHUFFLES, ALPHA = 2, 20, 499, 0.05
EFFECT = 0.6  # of the score, at the border
VOXEL = 3.0  # mm
AFFINE = np.diag([VOXEL, VOXEL, VOXEL, 1])
GRID = np.array([16, 18, 14])
INSIDE = (np.square((np.indices(GRID).T + 0.5 - GRID / 2) / (GRID / 2)).sum(axis=-1) < 1).T
STEPS = 100  # of the others' TFCE
FORMING = 3.1  # the number that randomise and PALM users write after -c and -C
FWHM = np.sqrt(8 * np.log(2))  # of a Gaussian, in standard deviations
ORDER = {6: 1, 18: 2, 26: 3}  # scipy's word for neighbours
T = {"name": "t", "rank": 1}


def noise(rng, n):
    """Smooth noise of unit variance, shape (n, n_voxels)."""
    smooth = [gaussian_filter(rng.standard_normal(GRID), 1.2)[INSIDE] for _ in range(n)]
    return smooth / np.std(smooth)


@cache
def study(strength=EFFECT):
    """A score and maps: it raises them left of a border in the middle of the brain, and lowers them right of it."""
    rng = np.random.default_rng(SEED)
    score = rng.normal(size=N)
    x, y, z = np.indices(GRID)
    near = np.exp(-(np.square(x - 7.5) + np.square(y - 8.5) + np.square(z - 6.5)) / 12)
    effect = near * np.where(x < 8, 1, -1)
    return score, noise(rng, N) + strength * score[:, None] * effect[INSIDE]


def t_maps(scores, maps):
    """t of each score, shape (n_scores, n_voxels), in the design [score, intercept]."""

    def unit(values):
        values = values - values.mean(axis=-1, keepdims=True)
        return values / np.linalg.norm(values, axis=-1, keepdims=True)

    r = unit(scores) @ unit(maps.T).T
    return r * np.sqrt((maps.shape[0] - 2) / (1 - r**2))


@cache
def shuffled():
    """t maps of the study, shape (1 + SHUFFLES, n_voxels); the first is the observed one."""
    score, maps = study()
    rng = np.random.default_rng(SEED + 1)
    return t_maps(np.array([score, *(rng.permutation(score) for _ in range(SHUFFLES))]), maps)


def here(key, settings, df=N - 2, two_sided=False):
    """A statistic of whole maps as this workflow has it, by its key and settings of the config."""
    if key == "tfce":
        settings = {"statistic": "t", "extent_power": 0.5, "height_power": 2, "connectivity": 6} | settings
    return WHOLE_MAPS[key].of_config(settings, Mask(INSIDE, AFFINE), T, df, two_sided)


def volume(values):
    """A map of shape (n_voxels,) in its grid."""
    filled = np.zeros(INSIDE.shape)
    filled[INSIDE] = values
    return filled


def steps_summed(values, heights, connectivity=6):
    """TFCE as randomise, PALM and nilearn sum it: e(h)^0.5 h^2 over some heights, not times the step between them."""
    image, total = volume(values), np.zeros(INSIDE.shape)
    for height in heights:
        labels, _ = label(image >= height, generate_binary_structure(3, ORDER[connectivity]))
        part = np.sqrt(np.bincount(labels.ravel())) * height**2
        part[0] = 0
        total += part[labels]
    return total[INSIDE]


def own_steps(values):
    """That of PALM and nilearn: a hundred steps up to the largest value of the map at hand."""
    return steps_summed(values, np.linspace(0, values.max(), STEPS + 1)[1:])


def clusters(values, threshold, connectivity, weigh):
    """The largest sum of weights, a function of the values, over a cluster of the voxels from a threshold up."""
    image = volume(values)
    labels, n = label(image >= threshold, generate_binary_structure(3, ORDER[connectivity]))
    return np.bincount(labels.ravel(), np.where(labels, weigh(image), 0).ravel())[1:].max(initial=0) if n else 0.0


def voxels_and_p(maps):
    """Voxels that pass by the largest value of each map, and the least p; the first map is the observed one."""
    p = fwe_p_values(maps[0], np.array([shuffle.max() for shuffle in maps[1:]]))
    return {"p": p.min(), "voxels that pass": int((p <= ALPHA).sum())}


def p_of(maxima):
    """The family-wise p value of the first of some maxima."""
    return {"p": float(fwe_p_values(np.array(maxima[:1]), np.array(maxima[1:]))[0])}


def agrees(what, peer, ours, theirs, bound):
    """A row that says how far two results agree, after a look whether they do."""
    difference = np.abs(np.asarray(ours) - theirs).max() / np.abs(theirs).max()
    if difference > bound:
        raise RuntimeError(f"{what}: {peer} differs by {difference}")
    return {"what": what, "whose": peer, "differs by less than": bound}


def the_same():
    """What all compute alike."""
    score, maps = study()
    t, mask = shuffled()[0], Nifti1Image(INSIDE.astype(np.uint8), AFFINE)
    design = pd.DataFrame({"score": score, "intercept": 1.0})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = SecondLevelModel(mask).fit([Nifti1Image(volume(of), AFFINE) for of in maps], design_matrix=design)
        z = model.compute_contrast("score", output_type="z_score").get_fdata()[INSIDE]
        settings = {"masker": NiftiMasker(mask).fit(), "threshold": 0.001, "output_type": "dict"}
        theirs = permuted_ols(design[["score"]].to_numpy(), maps, n_perm=1, two_sided_test=False, **settings)
    extent, mass = here("clusters", {"threshold": "p < 0.001", "connectivity": 6}).maps(t)
    enhanced = here("tfce", {}, two_sided=True)
    yield agrees("t", "nilearn", t, theirs["t"][0], 1e-9)
    yield agrees("z", "nilearn", z_from_t(t, N - 2), z, 1e-6)
    yield agrees("extent of clusters", "nilearn", extent, theirs["size"][0], 1e-12)
    yield agrees("mass of clusters", "nilearn", mass, theirs["mass"][0], 1e-9)
    exact = tfce(volume(t).astype(np.float32), connectivity=6, two_sided=True)[INSIDE]
    yield agrees("TFCE", "tfce (package)", max(enhanced.maxima(t)), np.abs(exact).max(), 1e-4)
    summed = calculate_tfce(volume(t)[..., None], generate_binary_structure(3, 1), two_sided_test=False)
    yield agrees("TFCE of nilearn, as written out below", "nilearn", own_steps(t), summed[INSIDE][:, 0], 1e-9)


def enhancement():
    """TFCE of t and of z, as an integral and in steps."""
    maps = shuffled()
    z = z_from_t(maps, N - 2)
    fixed = maps[0].max() / STEPS

    def row(who, height, made, step, reference):
        largest = made[0].max()
        times = f"{largest * step / reference:.4f}"
        return {"who": who, "of": height, "largest value": largest, "× step / here": times} | voxels_and_p(made)

    for height in ("t", "z"):
        exact = here("tfce", {"statistic": height})
        made = [exact.maps(values)[0] for values in maps]
        reference = made[0].max()
        yield row(f"here, `statistic: {height}`", height, made, 1, reference)
        if height == "t":
            made = [steps_summed(values, np.arange(fixed, max(values.max(), fixed) + 1e-9, fixed)) for values in maps]
            yield row("randomise `-T`", "t", made, fixed, reference)
        who, heights = ("nilearn `tfce=True`", maps) if height == "t" else ("PALM `-T`", z)
        made = [own_steps(values) for values in heights]
        yield row(who, height, made, heights[0].max() / STEPS, reference)


def signs():
    """Two-sided TFCE and clusters, with signs apart and merged."""
    maps = shuffled()
    z = z_from_t(maps, N - 2)
    apart, positive = here("tfce", {}, two_sided=True), here("tfce", {})
    as_nilearn = [np.abs(own_two_sided(values)) for values in maps]
    for who, of, joined, made in (
        ("here, `two_sided: true`", "t", "apart", [np.abs(apart.maps(values)[0]) for values in maps]),
        ("nilearn `two_sided_test=True`", "t", "apart", as_nilearn),
        ("the integral, signs merged", "t", "merged", [positive.maps(np.abs(values))[0] for values in maps]),
        ("PALM `-T -twotail`", "z", "merged", [own_steps(np.abs(values)) for values in z]),
    ):
        maxima = [shuffle.max() for shuffle in made]
        row = {"who": who, "of": of, "signs": joined, "largest value": maxima[0]}
        row |= {"95 % point of the null": np.quantile(maxima, 0.95), **voxels_and_p(made)}
        yield row | {"largest cluster, abs(z) ≥ 2.3": two_sided_extent(z[0], joined)}


def own_two_sided(values):
    """nilearn's TFCE in a two-sided test: both sides in the steps of the larger one."""
    heights = np.linspace(0, np.abs(values).max(), STEPS + 1)[1:]
    return steps_summed(values, heights) - steps_summed(-values, heights)


def two_sided_extent(z, signs):
    """The voxels of the largest cluster beyond z of 2.3, with positive and negative neighbours apart or merged."""
    sides = [np.abs(z)] if signs == "merged" else [z, -z]
    return int(max(clusters(side, 2.3, 6, np.ones_like) for side in sides))


def mass():
    """Cluster mass as a sum of the excess, and of the whole statistic; the same clusters."""
    maps, z = shuffled(), z_from_t(shuffled(), N - 2)
    threshold = student.isf(norm.sf(FORMING), N - 2)
    for who, summed, values, from_, weigh in (
        ("here; nilearn; SnPM", "t - threshold", maps, threshold, lambda image: image - threshold),
        ("randomise `-C`", "t", maps, threshold, np.asarray),
        ("PALM `-Cstat mass`", "z", z, FORMING, np.asarray),
    ):
        maxima = [clusters(shuffle, from_, 6, weigh) for shuffle in values]
        row = {"who": who, "sum of": summed, "largest mass": maxima[0]}
        yield row | {"95 % point of the null": np.quantile(maxima, 0.95)} | p_of(maxima)


def forming():
    """The clusters that the same words form: the threshold's scale and the neighbours."""
    maps = shuffled()
    of_p, of_z = student.isf(0.001, N - 2), student.isf(norm.sf(FORMING), N - 2)
    for who, threshold, connectivity in (
        ("here, `p < 0.001`; nilearn `threshold=0.001`", of_p, 6),
        ("here, `z > 3.1`", of_z, 6),
        ("here, `t > 3.1`", FORMING, 6),
        ("PALM `-C 3.1`", of_z, 26),
        ("randomise `-c 3.1`", FORMING, 26),
        ("SnPM, 0.001", of_p, 18),
        ("SnPM, 3.1", FORMING, 18),
    ):
        maxima = [clusters(values, threshold, connectivity, np.ones_like) for values in maps]
        row = {"who": who, "t above": threshold, "p below": f"{student.sf(threshold, N - 2):.5f}"}
        row |= {"neighbours": connectivity, "voxels": int((maps[0] > threshold).sum())}
        yield (
            row | {"largest extent": int(maxima[0]), "95 % point of the null": np.quantile(maxima, 0.95)} | p_of(maxima)
        )


def scales():
    """What z and t of one number are to each other."""
    for df in (10, N - 2, 87):
        of_z, of_t = student.isf(norm.sf(FORMING), df), float(z_from_t(np.array([FORMING]), df)[0])
        yield {"degrees of freedom": df, "z = 3.1 is the t": of_z, "t = 3.1 is the z": of_t}


def counting():
    """The p values of counts, and how often a test at 5 % errs by each formula, where no two shuffles are a tie."""
    n = 100
    null = np.arange(n) + 0.5  # a hundred shuffles, and the observed one at each of the 101 ranks among them
    observed = np.arange(n + 1.0)
    plus_one = fwe_p_values(observed, null)
    # With the observed order among the hundred, as `-n 100` counts them, it has one of a hundred ranks.
    among = fwe_p_values(observed[1:], null[1:])
    for who, formula, p in (
        ("here, `count: 100`; nilearn `n_perm=100`, voxels and TFCE", "(1 + #) / (1 + n)", plus_one),
        ("nilearn `n_perm=100`, clusters", "# / n, at least 1 / n", null_to_p(observed, null, "larger")),
        ("randomise, PALM `-n 100`; SnPM, 100", "# / n, the observed order among them", among),
        ("here, `count: 99`", "(1 + #) / (1 + n)", among),
    ):
        found = {"who": who, "p": formula, "least p": f"{p.min():.5f}"}
        yield found | {"errors at 5 %, in %": f"{100 * (p <= ALPHA + 1e-12).mean():.2f}"}


def flips():
    """What an intercept in nilearn's design does: signs are turned, not subjects reordered."""
    cases = {case.name: case for case in error_rates.all_cases()}
    rates = pd.read_csv(error_rates.RATES, sep="\t", index_col="case")["rate"]
    for scheme, who in (
        ("permute", "here, `auto`; nilearn without an intercept in the design"),
        ("flip", "here, `scheme: flip`; nilearn with an intercept in the design"),
    ):
        name = f"groups n12 skewed {scheme} t greater"
        maxima = error_rates.null_of(cases[name], 0).maxima["maxT"]
        row = {"who": who, "shuffles": "reordered" if scheme == "permute" else "signs turned"}
        yield row | {"95 % point of max t": np.quantile(maxima, 0.95), "errors at 5 %, in %": 100 * rates[name]}


def confounds():
    """What is left of the design: a difference of two scores, and a score with correlated nuisance."""
    score, maps = study()
    rng = np.random.default_rng(SEED + 2)
    other = 2 * (0.6 * score + 0.8 * rng.normal(size=N))
    design = np.column_stack([score, other, np.ones(N)])
    ours = fit(maps, partition(design, [1, -1, 0]))
    theirs = permuted_ols((score - other)[:, None], maps, n_perm=0, output_type="dict")["t"][0]
    yield {"who": "here", "columns": "a - b, a + b, intercept", "df": ours.df, "largest t": ours.t.max()}
    yield {"who": "nilearn `a - b`", "columns": "a - b, intercept", "df": N - 2, "largest t": theirs.max()}


def nuisance():
    """A score with a covariate that correlates by 0.9: residuals shuffled, or the score alone."""
    score, maps = study()
    rng = np.random.default_rng(SEED + 3)
    covariate = 0.9 * score + np.sqrt(1 - 0.81) * rng.normal(size=N)
    design = np.column_stack([score, covariate, np.ones(N)])
    orders = [np.arange(N), *(rng.permutation(N) for _ in range(SHUFFLES))]
    reduced = design[:, 1:]
    fitted = reduced @ np.linalg.lstsq(reduced, maps, rcond=None)[0]

    def t_of(columns, values):
        return fit(values, partition(columns, [1, 0, 0])).t.max()

    freedman_lane = [t_of(design, fitted + (maps - fitted)[order]) for order in orders]
    score_alone = [t_of(np.column_stack([score[order], reduced]), maps) for order in orders]
    own = score - reduced @ np.linalg.lstsq(reduced, score, rcond=None)[0]
    smith = [t_of(np.column_stack([own[order], reduced]), maps) for order in orders]
    for who, moved, maxima in (
        ("here; nilearn; randomise; PALM", "residuals of the reduced model (Freedman and Lane)", freedman_lane),
        ("here, `nuisance: smith`; PALM `-rmethod Dekker`", "what the covariates leave of the score (Smith)", smith),
        ("SnPM", "the score, its covariates stay (Draper and Stoneman)", score_alone),
    ):
        row = {"who": who, "what is shuffled": moved, "largest t": maxima[0]}
        yield row | {"95 % point of the null": np.quantile(maxima, 0.95)} | p_of(maxima)


def widths():
    """The width of a variance's smoothing, in the units of each."""
    score, maps = study()
    split = partition(np.column_stack([score, np.ones(N)]), [1, 0])
    fitted = fit(maps, split)
    for who, fwhm in (
        ("here, `{pseudo_t: 8}`; SnPM, 8", 8),
        (f"randomise `-v {8 / FWHM:.2f}`", 8),
        ("randomise `-v 8`", 8 * FWHM),
    ):
        smoothed = Smoother.of_fwhm(INSIDE, AFFINE, fwhm)(fitted.variance)
        pseudo = fitted.effect / np.sqrt(smoothed)
        yield {"who": who, "FWHM, mm": fwhm, "standard deviation, mm": fwhm / FWHM, "largest pseudo-t": pseudo.max()}


def false_discoveries():
    """Thresholds of a false discovery rate on both sides, where the effect is twice as large."""
    score, maps = study(2 * EFFECT)
    z = z_from_t(t_maps(score[None], maps)[0], N - 2)
    mask, image = (Nifti1Image(data, AFFINE) for data in (INSIDE.astype(np.uint8), volume(z)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = threshold_stats_img(image, mask, alpha=ALPHA, height_control="fdr")[1]
    two, one, other = (fdr_threshold(*test) for test in ((z, ALPHA, True), (z, ALPHA, False), (-z, ALPHA, False)))
    for who, rate, up, down in (
        ("here, `two_sided: true`", "5 % of both sides", two, two),
        ("nilearn `threshold_stats_img`, as it is by default", "5 % of both sides", theirs, theirs),
        ("here, `two_sided: false`, a contrast for each sign; SnPM", "5 % of each side", one, other),
    ):
        found = [int(above(side, threshold, False).sum()) for side, threshold in ((z, up), (-z, down))]
        row = {"who": who, "rate": rate, "z above": up, "z below": -down}
        yield row | {"voxels above": found[0], "voxels below": found[1]}


TOPICS = [the_same, enhancement, signs, mass, forming, scales, counting, flips]
TOPICS += [confounds, nuisance, widths, false_discoveries]


def long_rows(topic):
    """The table of a topic, a row for each cell."""
    for number, row in enumerate(topic()):
        for column, value in row.items():
            yield {"topic": topic.__name__, "row": number, "column": column, "value": value}


def shown(column, value):
    """A value as the page shows it: three digits, or what it is if it is no broken number."""
    try:
        number = float(value)
    except ValueError:
        return value
    if column == "differs by less than":
        return f"{number:.0e}".replace("e-0", "e-")
    if "/" in column or column in ("least p", "p below", "errors at 5 %, in %") or number == int(number):
        return value.removesuffix(".0")
    return f"{number:.3f}" if abs(number) < 10 else f"{number:.0f}" if abs(number) >= 1000 else f"{number:.1f}"


def as_markdown(table, topic):
    """The table of a topic for the page."""
    cells = table[table["topic"] == topic].pivot(index="row", columns="column", values="value")
    columns = list(dict.fromkeys(table.loc[table["topic"] == topic, "column"]))
    lines = [f"| {' | '.join('' if column == 'who' else column for column in columns)} |", "|---" * len(columns) + "|"]
    for _, row in cells.iterrows():
        lines.append(f"| {' | '.join(shown(column, row[column]) for column in columns)} |")
    return "\n".join(lines)


def stored():
    """The stored numbers."""
    return pd.read_csv(RESULTS, sep="\t", dtype=str, keep_default_na=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docs", action="store_true", help="compute nothing; make the page from the stored numbers")
    if not parser.parse_args().docs:
        table = pd.DataFrame([row for topic in TOPICS for row in long_rows(topic)])
        table.to_csv(RESULTS, sep="\t", index=False)
    for topic in TOPICS:
        error_rates.write_block(PAGE, topic.__name__, as_markdown(stored(), topic.__name__))


if __name__ == "__main__":
    main()
