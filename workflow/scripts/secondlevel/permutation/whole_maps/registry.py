"""The statistics of whole maps, by the key of the config that asks for them."""

from secondlevel.permutation.whole_maps.clusters import Clusters
from secondlevel.permutation.whole_maps.discoveries import Discoveries
from secondlevel.permutation.whole_maps.enhancement import Enhancement

WHOLE_MAPS = {"clusters": Clusters, "tfce": Enhancement, "discoveries": Discoveries}
