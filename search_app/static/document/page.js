// The view of a page: steps through its matches, and enlarges its image.

// Stepping through the matches of a page, in text and image. After the last one, the link to the next page works.
const marks = [...new Set([...document.querySelectorAll("[data-mark]")].map((mark) => mark.dataset.mark))];
const otherView = document.querySelector("[data-other-view]"); // the link to the page next to its translation, or alone
let current = -1;

function showMark(index) {
  document.querySelectorAll(".current[data-mark]").forEach((mark) => mark.classList.remove("current"));
  current = index;
  document.body.classList.remove("arrived");
  document.body.classList.add("stepping"); // the mark in the address is no longer the current one
  const found = [...document.querySelectorAll(`[data-mark="${marks[index]}"]`)];
  found.forEach((mark) => mark.classList.add("current"));
  bringIntoView(found);
  if (otherView) otherView.hash = `match-${marks[index]}`;
}

function bringIntoView(found) {
  const [inText, inImage] = [true, false].map((isText) => found.find((mark) => (mark.tagName === "MARK") === isText));
  inText?.scrollIntoView({ block: "center", behavior: "instant" }); // at once, as positions are measured below
  bringIntoFrame(inImage);
  bringBothIntoView(inText, inImage);
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

// The size of the image: from the size that fits to five times as large.
const frame = document.querySelector(".frame");
const sheet = document.querySelector(".sheet");
const picture = sheet?.querySelector("img");
const controls = document.querySelector(".zoom");
const sizes = [1, 1.5, 2, 3, 4, 5];
const fittingSizes = picture?.sizes || picture?.dataset.sizes;
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
let size = 0;

function zoom(to) {
  const middle = {
    x: (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth,
    y: (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight,
  };
  size = Math.max(0, Math.min(sizes.length - 1, to));
  fit();
  if (size > 0) enlarge(sizes[size]);
  controls.querySelector("output").value = percent.format(sizes[size]);
  frame.scrollLeft = middle.x * frame.scrollWidth - frame.clientWidth / 2;
  frame.scrollTop = middle.y * frame.scrollHeight - frame.clientHeight / 2;
}

// The size that the style sheet gives the image in the present window.
function fit() {
  frame.classList.remove("enlarged");
  sheet.style.width = frame.style.width = frame.style.height = "";
  picture.sizes = fittingSizes;
}

// A larger size, within a frame that keeps the size of the whole image.
function enlarge(times) {
  const width = sheet.clientWidth * times;
  if (width === 0) return; // nothing of it is shown, as on paper
  const { width: across, height: down } = frame.getBoundingClientRect();
  frame.style.width = `${across}px`;
  frame.style.height = `${down}px`;
  frame.classList.add("enlarged");
  sheet.style.width = `${width}px`;
  picture.sizes = `${Math.round(width)}px`;
  if (width * devicePixelRatio > picture.naturalWidth) wantMorePixels();
}

// An image with more pixels is drawn when it is requested. Until it exists, the server answers with the smaller one and
// a header that says so; a short text tells the reader that it is coming.
const pauses = [1, 1, 1, 2, 3, 5, 8, 13, 20, 30]; // seconds
let isWanted = false;

async function wantMorePixels() {
  const { srcset } = picture.dataset;
  if (!srcset || isWanted) return;
  isWanted = true;
  const { href } = picture.closest("a");
  const status = controls.querySelector("[role=status]");
  for (const pause of pauses) {
    const answer = await fetch(href, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (answer?.ok && !answer.headers.has("Content-Location")) {
      picture.srcset = srcset;
      delete picture.dataset.srcset;
      await picture.decode().catch(() => null);
      break;
    }
    if (answer?.ok) status.textContent = status.dataset.text;
    await new Promise((resolve) => { setTimeout(resolve, pause * 1000); });
  }
  status.textContent = "";
  isWanted = false;
}

function bringIntoFrame(mark) {
  if (!mark || size === 0) return;
  const box = mark.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  frame.scrollLeft += box.left + box.width / 2 - around.left - around.width / 2;
  frame.scrollTop += box.top + box.height / 2 - around.top - around.height / 2;
}

// The image is next to the text, but its lower part may be below the window: scroll as far as the match in the text
// stays visible.
function bringBothIntoView(inText, inImage) {
  if (!inText || !inImage || inImage.getClientRects().length === 0) return;
  const hidden = inImage.getBoundingClientRect().bottom + 16 - innerHeight;
  const { top, bottom } = inText.getBoundingClientRect();
  const room = bottom < innerHeight ? top - 128 : 0;
  if (hidden > 0 && room > 0) scrollBy({ top: Math.min(hidden, room), behavior: "instant" });
}

if (picture) {
  controls.hidden = false;
  const by = { in: () => size + 1, out: () => size - 1, fit: () => 0 };
  controls.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    zoom(by[button.dataset.zoom]());
  });
  let across = innerWidth;
  window.addEventListener("resize", () => {
    if (innerWidth === across) return; // the address bar of a telephone appeared or disappeared
    across = innerWidth;
    if (size > 0) zoom(size);
  });
}

// The strip shows the current page in its middle.
const here = document.querySelector(".strip [aria-current]");
if (here) {
  const strip = here.closest("ol");
  strip.scrollLeft = here.offsetLeft - strip.offsetLeft - strip.clientWidth / 2 + here.clientWidth / 2;
}

// The match or passage in the address.
if (marks.length > 0 && /^#(match|occurrence)-[\w-]+$/.test(location.hash)) {
  const asked = document.querySelector(location.hash)?.closest("[data-mark]")?.dataset.mark;
  if (asked) showMark(marks.indexOf(asked)); // running heads are not in every view
  // Again when everything is loaded: until then the browser scrolls by itself, and the page may still grow.
  window.addEventListener("load", () => bringIntoView([...document.querySelectorAll(".current[data-mark]")]));
  document.body.classList.toggle("arrived", location.hash === "#match-first"); // from a search result, without a step yet
} else if (marks.length > 0 && document.getElementById("passage")) {
  const first = document.querySelector("mark"); // the passage of the link
  if (first.getBoundingClientRect().bottom > innerHeight) first.scrollIntoView({ block: "center" });
}

// An image that is being drawn: when it exists, the page is loaded again, or offers that to a reader who is busy.
const awaited = document.querySelector("[data-awaits]");

function isAtSomething() {
  const isWriting = document.activeElement?.matches("input, textarea, select");
  return window.scrollY > 0 || isWriting || !document.getSelection().isCollapsed;
}

async function lookForImage(seconds) {
  const answer = await fetch(awaited.dataset.awaits, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.ok && !isAtSomething()) location.reload();
  else if (answer?.ok) awaited.querySelectorAll("span").forEach((told) => { told.hidden = !told.hidden; });
  else if (!answer || answer.status >= 500) setTimeout(lookForImage, seconds * 1000, Math.min(30, seconds * 2));
}

if (awaited) setTimeout(lookForImage, 4000, 8);
