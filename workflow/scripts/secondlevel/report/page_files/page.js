// Small conveniences of the page: copying the methods, figures as large as they are, the section that is read, and
// pictures that are all there before printing.
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

const enlarged = document.getElementById("enlarged");
const large = enlarged.querySelector("img");
for (const image of document.querySelectorAll("img.enlargeable")) {
  image.tabIndex = 0;
  image.title = "Enlarge";
  image.addEventListener("click", () => enlarge(image));
  image.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      enlarge(image);
    }
  });
}

function enlarge(image) {
  large.src = image.src;
  large.alt = image.alt;
  // Never smaller than it was, and as wide as there is room for.
  large.width = Math.max(image.naturalWidth, Math.min(0.9 * innerWidth, 2 * image.naturalWidth));
  enlarged.showModal();
}

for (const closing of [large, document.getElementById("enlarged-close")]) {
  closing.addEventListener("click", () => enlarged.close());
}
enlarged.addEventListener("click", (event) => event.target === enlarged && enlarged.close());

// The link of the section that is at the top of the screen is marked.
const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
function markSection() {
  const sections = [...document.querySelectorAll("section[id]")];
  const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 3);
  const now = (passed.at(-1) ?? sections[0]).id;
  for (const [id, link] of links) {
    if (id === now && !link.hasAttribute("aria-current")) {
      link.setAttribute("aria-current", "true");
      link.parentElement.scrollTo({ left: link.offsetLeft - link.parentElement.offsetLeft - 16 });
    } else if (id !== now) {
      link.removeAttribute("aria-current");
    }
  }
}
document.addEventListener("scroll", markSection, { passive: true });
markSection();
