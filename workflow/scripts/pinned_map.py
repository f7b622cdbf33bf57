"""Rule <dataset>_map: download the files of one subject's map, which are listed with their checksums."""

from secondlevel.base.logs import log_to
from secondlevel.datasets.downloads import fetch
from secondlevel.space.images import read_image


def main(smk):
    log, p = log_to(smk.log[0]), smk.params
    for url, path, sha256 in reversed(list(zip(p.urls, smk.output, p.sha256, strict=True))):  # a header first
        fetch(url, path, p.timeout, sha256, p.recorded_in)
    data, _ = read_image(smk.output[0])
    log.info("%s: %s voxels", p.urls[0], " x ".join(map(str, data.shape)))


if __name__ == "__main__":
    main(snakemake)
