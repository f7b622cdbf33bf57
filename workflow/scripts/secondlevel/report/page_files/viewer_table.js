/* From a row of the tables to its place in the viewer, and back. */

let marked = [];

function mark(chosen) {
  marked.forEach((each) => each.removeAttribute("aria-current"));
  marked = chosen;
  marked.forEach((each) => each.setAttribute("aria-current", "true"));
}

/* The element of a place that a click means: its own, or the one within the table's row that was clicked. */
function placeClicked(target) {
  const within = target.closest("a, button, input, label, select, summary") ? null : target.closest("tr");
  return target.closest("[data-mm]") ?? within?.querySelector("[data-mm]");
}

const placeOf = (element) => element.dataset.mm.split(",").map(Number);

/* The row whose peak is nearest to a place, and how far it is; the one that was chosen before others as near. */
function nearestRow(contrast, position) {
  const rows = [...document.querySelectorAll("tr[data-mm]")].filter((row) => row.dataset.contrast === contrast);
  let nearest = null;
  for (const row of rows) {
    const distance = Math.hypot(...placeOf(row).map((value, axis) => value - position[axis]));
    const preferred = nearest && Math.abs(distance - nearest.distance) < 1e-3 && marked.includes(row);
    if (!nearest || distance < nearest.distance - 1e-3 || preferred) {
      nearest = { row, distance };
    }
  }
  return nearest;
}

/* How a row is called: "cluster 1", or "cluster 1, peak 2". */
function nameOf(row) {
  const [cluster, peak] = row.querySelector("th").textContent.split(", ");
  return `cluster ${cluster}${peak ? `, peak ${peak}` : ""}`;
}

function bring(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
}

/* The way back: the row is marked, shown if it is folded, and has the focus. */
function goToRow(row) {
  const folded = row.closest("details");
  if (folded) {
    folded.open = true;
  }
  mark([row]);
  row.querySelector("button").focus({ preventScroll: true });
  bring(row);
}
