"""Rule reduce_null: gather the chunks of all shuffles into one null for each contrast."""

from secondlevel.base.logs import log_to
from secondlevel.permutation.nulls import Null, load_nulls, save_nulls


def main(smk):
    log = log_to(smk.log[0])
    chunks = [load_nulls(path) for path in smk.input.chunks]
    nulls = {contrast: Null.concatenate([chunk[contrast] for chunk in chunks]) for contrast in chunks[0]}
    save_nulls(smk.output.null, nulls)
    for contrast, null in nulls.items():
        log.info("%s: %d shuffles beside the observed order", contrast, null.size - 1)


if __name__ == "__main__":
    main(snakemake)
