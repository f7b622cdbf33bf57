/* Keys and the pointer on the brain. The page says which there are. */

const steps = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageDown: [1, -1],
  PageUp: [1, 1],
  ArrowDown: [2, -1],
  ArrowUp: [2, 1],
};
const turns = { ArrowLeft: [10, 0], ArrowRight: [-10, 0], ArrowDown: [0, -10], ArrowUp: [0, 10] };

/* What a key does, if anything. */
function actionOf(event, { step, zoom }) {
  if (event.altKey || event.ctrlKey || event.metaKey) {
    return null;
  }
  if (event.shiftKey && event.key in turns) {
    return () => turn(...turns[event.key]);
  }
  if (!event.shiftKey && event.key in steps) {
    return () => step(...steps[event.key]);
  }
  return { "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: () => zoom(0) }[event.key] ?? null;
}

function listenToCanvas(actions) {
  canvas.addEventListener("keydown", (event) => {
    const action = actionOf(event, actions);
    if (action) {
      event.preventDefault();
      action();
    }
  });
  canvas.addEventListener("click", (event) => {
    const { mm } = under(event);
    if (mm) {
      actions.point(mm);
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons !== 1) {
      return;
    }
    const { mm, solid } = under(event);
    if (solid) {
      turn(-event.movementX, event.movementY);
    } else if (mm && event.pointerType !== "touch") {
      actions.point(mm);
    }
  });
}
