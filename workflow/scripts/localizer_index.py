"""Rule localizer_index: download the Localizer's index and its two tables, which all contrasts share."""

from pathlib import Path

from secondlevel.base.logs import log_to
from secondlevel.base.tables import read_table
from secondlevel.datasets.downloads import MOST_OF_TABLE, fetch_recorded
from secondlevel.datasets.localizer import BEHAVIOUR, PARTICIPANTS, entry_url, index_url, read_index
from secondlevel.datasets.registry import DATASETS


def main(smk):
    log = log_to(smk.log[0])
    log.info(DATASETS["localizer"].licence)
    folder = Path(smk.output.index).parent
    url, timeout = smk.params.base_url, smk.params.timeout
    fetch_recorded(index_url(url), smk.output.index, folder, timeout, read_index, MOST_OF_TABLE)
    index = read_index(smk.output.index)
    for entry, path in ((PARTICIPANTS, smk.output.participants), (BEHAVIOUR, smk.output.behaviour)):
        fetch_recorded(entry_url(url, index, entry), path, folder, timeout, read_table, MOST_OF_TABLE)
    log.info("%d files in the index", len(index))


if __name__ == "__main__":
    main(snakemake)
