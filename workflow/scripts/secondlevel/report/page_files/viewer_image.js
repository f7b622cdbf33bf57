/* Volumes as NiiVue takes them: NIfTI files, made here from a grid and the values of its voxels. */

const types = { Float32Array: [16, 32], Uint8Array: [2, 8] };

function niftiOf({ shape, affine }, values) {
  const headerSize = 352;
  const file = new Uint8Array(headerSize + values.byteLength);
  const header = new DataView(file.buffer, 0, headerSize);
  const [type, bits] = types[values.constructor.name];
  header.setInt32(0, 348, true);
  [3, ...shape, 1, 1, 1, 1].forEach((size, index) => header.setInt16(40 + 2 * index, size, true));
  header.setInt16(70, type, true);
  header.setInt16(72, bits, true);
  const sizes = shape.map((_, axis) => Math.hypot(...affine.map((row) => row[axis])));
  [1, ...sizes].forEach((size, index) => header.setFloat32(76 + 4 * index, size, true));
  header.setFloat32(108, headerSize, true);
  header.setFloat32(112, 1, true);
  header.setInt16(254, 1, true);
  affine.flat().forEach((number, index) => header.setFloat32(280 + 4 * index, number, true));
  file.set([..."n+1"].map((sign) => sign.charCodeAt(0)), 344);
  file.set(new Uint8Array(values.buffer), headerSize);
  return file.buffer;
}

function imageOf(grid, values, name, colours) {
  return niivue.NVImage.new(niftiOf(grid, values), `${name}.nii`, colours);
}

/* The cells of a grid as a file has them, x fastest, in the order of the analysis, z fastest. */
function cellsOf([nx, ny, nz]) {
  const cells = new Int32Array(nx * ny * nz);
  let number = 0;
  for (let x = 0; x < nx; x += 1) {
    for (let y = 0; y < ny; y += 1) {
      for (let z = 0; z < nz; z += 1) {
        cells[number] = x + nx * (y + ny * z);
        number += 1;
      }
    }
  }
  return cells;
}

/* A grid with the cell of each voxel of its mask, and the number of the voxel in each cell, -1 outside. */
async function unpackedGrid({ shape, affine, inverse, inside }) {
  const cells = cellsOf(shape);
  const within = await unpackedNumbers(inside, cells.length);
  const columns = cells.filter((_, number) => within[number]);
  const columnAt = new Int32Array(cells.length).fill(-1);
  columns.forEach((cell, column) => { columnAt[cell] = column; });
  return { shape, affine, inverse, columns, columnAt };
}

const applied = (matrix, [x, y, z]) => matrix.map(([a, b, c, d]) => a * x + b * y + c * z + d);

/* The indices of the voxel that is nearest to a point: what is read is what the slices show. */
function voxelAt({ shape, inverse }, mm) {
  return applied(inverse, mm).map((index, axis) => Math.min(Math.max(Math.round(index), 0), shape[axis] - 1));
}

const mmOf = ({ affine }, voxel) => applied(affine, voxel);
const nameOfElement = () => [];  // a place says which one it is

/* The indices of a voxel's neighbour towards the right, the front or the top, or away from it. */
function neighbourOf({ affine }, voxel, axis, direction) {
  const sizes = affine[axis].slice(0, 3).map(Math.abs);
  const along = sizes.indexOf(Math.max(...sizes));
  return voxel.map((index, each) => index + (each === along) * direction * Math.sign(affine[axis][along]));
}

function columnOf({ shape: [nx, ny], columnAt }, [x, y, z]) {
  return columnAt[x + nx * (y + ny * z)];
}

function volumeOf({ columns, columnAt }, values) {
  const volume = new Float32Array(columnAt.length);
  columns.forEach((cell, column) => { volume[cell] = values[column]; });
  return volume;
}

async function unpackedBrain({ shape, affine, grays, white }) {
  const cells = cellsOf(shape);
  const numbers = await unpackedNumbers(grays, cells.length);
  const volume = new Uint8Array(cells.length);
  cells.forEach((cell, number) => { volume[cell] = (255 * numbers[number]) / white; });
  return imageOf({ shape, affine }, volume, "brain", "gray");
}

/* The voxels beside one, -1 where there is none; `reach` is how many axes a step to a neighbour takes at most. */
function columnsAround({ shape: [nx, ny, nz], columns, columnAt }, column, reach) {
  const cell = columns[column];
  const place = [cell % nx, Math.floor(cell / nx) % ny, Math.floor(cell / (nx * ny))];
  const around = [-1, 0, 1];
  const steps = around.flatMap((x) => around.flatMap((y) => around.map((z) => [x, y, z])))
    .filter((step) => step.reduce((sum, each) => sum + Math.abs(each), 0) <= reach);
  return steps.map((step) => {
    const [x, y, z] = place.map((index, axis) => index + step[axis]);
    const within = x >= 0 && x < nx && y >= 0 && y < ny && z >= 0 && z < nz;
    return within ? columnAt[x + nx * (y + ny * z)] : -1;
  });
}
