"""Rule emotion_regulation_map: download one subject's map, an Analyze image and its header."""

from secondlevel.downloads import fetch
from secondlevel.images import read_image
from secondlevel.logs import log_to


def main(smk):
    log = log_to(smk.log[0])
    p = smk.params
    fetch(p.header_url, smk.output.header, p.timeout, p.header_sha256, p.recorded_in)
    fetch(p.image_url, smk.output.image, p.timeout, p.image_sha256, p.recorded_in)
    data, _ = read_image(smk.output.image)
    log.info("%s: %s voxels", p.image_url, " x ".join(map(str, data.shape)))


if __name__ == "__main__":
    main(snakemake)
