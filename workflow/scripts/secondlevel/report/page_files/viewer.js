/* The viewer: which contrast, map, place and view are chosen. Everything else of the page works without. */

const element = (name) => document.getElementById(`viewer-${name}`);
const coordinates = ["x", "y", "z"].map(element);

let data;
let grid;
let contrast;
let map;
let wanted;
let volume;
let position;

const shown = () => ({
  threshold: map.threshold,
  maximum: map.maximum,
  negative: map.negative && element("negative").checked,
  faint: element("faint").checked,
  opacity: element("opacity").valueAsNumber,
});

function moveTo(mm, keep) {
  position = mmOf(grid, voxelAt(grid, mm));
  crossAt(position, keep);
  coordinates.forEach((field, axis) => { field.value = short(position[axis]); });
  tellPlace();
}

function step(axis, direction) {
  moveTo(mmOf(grid, neighbourOf(grid, voxelAt(grid, position), axis, direction)));
}

function tellPlace() {
  const column = columnOf(grid, voxelAt(grid, position));
  element("at").replaceChildren(...nameOfElement(grid, voxelAt(grid, position)), ...placeLine(position, column, data.places));
  element("voxel").replaceChildren(...valueLines(contrast, column));
  tellActive();
  const nearest = nearestRow(contrast.name, position);
  element("back").hidden = !nearest;
  if (nearest) {
    const away = Math.round(nearest.distance);
    element("back").textContent = away
      ? `Nearest in the table: ${nameOf(nearest.row)}, ${away} mm away`
      : `Back to ${nameOf(nearest.row)} in the table`;
  }
}

/* What is known of true discoveries, of all that is above the threshold and of the cluster under the cross. */
function tellActive() {
  element("discoveries").hidden = !contrast.levels;
  if (!contrast.levels || !position) {
    return;
  }
  const { threshold, negative } = shown();
  if (map.curve?.negative !== negative) {
    map.curve = { negative, ...curveOf(contrast.levels, map.values, negative) };
  }
  const columns = columnsAbove(map.values, threshold, negative);
  const above = { count: columns.length, bound: atLeast(contrast.levels, columns) };
  const at = columnOf(grid, voxelAt(grid, position));
  const within = clusterAt(grid, map.values, { threshold, negative }, at, reaches[data.connectivity]);
  const cluster = { count: within.length, bound: atLeast(contrast.levels, within) };
  element("active").textContent = activeSentence(above, cluster, data.confidence);
  drawCurve(map.curve, map);
}

function showAgain() {
  paint(volume, shown());
  element("count").textContent = countSentence(map, shown().negative);
  tellActive();
  const scale = scaleOf(shown());
  element("scale").style.background = cssOf(scale);
  element("lowest").textContent = scale.lowest ? rounded(scale.lowest, map.digits) : "0";
  element("highest").textContent = rounded(scale.highest, map.digits);
}

function setThreshold(value) {
  map.threshold = Math.max(value, 0);
  showThreshold(map);
  showAgain();
}

const titleOf = () => `${contrast.name}: ${map.is_p ? "-log10 p, " : ""}${map.label}`;

function showMap(next) {
  map = next;
  volume = volumeOf(grid, map.values);
  element("title").textContent = titleOf();
  element("what").textContent = map.what;
  element("map").value = map.key;
  element("negative").parentElement.hidden = !map.negative;
  offerThresholds(map, setThreshold);
  setThreshold(map.threshold);
}

/* The maps in the list from which one is chosen, by what they are about. */
function listMaps() {
  element("map").replaceChildren(...listsOf(contrast.maps).map(([label, maps]) => {
    const list = Object.assign(document.createElement("optgroup"), { label });
    list.append(...maps.map((each) => new Option(each.label, each.key)));
    return list;
  }));
}

async function unpackMaps(next) {
  const { maps, discoveries } = next;
  next.levels = discoveries && await unpackedNumbers(discoveries, grid.columns.length);
  await Promise.all(maps.map(async (each) => {
    each.values ??= await unpackedMap(each, grid.columns.length);
    each.voxels = null;
  }));
}

