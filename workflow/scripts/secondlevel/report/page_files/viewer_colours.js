/* The colours of positive and negative values, and their scale below the brain. */

// Both get lighter with the value; inferno begins where it is no longer as blue as the negative values' colours.
const warm = [[147, 38, 103], [195, 59, 79], [231, 94, 46], [250, 146, 7], [248, 205, 55], [252, 255, 164]];
const cool = [[20, 80, 190], [25, 120, 215], [45, 160, 230], [110, 200, 240], [165, 228, 248], [220, 250, 255]];

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

/* The scale from its left to its right end: its limits, and colours with their places from 0 to 1. */
function scaleOf({ threshold, maximum, negative, faint }) {
  const highest = maximum || 1;  // where a map has no values at all
  const lowest = negative ? -highest : 0;
  const place = (value) => Math.min(Math.max((value - lowest) / (highest - lowest), 0), 1);
  const stops = (colours, sign) => colours.map((colour, index) => (
    [place((sign * highest * index) / (colours.length - 1)), `rgb(${colour})`]
  ));
  return {
    lowest,
    highest,
    colours: [...(negative ? stops(cool, -1).reverse() : []), ...stops(warm, 1)],
    hidden: [place(negative ? -threshold : 0), place(threshold)],
    cover: faint ? "rgb(128 128 128 / 60%)" : "rgb(128 128 128)",
  };
}

function cssOf({ colours, hidden, cover }) {
  const [from, to] = hidden.map((place) => `${100 * place}%`);
  const stops = colours.map(([place, colour]) => `${colour} ${100 * place}%`);
  const over = `transparent ${from}, ${cover} ${from} ${to}, transparent ${to}`;
  return `linear-gradient(to right, ${over}), linear-gradient(to right, ${stops})`;
}
