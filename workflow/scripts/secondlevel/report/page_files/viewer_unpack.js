/* What the page holds packed (report/packing.py): text, whole numbers, and maps in bins. */

async function inflated(base64) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpackedText(base64) {
  return new TextDecoder().decode(await inflated(base64));
}

/* Whole numbers, of which neighbours' differences are kept, their lowest bytes first. */
async function unpackedNumbers(base64, count) {
  const bytes = await inflated(base64);
  const numbers = new Int32Array(count);
  let number = 0;
  for (let index = 0; index < count; index += 1) {
    let step = 0;
    for (let place = bytes.length / count - 1; place >= 0; place -= 1) {
      step = (step << 8) | bytes[place * count + index];
    }
    number += (step >>> 1) ^ -(step & 1);
    numbers[index] = number;
  }
  return numbers;
}

/* The edges of a map's bins: numbers of half a unit of the last digit kept, and the thresholds that are offered. */
function edgesOf({ maximum, kept, presets }) {
  const perUnit = 2 * Number(`1e${kept}`);
  const steps = Array.from({ length: Math.ceil(maximum * perUnit) + 1 }, (_, index) => index / perUnit);
  const thresholds = presets.map(({ value }) => value).filter((value) => value > 0);
  return [...new Set([...steps, ...thresholds])].sort((one, other) => one - other);
}

/* The value of each voxel of the mask: the middle of its bin, which is shown as the value in the file is. */
async function unpackedMap(map, count) {
  const edges = edgesOf(map);
  const bins = await unpackedNumbers(map.voxels, count);
  return Float64Array.from(bins, (bin) => {
    const size = Math.abs(bin);
    return size && (Math.sign(bin) * (edges[size - 1] + edges[size])) / 2;
  });
}
