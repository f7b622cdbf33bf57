"""The works that a report cites."""

from secondlevel.datasets.atlases import ATLASES
from secondlevel.datasets.registry import DATASETS

WORKS = {
    "Andreella2023": (
        "Andreella et al. 2023",
        "Permutation-based true discovery proportions for functional magnetic resonance imaging cluster analysis. "
        "Stat. Med. 42, 2311-2340.",
        "10.1002/sim.9725",
    ),
    "Baggio2018": (
        "Baggio et al. 2018",
        "Statistical inference in brain graphs using threshold-free network-based statistics. "
        "Hum. Brain Mapp. 39, 2289-2302.",
        "10.1002/hbm.24007",
    ),
    "Benjamini1995": (
        "Benjamini and Hochberg 1995",
        "Controlling the false discovery rate: a practical and powerful approach to multiple testing. "
        "J. R. Stat. Soc. B 57, 289-300.",
        "10.1111/j.2517-6161.1995.tb02031.x",
    ),
    "Blanchard2020": (
        "Blanchard et al. 2020",
        "Post hoc confidence bounds on false positives using reference families. Ann. Stat. 48, 1281-1303.",
        "10.1214/19-AOS1847",
    ),
    "Bullmore1999": (
        "Bullmore et al. 1999",
        "Global, voxel, and cluster tests, by theory and permutation, for a difference between two groups of "
        "structural MR images of the brain. IEEE Trans. Med. Imaging 18, 32-42.",
        "10.1109/42.750253",
    ),
    "Cameron2008": (
        "Cameron et al. 2008",
        "Bootstrap-based improvements for inference with clustered errors. Rev. Econ. Stat. 90, 414-427.",
        "10.1162/rest.90.3.414",
    ),
    "Fonov2011": (
        "Fonov et al. 2011",
        "Unbiased average age-appropriate atlases for pediatric studies. NeuroImage 54, 313-327.",
        "10.1016/j.neuroimage.2010.07.033",
    ),
    "Freedman1983": (
        "Freedman and Lane 1983",
        "A nonstochastic interpretation of reported significance levels. J. Bus. Econ. Stat. 1, 292-298.",
        "10.1080/07350015.1983.10509354",
    ),
    "Guillaume2015": (
        "Guillaume and Nichols 2015",
        "Non-parametric inference for longitudinal and repeated-measures neuroimaging data with the wild bootstrap. "
        "21st Annual Meeting of the Organization for Human Brain Mapping, Honolulu.",
        None,
    ),
    "Harris2020": (
        "Harris et al. 2020",
        "Array programming with NumPy. Nature 585, 357-362.",
        "10.1038/s41586-020-2649-2",
    ),
    "Harville1977": (
        "Harville 1977",
        "Maximum likelihood approaches to variance component estimation and to related problems. "
        "J. Am. Stat. Assoc. 72, 320-338.",
        "10.1080/01621459.1977.10480998",
    ),
    "Iglewicz1993": (
        "Iglewicz and Hoaglin 1993",
        "How to detect and handle outliers. ASQC Quality Press, Milwaukee.",
        None,
    ),
    "Knapp2003": (
        "Knapp and Hartung 2003",
        "Improved tests for a random effects meta-regression with a single covariate. Stat. Med. 22, 2693-2710.",
        "10.1002/sim.1482",
    ),
    "Liang1986": (
        "Liang and Zeger 1986",
        "Longitudinal data analysis using generalized linear models. Biometrika 73, 13-22.",
        "10.1093/biomet/73.1.13",
    ),
    "Molder2021": (
        "Mölder et al. 2021",
        "Sustainable data analysis with Snakemake. F1000Research 10, 33.",
        "10.12688/f1000research.29032.2",
    ),
    "Neuhaus1998": (
        "Neuhaus and Kalbfleisch 1998",
        "Between- and within-cluster covariate effects in the analysis of clustered data. Biometrics 54, 638-645.",
        "10.2307/3109770",
    ),
    "Nichols2002": (
        "Nichols and Holmes 2002",
        "Nonparametric permutation tests for functional neuroimaging: a primer with examples. "
        "Hum. Brain Mapp. 15, 1-25.",
        "10.1002/hbm.1058",
    ),
    "Phipson2010": (
        "Phipson and Smyth 2010",
        "Permutation p-values should never be zero: calculating exact p-values when permutations are randomly drawn. "
        "Stat. Appl. Genet. Mol. Biol. 9, 39.",
        "10.2202/1544-6115.1585",
    ),
    "Smith2009": (
        "Smith and Nichols 2009",
        "Threshold-free cluster enhancement: addressing problems of smoothing, threshold dependence and localisation "
        "in cluster inference. NeuroImage 44, 83-98.",
        "10.1016/j.neuroimage.2008.03.061",
    ),
    "Virtanen2020": (
        "Virtanen et al. 2020",
        "SciPy 1.0: fundamental algorithms for scientific computing in Python. Nat. Methods 17, 261-272.",
        "10.1038/s41592-019-0686-2",
    ),
    "Wilkinson1973": (
        "Wilkinson and Rogers 1973",
        "Symbolic description of factorial models for analysis of variance. Appl. Stat. 22, 392-399.",
        "10.2307/2346786",
    ),
    "Winkler2014": (
        "Winkler et al. 2014",
        "Permutation inference for the general linear model. NeuroImage 92, 381-397.",
        "10.1016/j.neuroimage.2014.01.060",
    ),
    "Winkler2015": (
        "Winkler et al. 2015",
        "Multi-level block permutation. NeuroImage 123, 253-268.",
        "10.1016/j.neuroimage.2015.05.092",
    ),
    "Winkler2016": (
        "Winkler et al. 2016",
        "Faster permutation inference in brain imaging. NeuroImage 141, 502-516.",
        "10.1016/j.neuroimage.2016.05.068",
    ),
    "Zalesky2010": (
        "Zalesky et al. 2010",
        "Network-based statistic: identifying differences in brain networks. NeuroImage 53, 1197-1207.",
        "10.1016/j.neuroimage.2010.06.041",
    ),
}


for source in (*DATASETS.values(), *ATLASES.values()):
    WORKS |= source.works


def cited(key):
    """How a text names a work, such as "Winkler et al. 2014"."""
    return WORKS[key][0]


def filled(text, **values):
    """A text with the keys of works in braces, which become citations, and other values filled in."""
    return text.format(**{key: cited(key) for key in WORKS} | values)


def references(text):
    """The works that a text names, as dicts of ``name``, ``title`` and ``doi``, in order of their names."""
    found = [work for work in WORKS.values() if work[0] in text]
    return [{"name": name, "title": title, "doi": doi} for name, title, doi in sorted(found)]
