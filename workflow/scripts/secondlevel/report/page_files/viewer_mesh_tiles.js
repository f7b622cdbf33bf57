/* From where meshes are seen: one or several tiles of the canvas, each with some of the meshes. */

// The angles, around the head and above the horizon, from which a mesh is seen.
const sights = { left: [90, 0], right: [270, 0], rightAndAbove: [235, 25] };
const ofSide = {
  left: [["lateral", sights.left], ["medial", sights.right]],
  right: [["medial", sights.left], ["lateral", sights.right]],
};

const plus = (one, other, factor = 1) => Array.from(one, (value, axis) => value + factor * other[axis]);
const dot = (one, other) => one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
const unitOf = (vector) => vector.map((value) => value / (Math.hypot(...vector) || 1));

/* What goes to the right, what goes up, and what comes towards the reader, as seen from an angle. */
function axesOf([around, above]) {
  const [a, b] = [around, above].map((degrees) => (degrees * Math.PI) / 180);
  const [sinA, cosA, sinB, cosB] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b)];
  return { right: [cosA, -sinA, 0], up: [sinA * sinB, cosA * sinB, cosB], towards: [-sinA * cosB, -cosA * cosB, sinB] };
}

/* The angle from which a direction points towards the reader. */
function angleOf(direction) {
  const [x, y, z] = unitOf(direction);
  const degrees = [Math.atan2(-x, -y), Math.asin(z)].map((value) => (value * 180) / Math.PI);
  return [(degrees[0] + 360) % 360, degrees[1]];
}

const viewAlone = ({ name }) => `alone ${name}`;

/* The views: hemispheres from both sides, all meshes together, each one alone. */
function viewsOf(meshes) {
  const sided = meshes.filter(({ name }) => Object.hasOwn(ofSide, name));
  const alone = meshes.length > 1 ? meshes.map((mesh) => [viewAlone(mesh), `${mesh.name} alone`]) : [];
  return [...(sided.length ? [["all", "both sides"]] : []), ["solid", meshes.length > 1 ? "all together" : "3-D"], ...alone];
}

function offerViews() {
  element("view").replaceChildren(...viewsOf(scene.meshes).map(([key, words]) => new Option(words, key)));
}

const firstView = () => viewsOf(scene.meshes)[0][0];

function tilesOf(view) {
  if (view === "all") {
    return scene.meshes.filter(({ name }) => Object.hasOwn(ofSide, name)).flatMap((mesh) => ofSide[mesh.name].map(([words, angle]) => (
      { meshes: [mesh], title: `${mesh.name} ${words}`, angle, usual: angle }
    )));
  }
  const meshes = view === "solid" ? scene.meshes : scene.meshes.filter((mesh) => viewAlone(mesh) === view);
  const sided = meshes.length === 1 && Object.hasOwn(ofSide, meshes[0].name) ? ofSide[meshes[0].name] : [];
  const angle = sided.find(([words]) => words === "lateral")?.[1] ?? sights.rightAndAbove;
  return [{ meshes, title: meshes.map(({ name }) => name).join(", "), angle, usual: angle }];
}

function chooseView(name) {
  scene.tiles = tilesOf(name);
  canvas.style.touchAction = scene.tiles.length > 1 ? "" : "none";  // a finger turns it, or scrolls the page
  scene.niivue.drawScene();
}

/* The tiles as they lie in the canvas, in its pixels, as large as they can be on one scale of pixels for a mm. */
function laidOut() {
  const number = scene.tiles.length;
  const fits = Array.from({ length: number }, (_, index) => {
    const columns = index + 1;
    const [width, height] = [canvas.width / columns, canvas.height / Math.ceil(number / columns)];
    return { columns, width, height, scale: Math.min(...scene.tiles.map((tile) => scaleIn(tile, width, height))) };
  });
  const best = fits.reduce((one, other) => (other.scale > one.scale ? other : one));
  return scene.tiles.map((tile, index) => {
    const left = (index % best.columns) * best.width;
    const top = Math.floor(index / best.columns) * best.height;
    return { tile, box: [left, top, best.width, best.height], scale: best.scale * scene.zoom };
  });
}

/* The pixels for a mm with which the meshes of a tile fit into it, as they are seen first and as they are turned. */
function scaleIn({ meshes, angle, usual }, width, height) {
  const { low, high } = room(meshes);
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => [0, 1, 2].map((axis) => (
    (corner >> axis) % 2 ? (high[axis] - low[axis]) / 2 : (low[axis] - high[axis]) / 2
  )));
  const scales = [angle, usual].map((each) => {
    const { right, up } = axesOf(each);
    const [wide, tall] = [right, up].map((axis) => Math.max(...corners.map((corner) => dot(axis, corner))));
    return Math.min(width / wide, (height - 40 * devicePixelRatio) / tall) / 2.1;
  });
  return Math.min(...scales);
}

function room(meshes) {
  return {
    low: [0, 1, 2].map((axis) => Math.min(...meshes.map(({ low }) => low[axis]))),
    high: [0, 1, 2].map((axis) => Math.max(...meshes.map(({ high }) => high[axis]))),
  };
}

/* What is in the middle of a tile: that of its meshes or, the closer they are, the cross. */
function middleOf({ meshes }) {
  const { low, high } = room(meshes);
  const middle = plus(low, high).map((value) => value / 2);
  const shift = meshes.includes(scene.at?.mesh) ? 1 - 1 / scene.zoom : 0;
  return shift ? middle.map((value, axis) => value + shift * (scene.at.point[axis] - value)) : middle;
}

/* From mm to the box of a tile, -1 to 1 to the right, up, and away from the reader, and the same of directions. */
function matricesOf({ tile, box: [, , width, height], scale }) {
  const { right, up, towards } = axesOf(tile.angle);
  const { low, high } = room(tile.meshes);
  const middle = middleOf(tile);
  const away = towards.map((value) => -value);
  const rows = [
    [right, (2 * scale) / width],
    [up, (2 * scale) / height],
    [away, 1 / (1.5 * Math.hypot(...plus(high, low, -1)))],
  ];
  const places = new Float32Array(16);
  const directions = new Float32Array(16);
  rows.forEach(([axis, size], row) => {
    axis.forEach((value, column) => {
      places[4 * column + row] = value * size;
      directions[4 * column + row] = value;
    });
    places[12 + row] = -dot(axis, middle) * size;
  });
  places[15] = directions[15] = 1;
  return { places, directions };
}
