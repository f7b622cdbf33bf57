// Small conveniences of the page: copying the methods, and pictures that are all there before printing.
document.getElementById("copy-methods").addEventListener("click", async (event) => {
  const text = document.getElementById("methods-text");
  try {
    await navigator.clipboard.writeText(text.innerText.trim());
    event.target.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text); // where copying is not allowed, the text is marked to be copied by hand
  }
});

window.addEventListener("beforeprint", () => {
  for (const image of document.images) image.loading = "eager";
});
