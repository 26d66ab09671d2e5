// A page: its matches one at a time, its image at every size, its text over the image so that it can be selected.

// The matches of a page, in text and image, one at a time; beyond the last, the link to the next page works.
const marks = [...new Set([...document.querySelectorAll("[data-mark]")].map((mark) => mark.dataset.mark))];
const otherView = document.querySelector("[data-other-view]"); // the page beside its translation, or alone
let current = -1;

function showMark(index) {
  document.querySelectorAll(".current[data-mark]").forEach((mark) => mark.classList.remove("current"));
  current = index;
  const found = [...document.querySelectorAll(`[data-mark="${marks[index]}"]`)];
  found.forEach((mark) => mark.classList.add("current"));
  found.find((mark) => mark.tagName === "MARK")?.scrollIntoView({ block: "center" });
  bringIntoFrame(found.find((mark) => mark.tagName !== "MARK"));
  if (otherView) otherView.hash = `match-${marks[index]}`;
}

function step(by) {
  const next = current < 0 && by < 0 ? -1 : current + by;
  if (next < 0 || next >= marks.length) return false;
  showMark(next);
  return true;
}

document.querySelectorAll("[data-match]").forEach((link) => {
  const by = link.dataset.match === "next" ? 1 : -1;
  link.addEventListener("click", (event) => {
    if (step(by)) event.preventDefault();
  });
});

// The image, from as large as fits to five times that.
const frame = document.querySelector(".frame");
const sheet = document.querySelector(".sheet");
const picture = sheet?.querySelector("img");
const controls = document.querySelector(".zoom");
const sizes = [1, 1.5, 2, 3, 4, 5];
let size = 0;

function zoom(to) {
  const middle = {
    x: (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth,
    y: (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight,
  };
  size = Math.max(0, Math.min(sizes.length - 1, to));
  frame.classList.toggle("enlarged", size > 0);
  sheet.style.width = size === 0 ? "" : `${fitted() * sizes[size]}px`;
  picture.sizes = `${Math.round(sheet.clientWidth)}px`;
  controls.querySelector("output").value = `${sizes[size] * 100} %`;
  frame.scrollLeft = middle.x * frame.scrollWidth - frame.clientWidth / 2;
  frame.scrollTop = middle.y * frame.scrollHeight - frame.clientHeight / 2;
}

// How wide the image is when all of it is seen.
let fitWidth = 0;
function fitted() {
  if (!frame.style.height) {
    fitWidth = picture.clientWidth;
    frame.style.width = `${frame.clientWidth}px`;
    frame.style.height = `${frame.clientHeight}px`;
  }
  return fitWidth;
}

function bringIntoFrame(mark) {
  if (!mark || size === 0) return;
  const box = mark.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  frame.scrollLeft += box.left + box.width / 2 - around.left - around.width / 2;
  frame.scrollTop += box.top + box.height / 2 - around.top - around.height / 2;
}

if (picture) {
  controls.hidden = false;
  const by = { in: () => size + 1, out: () => size - 1, fit: () => 0 };
  controls.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    fitted();
    zoom(by[button.dataset.zoom]());
  });
  window.addEventListener("resize", () => {
    zoom(0);
    frame.style.width = frame.style.height = "";
  });
}

// The words over the image: unseen, but there to be selected and copied.
const measure = document.createElement("canvas").getContext("2d");
measure.font = "100px sans-serif";

function lay([number, text, left, top, right, bottom]) {
  const word = document.createElement("span");
  word.dataset.word = number;
  word.textContent = `${text} `;
  const [width, height] = [right - left, bottom - top];
  const isTurned = height > 1.6 * width && text.length > 2;
  const [long, short] = isTurned ? [height, width] : [width, height];
  const natural = (measure.measureText(text).width / 100) * short;
  word.style.left = `${left / 10}cqw`;
  word.style.top = `${top / 10}cqw`;
  word.style.fontSize = `${short / 10}cqw`;
  const turn = isTurned ? `translateX(${short / 10}cqw) rotate(90deg) ` : "";
  word.style.transform = `${turn}scaleX(${natural ? long / natural : 1})`;
  return word;
}

async function layText() {
  const answer = await fetch(sheet.dataset.words);
  if (!answer.ok) return;
  const layer = document.createElement("div");
  layer.className = "text-layer";
  layer.setAttribute("aria-hidden", "true"); // the text beside the image is the one that is read out
  layer.append(...(await answer.json()).map(lay));
  sheet.append(layer);
}

if (picture) layText();

// The strip shows the current page in its middle.
const here = document.querySelector(".strip [aria-current]");
if (here) {
  const strip = here.closest("ol");
  strip.scrollLeft = here.offsetLeft - strip.offsetLeft - strip.clientWidth / 2 + here.clientWidth / 2;
}

// Where the address leads.
if (marks.length > 0 && /^#(match|occurrence)-[\w-]+$/.test(location.hash)) {
  const asked = document.querySelector(location.hash)?.closest("[data-mark]")?.dataset.mark;
  if (asked) showMark(marks.indexOf(asked)); // what stands in the head of a page is not in every view
} else if (marks.length > 0 && document.getElementById("passage")) {
  const first = document.querySelector("mark"); // what the link is about
  if (first.getBoundingClientRect().bottom > innerHeight) first.scrollIntoView({ block: "center" });
}
