// The words of a page, laid invisibly over its image. They can be selected there by dragging, and in the text by keys.
// The result is the selection of the browser, which cite.js cites.

// The selected words: [first, last], by their numbers, which are the same in the text and over the image.
function selectedWords() {
  const text = holderOfSelection(".page-text, .text-layer");
  const numbers = text ? selectedIn(text).map((word) => Number(word.dataset.word)) : [];
  return numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : null;
}

const cited = document.getElementById("page-view").dataset.cite;

// The address of the citation of the selected words; null if there are none.
function citeOfSelection() {
  const words = selectedWords();
  return words && `${cited}?words=${words.join("-")}`;
}

// The same for the current match.
function citeOfMatch() {
  const words = document.body.classList.contains("arrived") ? null : wordsOfMatch();
  return words && `${cited}?words=${words.join("-")}`;
}

// The words of the current match, or of another one.
function wordsOfMatch(match = ".current") {
  const numbers = [...document.querySelectorAll(`.page-text mark${match} [data-word]`)].map((word) => Number(word.dataset.word));
  return numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : null;
}

// Each word over the image, in reading order; boxes in thousandths of the page's width.
const measure = document.createElement("canvas").getContext("2d");
measure.font = "100px sans-serif";
const paper = document.querySelector(".sheet:has(img)");
const layer = document.createElement("div");
const shade = document.createElement("div");
let laid = [];

function isTurned({ text, box: [left, top, right, bottom] }) {
  return bottom - top > 1.6 * (right - left) && text.length > 2;
}

function lay([number, text, ...box]) {
  const word = { number, text, box, span: document.createElement("span") };
  const [left, top, right, bottom] = box;
  word.span.dataset.word = number;
  word.span.textContent = `${text} `;
  const [long, short] = isTurned(word) ? [bottom - top, right - left] : [right - left, bottom - top];
  const natural = (measure.measureText(text).width / 100) * short;
  word.span.style.left = `${left / 10}cqw`;
  word.span.style.top = `${top / 10}cqw`;
  word.span.style.fontSize = `${short / 10}cqw`;
  const turn = isTurned(word) ? `translateX(${short / 10}cqw) rotate(90deg) ` : "";
  word.span.style.transform = `${turn}scaleX(${natural ? long / natural : 1})`;
  return word;
}

async function layText() {
  const answer = await fetch(paper.dataset.words);
  if (!answer.ok) return;
  laid = (await answer.json()).map(lay);
  layer.className = "text-layer";
  layer.setAttribute("aria-hidden", "true"); // screen readers read the text next to the image
  shade.className = "chosen";
  layer.append(shade, ...laid.map(({ span }) => span));
  paper.append(layer);
}

// The blocks of the text, and how wide each is on the image.
const blocks = [...document.querySelectorAll(".page-text > *")];

function columnOf(word) {
  const block = blocks.find((one) => one.querySelector(`[data-word="${word.number}"]`));
  const numbers = new Set([...(block?.querySelectorAll("[data-word]") ?? [])].map((one) => Number(one.dataset.word)));
  const words = laid.filter(({ number }) => number === word.number || numbers.has(number));
  const along = isTurned(word) ? 1 : 0; // on a page on its side, lines run down
  return {
    along,
    low: Math.min(...words.map(({ box }) => box[along])),
    high: Math.max(...words.map(({ box }) => box[along + 2])),
  };
}

function isIn({ along, low, high }, { box }) {
  const middle = (box[along] + box[along + 2]) / 2;
  return low <= middle && middle <= high;
}

// The distance of a word from a point: across lines it counts sixteen times as much as along the line.
function distance(point, along, { box }) {
  const off = [0, 1].map((axis) => Math.max(box[axis] - point[axis], 0, point[axis] - box[axis + 2]));
  const height = box[3 - along] - box[1 - along];
  return off[along] + 16 * Math.max(0, off[1 - along] - height / 4);
}

// The word at a point of the image. If there is none, the nearest one in the column in which the selection is made, as
// another text may begin next to it.
function wordAt(event, column) {
  const around = layer.getBoundingClientRect();
  const point = [event.clientX - around.left, event.clientY - around.top].map((at) => (1000 * at) / around.width);
  const within = ({ box }) => box[0] <= point[0] && point[0] <= box[2] && box[1] <= point[1] && point[1] <= box[3];
  const under = laid.filter(within);
  const words = under.length ? under : laid.filter((word) => !column || isIn(column, word));
  const far = (word) => (under.length ? Math.abs(word.box[1] + word.box[3] - 2 * point[1]) : distance(point, column?.along ?? 0, word));
  const nearest = words.reduce((best, word) => (best && far(best) <= far(word) ? best : word), null);
  return { nearest, isUnder: under.length > 0 };
}

function select(first, last, isBackward) {
  const [start, end] = [first.firstChild, last.firstChild];
  const stop = end.data.trimEnd().length;
  if (isBackward) document.getSelection().setBaseAndExtent(end, stop, start, 0);
  else document.getSelection().setBaseAndExtent(start, 0, end, stop);
}

let drawing = null; // {first, column, x, y}: its first word, its column, and where it began

