"""Rule downloaded_atlas: download an atlas whose files are known by their checksums."""

from secondlevel.base.logs import log_to
from secondlevel.datasets.atlases import ATLASES
from secondlevel.datasets.downloads import MOST_OF_TABLE, check_gzip_image, fetch


def main(smk):
    log, p, atlas = log_to(smk.log[0]), smk.params, ATLASES[smk.wildcards.atlas]
    log.info("%s is under the %s", smk.wildcards.atlas, atlas.licence)
    for part, limits in {"labels": {"most": MOST_OF_TABLE}, "image": {"check": check_gzip_image}}.items():
        url = f"{p.server}/{atlas.files[part]}"
        fetch(url, smk.output[part], p.timeout, atlas.checksums[part], "the workflow", **limits)
        log.info("%s is as its checksum says", url)


if __name__ == "__main__":
    main(snakemake)
