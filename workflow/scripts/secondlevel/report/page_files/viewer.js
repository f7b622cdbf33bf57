/* The slices of the maps, drawn by NiiVue. Everything else of the page works without. */
(() => {
  "use strict";

  const element = (name) => document.getElementById(`viewer-${name}`);
  const canvas = element("canvas");
  const slider = element("slider");
  const number = element("threshold");
  const coordinates = ["x", "y", "z"].map(element);
  const keys = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    PageDown: [1, -1],
    PageUp: [1, 1],
    ArrowDown: [2, -1],
    ArrowUp: [2, 1],
  };

  // Both get lighter with the value; inferno begins where it is no longer as blue as the negative values' colours.
  const warm = [[147, 38, 103], [195, 59, 79], [231, 94, 46], [250, 146, 7], [248, 205, 55], [252, 255, 164]];
  const cool = [[20, 80, 190], [25, 120, 215], [45, 160, 230], [110, 200, 240], [165, 228, 248], [220, 250, 255]];

  // With a volume, NiiVue 0.69.0 does for each of its two COLORMAP_TYPEs what the name of the other says.
  const faintBelow = 1;
  const nothingBelow = 2;

  let data;
  let viewer;
  let contrast;
  let map;
  let wanted;
  let position;
  let current = [];

  function colormap(colours) {
    const channel = (index) => [colours[0], ...colours].map((colour) => colour[index]);
    const last = colours.length - 1;
    return {
      R: channel(0),
      G: channel(1),
      B: channel(2),
      A: [0, ...colours.map(() => 255)],
      I: [0, ...colours.map((_, index) => Math.round(1 + (254 * index) / last))],
    };
  }

  function createViewer() {
    const created = new niivue.Niivue({
      crosshairColor: [1, 1, 1, 0.7],
      crosshairGap: 5,
      crosshairWidthUnit: "mm",
      fontColor: [0.85, 0.85, 0.85, 1],
      interactive: false,  // or NiiVue takes the wheel, the keys and files that are dropped
      isNearestInterpolation: true,
      logLevel: "error",
      multiplanarPadPixels: 10,
      multiplanarShowRender: 0,
      showAllOrientationMarkers: true,
    });
    created.addColormap("viewer-warm", colormap(warm));
    created.addColormap("viewer-cool", colormap(cool));
    return created;
  }

  function decode(base64, name, colours) {
    return niivue.NVImage.loadFromBase64({ base64, name: `${name}.nii.gz`, colormap: colours });
  }

  async function decodeMap(each) {
    each.image = await decode(each.data, each.key, "viewer-warm");
    each.data = null;
  }

  function decodeMaps(of) {
    of.decoded ??= Promise.all(of.maps.map(decodeMap));
    return of.decoded;
  }

  const short = (value) => String(Number(value.toFixed(2)));
  const showsNegative = () => map.bothSigns && element("negative").checked;

  function written(value, kind) {
    const p = Number((10 ** -Math.abs(value)).toPrecision(2));
    return kind === "logp" ? `${value.toFixed(2)} (p = ${p})` : value.toFixed(2);
  }

  /* The centre of the map's voxel that is nearest to a point: what is read is what the slices show. */
  function voxelCentre(mm) {
    const image = map.image;
    const inside = (index, axis) => Math.min(Math.max(index, 0), image.dimsRAS[axis + 1] - 1);
    return Array.from(image.vox2mm(image.mm2vox(mm).map(inside), image.matRAS));
  }

  function moveTo(mm) {
    position = voxelCentre(mm);
    mark([]);
    viewer.scene.crosshairPos = viewer.mm2frac(position);
    viewer.drawScene();
    coordinates.forEach((field, axis) => { field.value = short(position[axis]); });
    readVoxel();
  }

  /* NiiVue's lines have a width in mm, of which a small slice has less than a pixel and would lose some. */
  function thinCrosshair() {
    const [slice] = viewer.screenSlices;
    const mmPerPixel = (slice.fovMM[0] / slice.leftTopWidthHeight[2]) * devicePixelRatio;
    viewer.setCrosshairWidth(1.5 * mmPerPixel);
  }

  function step(axis, voxels) {
    const voxel = map.image.mm2vox(position);
    voxel[axis] += voxels;
    moveTo(map.image.vox2mm(voxel, map.image.matRAS));
  }

  function labelled(label, text) {
    const item = document.createElement("span");
    const name = document.createElement("span");
    name.className = "viewer-label";
    name.textContent = `${label} `;
    item.append(name, `${text} `);
    return item;
  }

  function readVoxel() {
    const values = contrast.maps.map(({ image }) => image.getValue(...image.mm2vox(position)));
    const items = values.some((value) => value !== 0)
      ? contrast.maps.map(({ label, kind }, index) => labelled(label, written(values[index], kind)))
      : ["outside of the mask"];
    element("voxel").replaceChildren(labelled("at", `${position.map(short).join(", ")} mm`), ...items);
  }

  function countVoxels() {
    const size = showsNegative() ? Math.abs : (value) => value;
    let above = 0;
    let largest = -Infinity;
    for (const value of map.image.img) {
      above += size(value) > map.threshold;
      largest = Math.max(largest, size(value));
    }
    const limits = showsNegative() ? [map.threshold, -map.threshold] : [map.threshold];
    const of = limits.map((limit) => written(limit, map.kind)).join(" or below ");
    element("count").textContent = above
      ? `${above} ${above === 1 ? "voxel is" : "voxels are"} above ${of}.`
      : `No voxel is above this threshold. The map's largest value is ${written(largest, map.kind)}.`;
  }

  function drawScale() {
    const highest = map.maximum || 1;  // where a map has no values at all
    const lowest = showsNegative() ? -highest : 0;
    const place = (value) => `${(100 * (value - lowest)) / (highest - lowest)}%`;
    const stops = (colours, sign) => colours.map((colour, index) => (
      `rgb(${colour}) ${place((sign * highest * index) / (colours.length - 1))}`
    ));
    const colours = [...(showsNegative() ? stops(cool, -1).reverse() : []), ...stops(warm, 1)];
    const [from, to] = [place(showsNegative() ? -map.threshold : 0), place(map.threshold)];
    const below = element("faint").checked ? "rgb(128 128 128 / 60%)" : "rgb(128 128 128)";
    const hidden = `transparent ${from}, ${below} ${from} ${to}, transparent ${to}`;
    element("scale").style.background =
      `linear-gradient(to right, ${hidden}), linear-gradient(to right, ${colours})`;
    element("lowest").textContent = lowest ? lowest.toFixed(2) : "0";
    element("highest").textContent = highest.toFixed(2);
  }

  /* The least number of 32 bits that is greater than a positive one; 0 stays 0, which is never drawn. */
  function justAbove(value) {
    const rounded = Math.fround(value);
    return rounded > value ? rounded : Math.fround(rounded * (1 + 0.75 * 2 ** -23));
  }

  function paint() {
    const { image, maximum } = map;
    image.cal_min = justAbove(map.threshold);  // NiiVue draws what is equal to its limit, too
    image.cal_max = Math.max(maximum, image.cal_min);
    image.colormapNegative = showsNegative() ? "viewer-cool" : "";
    image.colormapType = element("faint").checked ? faintBelow : nothingBelow;
    viewer.updateGLVolume();
    viewer.updateInterpolation(0, true);  // the background alone is smooth
    viewer.drawScene();
    countVoxels();
    drawScale();
  }

  function setThreshold(value) {
    map.threshold = Math.max(value, 0);
    slider.value = map.threshold;
    number.value = map.threshold.toFixed(2);
    paint();
  }

  function presetButton({ label, value }) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${label}: ${value.toFixed(2)}`;
    button.addEventListener("click", () => setThreshold(value));
    return button;
  }

  function showMap(next) {
    if (map) {
      viewer.removeVolume(map.image);
    }
    map = next;
    viewer.addVolume(map.image);
    slider.max = number.max = Math.ceil(map.maximum * 100) / 100;
    element("presets").replaceChildren(...map.presets.map(presetButton));
    element("negative").parentElement.hidden = !map.bothSigns;
    setThreshold(map.threshold);
  }

  async function showContrast(next) {
    wanted = next;
    await decodeMaps(next);
    if (next !== wanted || next === contrast) {
      return;
    }
    const same = next.maps.find(({ key }) => key === map?.key) ?? next.maps[0];
    contrast = next;
    element("contrast").value = next.name;
    element("map").replaceChildren(...next.maps.map(({ key, label }) => new Option(label, key)));
    element("map").value = same.key;
    showMap(same);
    moveTo(position ?? data.start);
  }

  const numberIn = (field, otherwise) => Number.isNaN(field.valueAsNumber) ? otherwise : field.valueAsNumber;
  const contrastNamed = (name) => data.contrasts.find((each) => each.name === name);

  function mark(chosen) {
    current.forEach((each) => each.removeAttribute("aria-current"));
    current = chosen;
    current.forEach((each) => each.setAttribute("aria-current", "true"));
  }

  /* The element of a place that a click means: its own, or the one within the table's row that was clicked. */
  function placeClicked(target) {
    const within = target.closest("a, button, input, label, select, summary") ? null : target.closest("tr");
    return target.closest("[data-mm]") ?? within?.querySelector("[data-mm]");
  }

  async function followClick(event) {
    const place = placeClicked(event.target);
    if (!place) {
      return;
    }
    await showContrast(contrastNamed(place.dataset.contrast) ?? contrast);
    moveTo(place.dataset.mm.split(",").map(Number));
    mark([place, place.closest("tr")].filter(Boolean));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    canvas.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }

  function followPointer(event) {
    const scale = canvas.width / canvas.clientWidth;
    const mm = viewer.screenXY2mm(event.offsetX * scale, event.offsetY * scale).slice(0, 3);
    if (mm.every(Number.isFinite)) {
      moveTo(mm);
    }
  }

  function followKey(event) {
    if (event.key in keys && !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      step(...keys[event.key]);
    }
  }

  function listen() {
    element("contrast").addEventListener("change", (event) => showContrast(contrastNamed(event.target.value)));
    element("map").addEventListener("change", (event) => (
      showMap(contrast.maps.find(({ key }) => key === event.target.value))
    ));
    slider.addEventListener("input", () => setThreshold(slider.valueAsNumber));
    number.addEventListener("change", () => setThreshold(numberIn(number, map.threshold)));
    element("faint").addEventListener("change", paint);
    element("negative").addEventListener("change", paint);
    element("peak").addEventListener("click", () => moveTo(contrast.peak));
    coordinates.forEach((field, axis) => field.addEventListener("change", () => (
      moveTo(position.map((value, each) => each === axis ? numberIn(field, value) : value))
    )));
    canvas.addEventListener("keydown", followKey);
    canvas.addEventListener("click", followPointer);
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons === 1 && event.pointerType !== "touch") {
        followPointer(event);
      }
    });
    document.addEventListener("click", followClick);
    new ResizeObserver(() => requestAnimationFrame(thinCrosshair)).observe(canvas);
  }

  /* The number of pixels in colour, for tests: WebGL forgets them once they are on the screen. */
  function drawn() {
    viewer.drawScene();
    const { gl } = viewer;
    const pixels = new Uint8Array(4 * canvas.width * canvas.height);
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    let coloured = 0;
    for (let index = 0; index < pixels.length; index += 4) {
      const [red, green, blue] = pixels.subarray(index, index + 3);
      coloured += Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
    }
    return coloured;
  }

  async function start() {
    data = JSON.parse(document.getElementById("viewer-data").textContent);
    viewer = createViewer();
    await viewer.attachToCanvas(canvas);
    const background = await decode(data.background, "background", "gray");
    background.cal_max *= 1.3;  // darker, so that the lightest colours are seen
    viewer.addVolume(background);
    await showContrast(data.contrasts[0]);
    listen();
    window.secondlevelViewer = { position: () => position, drawn };
    document.documentElement.dataset.viewer = "ready";
  }

  if (document.createElement("canvas").getContext("webgl2")) {
    start();
  } else {
    element("body").hidden = true;
    element("unavailable").hidden = false;
    document.documentElement.dataset.viewer = "unavailable";
  }
})();