async function showContrast(next) {
  wanted = next;
  next.ready ??= unpackMaps(next);
  await next.ready;
  if (next !== wanted || next === contrast) {
    return;
  }
  contrast = next;
  element("contrast").value = next.name;
  listMaps();
  showMap(next.maps.find(({ key }) => key === map?.key) ?? next.maps[0]);
  moveTo(position ?? next.peak);
}

const numberIn = (field, otherwise) => Number.isNaN(field.valueAsNumber) ? otherwise : field.valueAsNumber;
const contrastNamed = (name) => data.contrasts.find((each) => each.name === name);

async function followClick(event) {
  const place = placeClicked(event.target);
  if (!place) {
    return;
  }
  await showContrast(contrastNamed(place.dataset.contrast) ?? contrast);
  mark([place, place.closest("tr")].filter(Boolean));
  moveTo(placeOf(place));
  bring(canvas);
}

function zoom(factor) {
  zoomTo(factor * scene.zoom, position);
  element("zoom").textContent = `${Number(scene.zoom.toFixed(1))}×`;
}

function savePicture() {
  const lines = [
    `${data.analysis}, ${titleOf()}`,
    `${element("count").textContent} ${element("active").textContent}`,
    `Cross ${element("at").textContent}`,
  ];
  const picture = pictureOf(lines, scaleOf(shown()), [element("lowest").textContent, element("highest").textContent]);
  const name = [data.analysis, contrast.name, map.key, ...position.map(short)].join("_");
  save(picture, `${name.replace(/[^\w.-]+/g, "-")}.png`);
}

function listen() {
  element("contrast").addEventListener("change", (event) => showContrast(contrastNamed(event.target.value)));
  element("map").addEventListener("change", (event) => (
    showMap(contrast.maps.find(({ key }) => key === event.target.value))
  ));
  element("curve").addEventListener("click", (event) => setThreshold(thresholdAt(event, map)));
  slider.addEventListener("input", () => setThreshold(slider.valueAsNumber));
  number.addEventListener("change", () => setThreshold(numberIn(number, map.threshold)));
  for (const name of ["faint", "negative", "opacity"]) {
    element(name).addEventListener("input", showAgain);
  }
  element("peak").addEventListener("click", () => moveTo(contrast.peak));
  element("back").addEventListener("click", () => goToRow(nearestRow(contrast.name, position).row));
  element("view").addEventListener("change", (event) => chooseView(event.target.value));
  element("closer").addEventListener("click", () => zoom(1.5));
  element("farther").addEventListener("click", () => zoom(1 / 1.5));
  element("save").addEventListener("click", savePicture);
  coordinates.forEach((field, axis) => field.addEventListener("change", () => (
    moveTo(position.map((value, each) => each === axis ? numberIn(field, value) : value))
  )));
  listenToCanvas({ step, zoom, point: (mm) => moveTo(mm, true) });
  document.addEventListener("click", followClick);
}

async function start() {
  const script = document.createElement("script");
  script.textContent = await unpackedText(document.getElementById("viewer-niivue").textContent.trim());
  document.head.append(script);
  data = JSON.parse(document.getElementById("viewer-data").textContent);
  Object.assign(unit, data.unit);
  grid = await unpackedGrid(data.grid);
  if (data.places) {
    data.places.voxels = await unpackedNumbers(data.places.voxels, grid.columns.length);
  }
  await createScene(data.brain, grid);
  element("view").value = firstView();
  chooseView(element("view").value);
  const [first] = data.contrasts[0].maps;
  element("faint").checked = first.threshold > first.maximum;  // where nothing passes, what there is
  await showContrast(data.contrasts[0]);
  listen();
  window.secondlevelViewer = { position: () => position, drawn: colouredPixels, values: () => map.values, curve: (threshold) => onCurve(map.curve, threshold) };
  document.documentElement.dataset.viewer = "ready";
}

if (document.createElement("canvas").getContext("webgl2") && window.DecompressionStream) {
  start();
} else {
  element("body").hidden = true;
  element("unavailable").hidden = false;
  document.documentElement.dataset.viewer = "unavailable";
}
