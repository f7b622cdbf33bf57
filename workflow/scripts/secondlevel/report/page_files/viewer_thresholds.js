/* What is hidden: the slider, the number beside it, and the thresholds of the corrections. */

const slider = document.getElementById("viewer-slider");
const number = document.getElementById("viewer-threshold");
const presets = document.getElementById("viewer-presets");

function presetButton(map, { label, value, answer }, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `${label}: ${rounded(value, map.digits)}`;
  button.dataset.value = value;
  if (answer) {
    button.classList.add("viewer-answer");
    button.title = "The correction that the headline of the report is about";
  }
  button.addEventListener("click", () => choose(value));
  return button;
}

function offerThresholds(map, choose) {
  const step = Number(`1e${-map.digits}`);
  slider.step = number.step = step;
  slider.max = number.max = Math.ceil(map.maximum / step) * step;
  presets.replaceChildren(...map.presets.map((preset) => presetButton(map, preset, choose)));
}

function showThreshold({ threshold, digits }) {
  slider.value = threshold;
  number.value = digits < 0 ? threshold : threshold.toFixed(digits);
  for (const button of presets.children) {
    button.setAttribute("aria-pressed", Number(button.dataset.value) === threshold);
  }
}
