/* The canvas, and what drawing of any kind has in common. */

const canvas = document.getElementById("viewer-canvas");
const scene = { niivue: null, zoom: 1, frame: null, repaint: false };

/* Whether a processor draws instead of a graphics card, which takes long in 3-D. */
function isSlow() {
  const { gl } = scene.niivue;
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return /swiftshader|llvmpipe|software/i.test(names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : "");
}

/* The number of pixels in colour, for tests: WebGL forgets them once they are on the screen. */
function colouredPixels() {
  draw();
  const { gl } = scene.niivue;
  const pixels = new Uint8Array(4 * canvas.width * canvas.height);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  let coloured = 0;
  for (let index = 0; index < pixels.length; index += 4) {
    const [red, green, blue] = pixels.subarray(index, index + 3);
    coloured += Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
  }
  return coloured;
}
