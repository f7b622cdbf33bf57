/* Numbers as people read them, and what all maps hold at the cross. */

const unit = { one: "voxel", many: "voxels" };  // what an element is
const short = (value) => String(Number(value.toFixed(2)));
const pOf = (value) => String(Number((10 ** -Math.abs(value)).toPrecision(2)));

function written(value, map) {
  const text = rounded(value, map.digits);
  return map.is_p ? `${text} (p = ${pOf(value)})` : text;
}

/* With the digits that are shown of a map; very large and very small numbers by their power of ten. */
function rounded(value, digits) {
  if (digits < 0 || digits > 5) {
    return Number(value.toPrecision(3)).toExponential();
  }
  const text = value.toFixed(digits);
  return Number(text) ? text : text.replace("-", "");
}

function labelled(label, text) {
  const item = document.createElement("span");
  const name = document.createElement("span");
  name.className = "viewer-label";
  name.textContent = `${label} `;
  item.append(name, `${text} `);
  return item;
}

/* The lists of maps by what they are about, each with its name. */
function listsOf(maps) {
  const names = [...new Set(maps.map(({ group }) => group))];
  return names.map((name) => [name, maps.filter(({ group }) => group === name)]);
}

/* Where the cross is: its place in mm, and the region of the atlas. */
function placeLine(position, column, places) {
  const name = places && column >= 0 && (places.names[places.voxels[column]] || "no region of the atlas");
  return [labelled("at", `${position.map(short).join(", ")} mm`), ...(name ? [labelled("in", name)] : [])];
}

/* What the maps of a contrast hold there, a line for each list of them. */
function valueLines(contrast, column) {
  if (column < 0) {
    return ["outside of the mask"];
  }
  return listsOf(contrast.maps).map(([, maps]) => {
    const line = document.createElement("div");
    line.append(...maps.map((map) => (
      labelled(map.is_p ? `p, ${map.label}` : map.label, (map.is_p ? pOf : written)(map.values[column], map))
    )));
    return line;
  });
}

function countSentence(map, negative) {
  const size = negative ? Math.abs : (value) => value;
  const sizes = map.values.map(size);
  const above = sizes.reduce((sum, value) => sum + (value > map.threshold), 0);
  const limits = negative ? [map.threshold, -map.threshold] : [map.threshold];
  const of = limits.map((limit) => written(limit, map)).join(" or below ");
  const largest = sizes.reduce((most, value) => Math.max(most, value), -Infinity);
  return above
    ? `${above} ${above === 1 ? `${unit.one} is` : `${unit.many} are`} above ${of}.`
    : `No ${unit.one} is above this threshold. The map's largest value is ${written(largest, map)}.`;
}
