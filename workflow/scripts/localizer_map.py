"""Rule localizer_map: download one subject's map of one contrast."""

from pathlib import Path

from secondlevel.base.logs import log_to
from secondlevel.datasets.downloads import check_gzip_image, fetch_recorded
from secondlevel.datasets.localizer import contrast_label, entry_url, map_entry, read_index
from secondlevel.datasets.registry import DATASETS


def main(smk):
    log = log_to(smk.log[0])
    log.info(DATASETS["localizer"].licence)
    index = read_index(smk.input.index)
    entry = map_entry(smk.params.subject, contrast_label(smk.params.contrast))
    url = entry_url(smk.params.base_url, index, entry)
    folder = Path(smk.input.index).parent
    first = fetch_recorded(url, smk.output.map, folder, smk.params.timeout, check_gzip_image)
    log.info("%s is %s; its checksum was %s", url, entry, "recorded" if first else "the recorded one")


if __name__ == "__main__":
    main(snakemake)
