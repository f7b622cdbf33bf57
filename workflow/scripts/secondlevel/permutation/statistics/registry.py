"""The test statistics that `permutation.statistic` of the config can name."""

from secondlevel.permutation.statistics.cluster_robust import ClusterRobust
from secondlevel.permutation.statistics.ordinary import Ordinary
from secondlevel.permutation.statistics.pseudo_t import PseudoT
from secondlevel.permutation.statistics.weighted import Weighted
from secondlevel.permutation.statistics.welch import Welch

STATISTICS = {
    "t": Ordinary,
    "welch": Welch,
    "pseudo_t": PseudoT,
    "cluster_robust": ClusterRobust,
    "weighted": Weighted,
}
