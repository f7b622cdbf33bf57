/* A PNG file of what is shown, with what it is written below it. */

function pictureOf(lines, scale, limits) {
  const picture = document.createElement("canvas");
  const size = Math.max(11, Math.round(canvas.width / 55));
  const margin = size;
  picture.width = canvas.width;
  picture.height = canvas.height + Math.round(size * (1.5 * (lines.length + 1) + 1));
  const pen = picture.getContext("2d");
  pen.fillStyle = "black";
  pen.fillRect(0, 0, picture.width, picture.height);
  draw();  // WebGL forgets what it drew once it is on the screen
  pen.drawImage(canvas, 0, 0);
  pen.font = `${size}px sans-serif`;
  pen.fillStyle = "white";
  pen.textBaseline = "top";
  let top = canvas.height + size / 2;
  for (const line of lines) {
    pen.fillText(line, margin, top, picture.width - 2 * margin);
    top += 1.5 * size;
  }
  const [lowest, highest] = limits;
  const left = margin + pen.measureText(lowest).width + size / 2;
  drawScale(pen, scale, [left, top, 14 * size, 0.9 * size]);
  pen.fillStyle = "white";
  pen.fillText(lowest, margin, top);
  pen.fillText(highest, left + 14.5 * size, top);
  return picture;
}

function drawScale(pen, { colours, hidden, cover }, [left, top, width, height]) {
  const gradient = pen.createLinearGradient(left, 0, left + width, 0);
  colours.forEach(([place, colour]) => gradient.addColorStop(place, colour));
  pen.fillStyle = gradient;
  pen.fillRect(left, top, width, height);
  pen.fillStyle = cover;
  pen.fillRect(left + hidden[0] * width, top, (hidden[1] - hidden[0]) * width, height);
}

function save(picture, name) {
  picture.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
