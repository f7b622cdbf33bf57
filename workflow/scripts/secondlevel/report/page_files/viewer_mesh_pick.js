/* The vertex under the pointer, and the way to the vertex that is chosen. */

function tileUnder({ offsetX, offsetY }) {
  const ratio = canvas.width / canvas.clientWidth;
  const [x, y] = [offsetX * ratio, offsetY * ratio];
  return laidOut().find(({ box: [left, top, width, height] }) => (
    x >= left && y >= top && x <= left + width && y <= top + height
  ));
}

/* The places of points in a tile, from -1 to 1, from another place there, and how far away they are. */
function projected(points, m, [x, y]) {
  const count = points.length / 3;
  const [across, up, away] = [0, 1, 2].map(() => new Float32Array(count));
  for (let index = 0; index < count; index += 1) {
    const [a, b, c] = [points[3 * index], points[3 * index + 1], points[3 * index + 2]];
    across[index] = m[0] * a + m[4] * b + m[8] * c + m[12] - x;
    up[index] = m[1] * a + m[5] * b + m[9] * c + m[13] - y;
    away[index] = m[2] * a + m[6] * b + m[10] * c + m[14];
  }
  return { across, up, away };
}

/* The vertex, among all, that is seen at a place of a tile, from -1 to 1; -1 for none. */
function vertexSeen(laid, place) {
  const { places } = matricesOf(laid);
  let nearest = Infinity;
  let seen = -1;
  for (const { first, points, triangles } of laid.tile.meshes) {
    const { across, up, away } = projected(points, places, place);
    const doubled = (one, other) => across[one] * up[other] - across[other] * up[one];
    for (let start = 0; start < triangles.length; start += 3) {
      const [i, j, k] = [triangles[start], triangles[start + 1], triangles[start + 2]];
      const [ofI, ofJ, ofK] = [doubled(j, k), doubled(k, i), doubled(i, j)];
      const total = ofI + ofJ + ofK;
      if (ofI * total >= 0 && ofJ * total >= 0 && ofK * total >= 0 && total) {
        const distance = (ofI * away[i] + ofJ * away[j] + ofK * away[k]) / total;
        if (distance < nearest) {
          const most = Math.max(ofI / total, ofJ / total, ofK / total);
          nearest = distance;
          seen = first + [i, j, k][[ofI, ofJ, ofK].findIndex((weight) => weight / total === most)];
        }
      }
    }
  }
  return seen;
}

/* Where a pointer is: at a click the place of the vertex under it, or null; while it is pressed, something to turn. */
function under(event) {
  const { offsetX, offsetY } = event;
  if (event.type !== "click") {
    return { mm: null, solid: Boolean(scene.turning) };
  }
  const laid = tileUnder(event);
  const moved = Math.hypot(offsetX - scene.pressed[0], offsetY - scene.pressed[1]) > 4;
  if (!laid || moved) {
    return { mm: null, solid: false };
  }
  const [left, top, width, height] = laid.box;
  const ratio = canvas.width / canvas.clientWidth;
  const vertex = vertexSeen(laid, [(2 * (offsetX * ratio - left)) / width - 1, 1 - (2 * (offsetY * ratio - top)) / height]);
  scene.turning = laid;
  return { mm: vertex < 0 ? null : mmOf(scene.grid, vertex), solid: false };
}

function turn(right, up) {
  const { tile } = scene.turning ?? laidOut()[0];
  const [around, above] = tile.angle;
  Object.assign(tile, { angle: [(around - right + 360) % 360, Math.min(Math.max(above + up, -90), 90)], followed: false });
  scene.niivue.drawScene();
}

/* The cross at a place; unless with `keep`, what shows it is turned until it is seen. */
function crossAt(mm, keep = false) {
  const vertex = voxelAt(scene.grid, mm);
  const mesh = scene.meshes.find(({ first, count }) => vertex < first + count);
  scene.at = { mesh, vertex, point: Array.from(pointOf(mesh.points, vertex - mesh.first)) };
  if (!keep) {
    scene.tiles.filter(({ followed }) => followed).forEach(turnBack);
    if (!isSeen()) {
      turnToCross();
    }
  }
  scene.niivue.drawScene();
}

/* Whether the cross is seen in some tile: what it is on faces the reader, and nothing is before it. */
function isSeen() {
  const { mesh, vertex, point } = scene.at;
  return laidOut().some((laid) => {
    const faces = dot(axesOf(laid.tile.angle).towards, normalOf(mesh, vertex - mesh.first)) > 0.35;
    if (!laid.tile.meshes.includes(mesh) || !faces) {
      return false;
    }
    const { places } = matricesOf(laid);
    const { across, up } = projected(point, places, [0, 0]);
    const seen = vertexSeen(laid, [across[0], up[0]]) - mesh.first;
    const near = (2 * dotSize * devicePixelRatio) / laid.scale;
    return seen >= 0 && seen < mesh.count && Math.hypot(...plus(pointOf(mesh.points, seen), point, -1)) < near;
  });
}

const turnBack = (tile) => Object.assign(tile, { angle: tile.usual, followed: false });

/* Turn what shows the mesh of the cross; where another mesh hides it, or it is not shown at all, show it alone. */
function turnToCross() {
  const { mesh, vertex, point } = scene.at;
  const middle = plus(mesh.low, mesh.high).map((value) => value / 2);
  const size = plus(mesh.high, mesh.low, -1);
  const outwards = unitOf(plus(point, middle, -1).map((value, axis) => value / (size[axis] || 1)));
  const direction = plus(outwards, normalOf(mesh, vertex - mesh.first));
  const facing = ({ angle }) => dot(axesOf(angle).towards, direction);
  const tiles = scene.tiles.filter(({ meshes }) => meshes.includes(mesh));
  if (tiles.length) {
    const best = tiles.reduce((one, other) => (facing(other) > facing(one) ? other : one));
    Object.assign(best, { angle: angleOf(direction), followed: true });
  }
  if (!tiles.length || (scene.tiles.length === 1 && tiles[0].meshes.length > 1 && !isSeen())) {
    element("view").value = viewAlone(mesh);
    chooseView(element("view").value);
    Object.assign(scene.tiles[0], { angle: angleOf(direction), followed: true });
  }
}

/* What is outwards at a vertex, as NiiVue found it. */
function normalOf({ numbers }, vertex) {
  const bytes = new Int8Array(numbers.buffer, 20 * vertex + 12, 3);
  return unitOf(Array.from(bytes));
}
