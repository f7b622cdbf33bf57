/* What is drawn of meshes, by NiiVue. */

const shading = `#version 300 es
precision highp float;
uniform float opacity;
in vec4 vClr;
in vec3 vN;
out vec4 color;
void main() {
  color = vec4(vClr.rgb * (0.5 + 0.5 * abs(dot(normalize(vN), normalize(vec3(0.1, 0.45, -0.9))))), opacity);
}`;
const grays = [190, 95];  // of what is high up, and of what is deep
const unanalysed = 0.55;  // of these, where there are no values
const white = new Uint8Array([255, 255, 255, 255]);
const black = new Uint8Array([0, 0, 0, 255]);
const dotSize = 4;  // pixels of the page

Object.assign(scene, { grid: null, meshes: [], dots: [], tiles: [], at: null, turning: null, pressed: [0, 0] });

async function createScene(_, grid) {
  scene.grid = grid;
  scene.niivue = new niivue.Niivue({
    fontColor: [0.85, 0.85, 0.85, 1],
    interactive: false,  // or NiiVue takes the wheel, the keys and files that are dropped
    isOrientationTextVisible: false,
    logLevel: "error",
  });
  await scene.niivue.attachToCanvas(canvas);
  scene.niivue.setCustomMeshShader(shading, "viewer");
  scene.niivue.drawScene = () => { scene.frame ??= requestAnimationFrame(draw); };
  setApart(grid.meshes);
  scene.meshes = grid.meshes.map(drawnMesh);
  scene.dots = [black, white].map((colour) => added(...ball(), colour));
  offerViews();
  canvas.addEventListener("pointerdown", (event) => {
    scene.pressed = [event.offsetX, event.offsetY];
    scene.turning = tileUnder(event);
  });
}

/* Inflated hemispheres overlap in the places that their files give. */
function setApart(meshes) {
  const [left, right] = ["left", "right"].map((name) => meshes.find((mesh) => mesh.name === name));
  if (!left || !right) {
    return;
  }
  const across = ({ drawn }) => drawn.filter((_, index) => index % 3 === 0);
  const overlap = across(left).reduce((most, x) => Math.max(most, x)) - across(right).reduce((most, x) => Math.min(most, x));
  for (const [mesh, sign] of overlap > 0 ? [[left, -1], [right, 1]] : []) {
    mesh.drawn = mesh.drawn.map((value, index) => (index % 3 ? value : value + sign * (overlap / 2 + 2)));
  }
}

/* A mesh of NiiVue, and what its graphics card has of each vertex: place, normal and, as the last four bytes, colour. */
function added(points, triangles, colours) {
  const mesh = new niivue.NVMesh(points, triangles, "mesh", colours, 1, true, scene.niivue.gl);
  scene.niivue.addMesh(mesh);
  scene.niivue.setMeshShader(mesh.id, "viewer");
  const numbers = mesh.generatePosNormClr(points, triangles, colours);
  return { mesh, points, triangles, numbers, bytes: new Uint8Array(numbers.buffer) };
}

function renew({ mesh, numbers }) {
  const { gl } = scene.niivue;
  gl.bindBuffer(gl.ARRAY_BUFFER, mesh.vertexBuffer);
  gl.bufferData(gl.ARRAY_BUFFER, numbers, gl.DYNAMIC_DRAW);
}

function drawnMesh({ name, first, count, drawn, depth, triangles }) {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  drawn.forEach((value, index) => {
    low[index % 3] = Math.min(low[index % 3], value);
    high[index % 3] = Math.max(high[index % 3], value);
  });
  const colours = new Uint8Array(4 * count).fill(255);
  return { name, first, count, depth, low, high, ...added(drawn, triangles, colours) };
}

/* A ball with a radius of 1. */
function ball() {
  const [rows, columns] = [8, 16];
  const points = [];
  const triangles = [];
  for (let row = 0; row <= rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [polar, around] = [(Math.PI * row) / rows, (2 * Math.PI * column) / columns];
      points.push(Math.sin(polar) * Math.cos(around), Math.sin(polar) * Math.sin(around), Math.cos(polar));
      const [here, beside] = [row * columns + column, row * columns + (column + 1) % columns];
      if (row < rows) {
        triangles.push(here, here + columns, beside, beside, here + columns, beside + columns);
      }
    }
  }
  return [new Float32Array(points), new Uint32Array(triangles)];
}

function draw() {
  const { gl } = scene.niivue;
  if (scene.repaint) {
    scene.repaint = false;
    scene.meshes.forEach(renew);
  }
  gl.viewport(0, 0, canvas.width, canvas.height);
  gl.clearColor(0, 0, 0, 1);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  scene.niivue.screenSlices = [];
  if (scene.tiles.length) {
    laidOut().forEach(drawTile);
  }
  cancelAnimationFrame(scene.frame);
  scene.frame = null;
}

function drawTile(laid) {
  const { tile, box } = laid;
  scene.meshes.forEach((each) => { each.mesh.visible = tile.meshes.includes(each); });
  placeDots(laid);
  const { places, directions } = matricesOf(laid);
  scene.niivue.draw3D([...box], places, directions, directions, ...tile.angle);
  const { gl } = scene.niivue;
  gl.viewport(0, 0, canvas.width, canvas.height);
  const title = tile.angle === tile.usual ? tile.title : tile.meshes.map(({ name }) => name).join(", ");
  scene.niivue.drawTextBelow([box[0] + box[2] / 2, box[1] + 4 * devicePixelRatio], title, 0.9);
}

/* The cross is a white dot with a black rim, as large at any zoom. */
function placeDots({ tile, scale }) {
  const { towards } = axesOf(tile.angle);
  const size = (dotSize * devicePixelRatio) / scale;
  scene.dots.forEach((each, number) => {
    each.mesh.visible = tile.meshes.includes(scene.at?.mesh);
    if (each.mesh.visible) {
      const middle = plus(scene.at.point, towards, size * number);
      for (let index = 0; index < each.points.length; index += 1) {
        const place = 5 * Math.floor(index / 3) + (index % 3);
        each.numbers[place] = middle[index % 3] + each.points[index] * size * (number ? 1 : 1.6);
      }
      renew(each);
    }
  });
}

/* Colours for values that are above a threshold, and for those below minus it if `negative`, over the gray of depth. */
function paint(volume, { threshold, maximum, negative, faint, opacity }) {
  for (const { first, count, depth, bytes } of scene.meshes) {
    for (let vertex = 0; vertex < count; vertex += 1) {
      const value = volume[first + vertex];
      const size = negative ? Math.abs(value) : value;
      const below = faint && size > 0 ? size / threshold : 0;
      const cover = opacity * (size > threshold ? 1 : below);
      const colour = cover ? colourOf(value < 0 ? cool : warm, size / maximum) : white;
      const shade = (grays[0] + depth[vertex] * (grays[1] - grays[0])) * (scene.grid.columnAt[first + vertex] < 0 ? unanalysed : 1);
      for (let channel = 0; channel < 3; channel += 1) {
        bytes[20 * vertex + 16 + channel] = shade + cover * (colour[channel] - shade);
      }
    }
  }
  scene.repaint = true;
  scene.niivue.drawScene();
}

function colourOf(colours, share) {
  const place = Math.min(share, 1) * (colours.length - 1);
  const lower = Math.min(Math.floor(place), colours.length - 2);
  return colours[lower].map((value, channel) => value + (place - lower) * (colours[lower + 1][channel] - value));
}

function zoomTo(zoom) {
  scene.zoom = Math.min(Math.max(zoom, 1), 8);
  scene.niivue.drawScene();
}
