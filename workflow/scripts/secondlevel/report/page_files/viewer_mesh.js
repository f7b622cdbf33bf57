/* Meshes as the page holds them (report/mesh_viewer_data.py), in the place of a grid: an element is a vertex. */

async function unpackedMesh(packed) {
  const { name, count, triangles, depth } = packed;
  const places = await unpackedPlaces(packed.places, count);
  const grays = depth && await unpackedNumbers(depth, count);
  return {
    name,
    count,
    places,
    drawn: packed.drawn ? await unpackedPlaces(packed.drawn, count) : places,
    triangles: Uint32Array.from(await unpackedNumbers(triangles.corners, 3 * triangles.count)),
    depth: Float32Array.from({ length: count }, (_, vertex) => (grays ? grays[vertex] / packed.deepest : 0)),
  };
}

/* Three numbers for each vertex, all x, then all y, then all z, in hundredths of a mm. */
async function unpackedPlaces(text, count) {
  const numbers = await unpackedNumbers(text, 3 * count);
  return Float32Array.from(numbers, (_, index) => numbers[Math.floor(index / 3) + count * (index % 3)] / 100);
}

/* All vertices, mesh by mesh, with the vertex of each element, and the element at each vertex, -1 where there is none. */
async function unpackedGrid({ meshes, inside }) {
  const unpacked = await Promise.all(meshes.map(unpackedMesh));
  let first = 0;
  for (const mesh of unpacked) {
    mesh.first = first;
    first += mesh.count;
  }
  const within = await unpackedNumbers(inside, first);
  const columns = Int32Array.from(within.keys()).filter((vertex) => within[vertex]);
  const columnAt = new Int32Array(first).fill(-1);
  columns.forEach((vertex, column) => { columnAt[vertex] = column; });
  return { meshes: unpacked, columns, columnAt };
}

const meshOf = ({ meshes }, vertex) => meshes.find(({ first, count }) => vertex < first + count);
const pointOf = (points, vertex) => points.subarray(3 * vertex, 3 * vertex + 3);

function mmOf(grid, vertex) {
  const mesh = meshOf(grid, vertex);
  return Array.from(pointOf(mesh.places, vertex - mesh.first), (value) => Math.round(100 * value) / 100);
}

/* The vertex that is nearest to a point. */
function voxelAt({ meshes }, [x, y, z]) {
  let nearest = 0;
  let least = Infinity;
  for (const { first, count, places } of meshes) {
    for (let vertex = 0; vertex < count; vertex += 1) {
      const away = (places[3 * vertex] - x) ** 2 + (places[3 * vertex + 1] - y) ** 2 + (places[3 * vertex + 2] - z) ** 2;
      if (away < least) {
        nearest = first + vertex;
        least = away;
      }
    }
  }
  return nearest;
}

/* The vertex beside another one that lies farthest towards the right, the front or the top, or away from it. */
function neighbourOf(grid, vertex, axis, direction) {
  const { first, places, triangles } = meshOf(grid, vertex);
  const own = vertex - first;
  let farthest = own;
  for (let corner = 0; corner < triangles.length; corner += 1) {
    if (triangles[corner] === own) {
      const start = corner - (corner % 3);
      for (const other of triangles.subarray(start, start + 3)) {
        if (direction * (places[3 * other + axis] - places[3 * farthest + axis]) > 0) {
          farthest = other;
        }
      }
    }
  }
  return first + farthest;
}

const columnOf = ({ columnAt }, vertex) => columnAt[vertex];

function volumeOf({ columns, columnAt }, values) {
  const volume = new Float64Array(columnAt.length);
  columns.forEach((vertex, column) => { volume[vertex] = values[column]; });
  return volume;
}

/* What a vertex is called, before its place. */
function nameOfElement(grid, vertex) {
  const mesh = meshOf(grid, vertex);
  return [labelled("", `${mesh.name}, vertex ${vertex - mesh.first}`)];
}

/* The elements beside one along the edges of its mesh, -1 where there is none. */
function columnsAround(grid, column) {
  const vertex = grid.columns[column];
  const mesh = meshOf(grid, vertex);
  mesh.beside ??= verticesBeside(mesh);
  return mesh.beside[vertex - mesh.first].map((other) => grid.columnAt[mesh.first + other]);
}

/* The vertices that share a triangle with each vertex of a mesh. */
function verticesBeside({ count, triangles }) {
  const beside = Array.from({ length: count }, () => new Set());
  for (let start = 0; start < triangles.length; start += 3) {
    const corners = triangles.subarray(start, start + 3);
    for (const one of corners) {
      corners.forEach((other) => beside[one].add(other));
    }
  }
  return beside.map((vertices) => [...vertices]);
}
