/* What is drawn, by NiiVue: slices, 3-D and glass brain, with zoom, opacity and the cross. */

const render = 4;  // NiiVue's number for what is drawn in 3-D
const views = {
  all: { type: 3, render: 1, layout: 2 },  // in a grid
  slices: { type: 3, render: 0, layout: 0 },  // as there is room
  axial: { type: 0 },
  coronal: { type: 1 },
  sagittal: { type: 2 },
  solid: { type: render },
  glass: { type: render, brain: 0.4 },
};
// With a volume, NiiVue 0.69.0 does for each of its two COLORMAP_TYPEs what the name of the other says.
const faintBelow = 1;
const nothingBelow = 2;

Object.assign(scene, { brain: null, map: null });

async function createScene(brain, grid) {
  scene.niivue = new niivue.Niivue({
    crosshairColor: [1, 1, 1, 0.7],
    crosshairGap: 5,
    crosshairWidthUnit: "mm",
    fontColor: [0.85, 0.85, 0.85, 1],
    interactive: false,  // or NiiVue takes the wheel, the keys and files that are dropped
    logLevel: "error",
    multiplanarPadPixels: 10,
    showAllOrientationMarkers: true,
  });
  scene.niivue.addColormap("viewer-warm", colormap(warm));
  scene.niivue.addColormap("viewer-cool", colormap(cool));
  await scene.niivue.attachToCanvas(canvas);
  scene.niivue.drawScene = () => { scene.frame ??= requestAnimationFrame(draw); };
  scene.brain = await unpackedBrain(brain);
  scene.brain.cal_max *= 1.3;  // darker, so that the lightest colours are seen
  scene.map = await imageOf(grid, new Float32Array(grid.columnAt.length), "map", "viewer-warm");
  scene.niivue.addVolume(scene.brain);
  scene.niivue.addVolume(scene.map);
}

/* NiiVue asks for it at every change; it is done once for each frame of the screen. */
function draw() {
  if (scene.repaint) {
    scene.repaint = false;
    scene.niivue.refreshColormaps();
    scene.niivue.refreshLayers(scene.map, 1);  // over the brain, which stays as it is
    squareVoxels();
  }
  const { drawScene } = Object.getPrototypeOf(scene.niivue);
  drawScene.call(scene.niivue);
  if (thinnedCrosshair()) {
    drawScene.call(scene.niivue);
  }
  cancelAnimationFrame(scene.frame);
  scene.frame = null;
}

function repaint() {
  scene.repaint = true;
  scene.niivue.drawScene();
}

/* Colours for values of the grid that are above a threshold, and for those below minus it if `negative`. */
function paint(volume, { threshold, maximum, negative, faint, opacity }) {
  const image = scene.map;
  image.img = volume;
  image.cal_min = justAbove(threshold);  // NiiVue draws what is equal to its limit, too
  image.cal_max = Math.max(maximum, image.cal_min);
  image.colormapNegative = negative ? "viewer-cool" : "";
  image.colormapType = faint ? faintBelow : nothingBelow;
  image.opacity = opacity;
  repaint();
}

/* The map's voxels as they are, the brain behind them smooth. NiiVue forgets it with each texture that it makes. */
function squareVoxels() {
  scene.niivue.opts.isNearestInterpolation = true;
  scene.niivue.updateInterpolation(1);
  scene.niivue.opts.isNearestInterpolation = false;
}

/* The least number of 32 bits that is greater than a positive one; 0 stays 0, which is never drawn. */
function justAbove(value) {
  const rounded = Math.fround(value);
  return rounded > value ? rounded : Math.fround(rounded * (1 + 0.75 * 2 ** -23));
}

const firstView = () => (isSlow() ? "slices" : "all");

function chooseView(name) {
  const view = views[name];
  scene.niivue.opts.multiplanarShowRender = view.render ?? 0;
  scene.niivue.opts.multiplanarLayout = view.layout ?? 0;
  scene.brain.opacity = view.brain ?? 1;
  canvas.style.touchAction = view.type === render ? "none" : "";  // a finger turns it, or scrolls the page
  scene.niivue.setSliceType(view.type);
  repaint();
}

/* The cross at a place; with `keep`, what is seen of the brain stays as it is. */
function crossAt(mm, keep = false) {
  scene.niivue.scene.crosshairPos = scene.niivue.mm2frac(mm);
  if (keep) {
    scene.niivue.drawScene();
  } else {
    zoomTo(scene.zoom, mm);
  }
}

/* The brain so many times as large, with a place where it is seen without zoom, so that it is always seen. */
function zoomTo(zoom, mm) {
  scene.zoom = Math.min(Math.max(zoom, 1), 8);
  scene.niivue.scene.volScaleMultiplier = scene.zoom;
  scene.niivue.setPan2Dxyzmm([...mm.map((value) => (1 - scene.zoom) * value), scene.zoom]);
}

/* NiiVue's lines have a width in mm, of which a small slice has less than a pixel and would lose some. */
function thinnedCrosshair() {
  const slice = scene.niivue.screenSlices.find(({ axCorSag }) => axCorSag !== render);
  const width = slice && ((1.5 * slice.fovMM[0]) / slice.leftTopWidthHeight[2]) * devicePixelRatio;
  const differs = Boolean(width) && width !== scene.niivue.opts.crosshairWidth;
  if (differs) {
    scene.niivue.setCrosshairWidth(width);
  }
  return differs;
}

/* Where a pointer is: a place in mm on a slice, or in 3-D, or neither. */
function under(event) {
  const scale = canvas.width / canvas.clientWidth;
  const [x, y] = [event.offsetX * scale, event.offsetY * scale];
  const slice = scene.niivue.screenSlices.find(({ leftTopWidthHeight: [left, top, width, height] }) => (
    x >= left && y >= top && x <= left + width && y <= top + height
  ));
  const mm = slice && slice.axCorSag !== render ? Array.from(scene.niivue.screenXY2mm(x, y).slice(0, 3)) : [NaN];
  return { mm: mm.every(Number.isFinite) ? mm : null, solid: slice?.axCorSag === render };
}

function turn(right, up) {
  const { renderAzimuth, renderElevation } = scene.niivue.scene;
  const elevation = Math.min(Math.max(renderElevation + up, -90), 90);
  scene.niivue.setRenderAzimuthElevation((renderAzimuth + right + 360) % 360, elevation);
}
