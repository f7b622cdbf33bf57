/* How many voxels of a set are truly active at least, from the level of each voxel (inference/discoveries.py). */

const reaches = { 6: 1, 18: 2, 26: 3 };
const curvePoints = 200;
const [curveWidth, curveHeight] = [300, 80];

/* The bound of a set of voxels: the most that the number of those at a level up to j exceeds j - 1 by. */
function atLeast(levels, columns) {
  const counts = [];
  for (const column of columns) {
    if (levels[column]) {
      counts[levels[column]] = (counts[levels[column]] ?? 0) + 1;
    }
  }
  let found = 0;
  let most = 0;
  counts.forEach((count, level) => {  // from the first level up, without those that no voxel has
    found += count;
    most = Math.max(most, found - level + 1);
  });
  return most;
}

const sizeOf = (negative) => (negative ? Math.abs : (value) => value);

function columnsAbove(values, threshold, negative) {
  const size = sizeOf(negative);
  const columns = [];
  values.forEach((value, column) => {
    if (size(value) > threshold) {
      columns.push(column);
    }
  });
  return columns;
}

/* The voxels of the cluster that a voxel is in, which has the sign of that voxel; none if it is not above. */
function clusterAt(grid, values, { threshold, negative }, start, reach) {
  const sign = negative && values[start] < 0 ? -1 : 1;
  const isAbove = (column) => sign * values[column] > threshold;
  if (start < 0 || !isAbove(start)) {
    return [];
  }
  const found = [start];
  const seen = new Set(found);
  for (const column of found) {  // which grows
    for (const next of columnsAround(grid, column, reach)) {
      if (next >= 0 && !seen.has(next) && isAbove(next)) {
        seen.add(next);
        found.push(next);
      }
    }
  }
  return found;
}

/* The sizes of all voxels from the largest down, and the bound of the first 1, 2, ... of them, in one pass. */
function curveOf(levels, values, negative) {
  const sizes = Float64Array.from(values, sizeOf(negative));
  const order = Uint32Array.from(sizes.keys()).sort((one, other) => sizes[other] - sizes[one]);
  const free = Int32Array.from({ length: levels.reduce((most, level) => Math.max(most, level), 0) + 1 }, (_, at) => at);
  const bounds = new Int32Array(order.length);
  let bound = 0;
  order.forEach((column, rank) => {
    if (levels[column]) {
      let place = levels[column] - 1;
      while (free[place] !== place) {
        free[place] = free[free[place]];
        place = free[place];
      }
      if (place) {
        free[place] = place - 1;
      } else {
        bound += 1;
      }
    }
    bounds[rank] = bound;
  });
  return { sizes: Float64Array.from(order, (column) => sizes[column]), bounds };
}

/* How many voxels are above a threshold, and how many of them are active at least, by a curve. */
function onCurve({ sizes, bounds }, threshold) {
  let low = 0;
  let high = sizes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    [low, high] = sizes[middle] > threshold ? [middle + 1, high] : [low, middle];
  }
  return { count: low, bound: low ? bounds[low - 1] : 0 };
}

const percentOf = ({ bound, count }) => `${Math.floor(100 * bound / count)} %`;

/* What is known of all that is above the threshold, and of the cluster that the cross is in. */
function activeSentence(above, cluster, confidence) {
  if (!above.count) {
    return "";
  }
  const under = cluster.count
    ? `The cluster under the cross: at least ${cluster.bound} of ${cluster.count} (${percentOf(cluster)}).`
    : "The cross is in no cluster at this threshold.";
  return `At least ${above.bound} of these ${above.count} (${percentOf(above)}) are truly active, with ${confidence} `
    + `confidence, whatever threshold you choose. ${under}`;
}

/* The share that is active at least, at thresholds from 0 to the largest value, as points of the curve's picture. */
function pointsOf(curve, maximum) {
  const points = [];
  for (let step = 0; step < curvePoints; step += 1) {
    const threshold = (maximum * step) / curvePoints;
    const { count, bound } = onCurve(curve, threshold);
    if (count) {
      points.push([(curveWidth * step) / curvePoints, curveHeight * (1 - bound / count)]);
    }
  }
  return points.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" ");
}

function drawCurve(curve, { maximum, threshold, digits }) {
  const at = onCurve(curve, threshold);
  const share = at.count ? percentOf(at) : "none";
  const left = Math.min(curveWidth * threshold / (maximum || 1), curveWidth);
  document.getElementById("viewer-curve-line").setAttribute("points", pointsOf(curve, maximum));
  document.getElementById("viewer-curve-at").setAttribute("d", `M${left.toFixed(1)} 0V${curveHeight}`);
  document.getElementById("viewer-curve").setAttribute(
    "aria-label",
    `Share of the ${unit.many} above a threshold that is truly active at least, by the threshold: ${share} at ${rounded(threshold, digits)}`,
  );
  document.getElementById("viewer-curve-end").textContent = rounded(maximum, digits);
}

/* The threshold that a place on the picture of the curve means. */
function thresholdAt(event, { maximum, digits }) {
  const { left, width } = document.getElementById("viewer-curve").getBoundingClientRect();
  const share = Math.min(Math.max((event.clientX - left) / width, 0), 1);
  return Number((share * maximum).toFixed(Math.max(digits, 0)));
}