layer.addEventListener("mousedown", (event) => {
  if (event.button !== 0 || event.detail > 1) return; // a double click selects as everywhere
  event.preventDefault();
  document.activeElement.blur(); // keys no longer go to the field that was typed in
  if (event.shiftKey && drawing) {
    drawing.isGoing = true;
    draw(event);
    return;
  }
  document.getSelection().removeAllRanges();
  const first = wordAt(event).nearest;
  drawing = first && { first, column: columnOf(first), x: event.clientX, y: event.clientY, isGoing: true };
});

function draw(event) {
  const { nearest, isUnder } = wordAt(event, drawing.column);
  if (isUnder) drawing.column = columnOf(nearest);
  const isBackward = laid.indexOf(nearest) < laid.indexOf(drawing.first);
  const [from, to] = isBackward ? [nearest, drawing.first] : [drawing.first, nearest];
  select(from.span, to.span, isBackward);
  const around = layer.closest(".frame").getBoundingClientRect();
  const past = (at, low, high) => Math.min(0, at - low) + Math.max(0, at - high);
  layer.closest(".frame").scrollBy(past(event.clientX, around.left, around.right), past(event.clientY, around.top, around.bottom));
}

window.addEventListener("mousemove", (event) => {
  if (!drawing?.isGoing || Math.hypot(event.clientX - drawing.x, event.clientY - drawing.y) < 3) return;
  draw(event);
});
window.addEventListener("mouseup", () => {
  if (drawing) drawing.isGoing = false;
});

// The selection is shaded on the image, each line as one strip, whether it was made in the text or on the image.
function shadeChosen() {
  const [low, high] = selectedWords() ?? [Infinity, -Infinity];
  const strips = [];
  for (const word of laid.filter(({ number }) => low <= number && number <= high)) {
    const [left, top, right, bottom] = word.box;
    const last = strips.at(-1);
    const isSameLine = last && !isTurned(word) && left >= last[0] && left - last[2] < bottom - top && (top + bottom) / 2 < last[3] && (top + bottom) / 2 > last[1];
    if (isSameLine) last.splice(1, 3, Math.min(last[1], top), Math.max(last[2], right), Math.max(last[3], bottom));
    else strips.push([...word.box]);
  }
  shade.replaceChildren(
    ...strips.map(([left, top, right, bottom]) => {
      const strip = document.createElement("i");
      const sides = { left, top, width: right - left, height: bottom - top };
      for (const [name, length] of Object.entries(sides)) strip.style[name] = `${length / 10}cqw`;
      return strip;
    }),
  );
}

if (paper) {
  layText();
  document.addEventListener("selectionchange", shadeChosen);
}

// Selecting by keys: first a word, then the end of the selection is moved word by word; after a second "w" the other
// end.
const told = document.getElementById("chosen-words");
let chosen = null; // [fixed, moving], the numbers of its two ends

function partsOf(number) {
  return [...document.querySelectorAll(`.page-text [data-word="${number}"]`)];
}

function choose(fixed, moving) {
  const isBackward = moving < fixed;
  select(partsOf(Math.min(fixed, moving))[0], partsOf(Math.max(fixed, moving)).at(-1), isBackward);
  chosen = [fixed, moving];
  partsOf(moving)[0].scrollIntoView({ block: "nearest" });
  const words = document.getSelection().toString().split(/\s+/);
  const text = words.length > 8 ? [...words.slice(0, 4), "…", ...words.slice(-4)] : words;
  told.textContent = told.dataset.chosen.replace("{count}", words.length).replace("{text}", text.join(" "));
}

// Whether the selection is still the one made by keys.
function isChosen() {
  const [low, high] = selectedWords() ?? [];
  return chosen !== null && Math.min(...chosen) === low && Math.max(...chosen) === high;
}

function firstInView(parts) {
  const isSeen = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
  return parts.find((part) => isSeen(part.getBoundingClientRect())) ?? parts[0];
}

// Running heads and feet are not part of the text, so a selection does not begin there if there is other text.
function inText(asked) {
  const found = [...document.querySelectorAll(`.page-text ${asked}`)];
  const inBody = found.filter((one) => !one.closest(".running"));
  return inBody.length ? inBody : found;
}

function begin() {
  const start = selectedWords() ?? wordsOfMatch();
  if (start) return start;
  const match = firstInView(inText("mark"));
  if (match) return wordsOfMatch(`[data-mark="${match.dataset.mark}"]`);
  const first = firstInView(inText("[data-word]"));
  return first ? [Number(first.dataset.word), Number(first.dataset.word)] : null;
}

document.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest(typing);
  if (!isPlain || document.querySelector("dialog[open]")) return;
  if (event.key === "w") {
    const ends = isChosen() ? [...chosen].reverse() : begin();
    if (ends) choose(...ends);
  } else if (event.key === "Escape" && isChosen()) {
    document.getSelection().removeAllRanges();
  } else if (event.shiftKey && by && (isChosen() || (!selectedWords() && wordsOfMatch()))) {
    event.preventDefault();
    const [fixed, moving] = isChosen() ? chosen : wordsOfMatch();
    const numbers = new Set([...document.querySelectorAll(".page-text [data-word]")].map((word) => Number(word.dataset.word)));
    const inOrder = [...numbers].sort((one, other) => one - other);
    const next = inOrder[inOrder.indexOf(moving) + by];
    if (next !== undefined) choose(fixed, next);
  }
});
