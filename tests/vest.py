"""Files of FSL, as its tools write them."""


def write_vest(path, rows, names=(), points="NumPoints"):
    """Write a VEST file with the heights of the columns, as Glm does."""
    lines = [f"/ContrastName{number}\t{name}" for number, name in enumerate(names, 1)]
    lines += [f"/NumWaves\t{len(rows[0])}", f"/{points}\t{len(rows)}"]
    lines += ["/PPheights\t\t" + "\t".join(f"{max(column) - min(column):e}" for column in zip(*rows, strict=True))]
    lines += ["", "/Matrix", *("\t".join(f"{value:e}" for value in row) + "\t" for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def write_con(path, rows, names=()):
    """Write contrasts."""
    write_vest(path, rows, names, "NumContrasts")
