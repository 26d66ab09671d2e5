// The text of a page while it is being corrected: marks the block at the cursor on the image and in the text, and the
// words that OCR was not sure of. The text can be corrected without this script as well.

const area = document.getElementById("page-text");
const written = area.closest(".one-text");
const drawn = [...document.querySelectorAll(".drawn-block[data-block]")];
const atCursor = document.querySelector(".block-at-cursor");
const doubtful = JSON.parse(written.dataset.doubtful);
const markerLine = /^\[(\w+) (\w+)\]$/;

// The blocks of a text: offsets, marker if there is one, kind, language and text of each.
function blocksOf(text) {
  const found = [];
  let language = written.dataset.language;
  for (const match of text.matchAll(/[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*/g)) {
    const [first, ...lines] = match[0].split("\n");
    const marker = first.trim().match(markerLine);
    language = marker ? marker[2] : language;
    found.push({
      start: match.index,
      end: match.index + match[0].length,
      markerLength: marker ? first.length + 1 : 0,
      kind: marker ? marker[1] : "paragraph",
      language,
      text: (marker ? lines : [first, ...lines]).join("\n"),
    });
  }
  return found;
}

// The blocks of the page as they are drawn on the image.
const own = blocksOf(document.getElementById("own-text")?.content.textContent ?? area.defaultValue).map(({ text }) => text);

// For each block of the text, the number of the block of the page that it was. Unchanged blocks at the beginning and
// at the end are matched; those between are matched in their order; -1: none.
function originals(blocks) {
  const texts = blocks.map((block) => block.text);
  const most = Math.min(texts.length, own.length);
  let [before, after] = [0, 0];
  while (before < most && texts[before] === own[before]) before += 1;
  while (after < most - before && texts.at(-1 - after) === own.at(-1 - after)) after += 1;
  const [changed, there] = [texts.length - before - after, own.length - before - after];
  return texts.map((_, number) => {
    if (number < before) return number;
    if (number >= texts.length - after) return number - texts.length + own.length;
    if (there === 0) return -1;
    return before + Math.min(there - 1, Math.floor(((number - before) * there) / changed));
  });
}

// A layer under the text area with the same letters, which carries the colours.
const under = document.createElement("div");
under.className = "under";
under.setAttribute("aria-hidden", "true");

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function coloured(block, text, words) {
  const left = [...words];
  return text.slice(block.start, block.end).split(/(\s+)/).map((word) => {
    const place = left.indexOf(word);
    if (place < 0) return word;
    left.splice(place, 1);
    return element("span", "doubtful-below", word);
  });
}

let shown = []; // the blocks of the text, as they are coloured now
let current = -1;

function colour() {
  const text = area.value;
  shown = blocksOf(text);
  const numbers = originals(shown);
  shown.forEach((block, index) => {
    block.original = numbers[index];
  });
  const parts = [];
  let end = 0;
  for (const block of shown) {
    const span = element("span", "block", "");
    span.append(...coloured(block, text, doubtful[block.original] ?? []));
    parts.push(text.slice(end, block.start), span);
    end = block.end;
  }
  under.replaceChildren(...parts, `${text.slice(end)}\n`);
  current = -1;
  follow();
}

// Mark the block at the cursor, and show its kind and language.
function follow() {
  const caret = area.selectionStart;
  const found = shown.findLastIndex(({ start }) => start <= caret);
  const at = Math.max(found, 0);
  if (at === current || shown.length === 0) return;
  current = at;
  const { kind, language, original } = shown[at];
  under.querySelectorAll(".block").forEach((span, index) => span.classList.toggle("current", index === at));
  drawn.forEach((group) => group.classList.toggle("current", Number(group.dataset.block) === original));
  atCursor.querySelector("[data-marker=kind]").value = kind;
  atCursor.querySelector("[data-marker=language]").value = language;
  bringIntoView(drawn[original]);
}

function bringIntoView(group) {
  const frame = group?.closest(".frame");
  if (!frame || group.childElementCount === 0) return;
  const [box, around] = [group.getBoundingClientRect(), frame.getBoundingClientRect()];
  const isInFrame = box.top >= around.top && box.bottom <= around.bottom && box.left >= around.left && box.right <= around.right;
  if (!isInFrame) {
    frame.scrollTop += box.top - around.top - Math.max(12, (around.height - box.height) / 2);
    frame.scrollLeft += box.left - around.left - Math.max(12, (around.width - box.width) / 2);
  }
  // The lower part of the frame may be below the window: scroll, as long as the text at the cursor stays visible.
  const hidden = group.getBoundingClientRect().bottom + 16 - innerHeight;
  const room = under.querySelector(".current").getBoundingClientRect().top - 16;
  if (hidden > 0 && room > 0) scrollBy({ top: Math.min(hidden, room), behavior: "instant" });
}

// Another kind or language is written as a line above the block, so that it can be undone like any typing.
function mark() {
  const block = shown[current];
  if (!block) return;
  const [kind, language] = ["kind", "language"].map((name) => atCursor.querySelector(`[data-marker=${name}]`).value);
  const caret = area.selectionStart;
  const line = `[${kind} ${language}]\n`;
  area.setRangeText(line, block.start, block.start + block.markerLength, "preserve");
  area.selectionStart = area.selectionEnd = Math.max(block.start + line.length, caret + line.length - block.markerLength);
  colour();
}

written.classList.add("followed");
written.prepend(under);
atCursor.hidden = false;
atCursor.addEventListener("change", mark);
area.addEventListener("input", colour);
document.addEventListener("selectionchange", () => {
  if (document.activeElement === area) follow();
});
colour();

// A click on a block of the image moves the cursor to that block of the text.
document.querySelector(".sheet")?.addEventListener("click", (event) => {
  const isAt = ({ left, top, right, bottom }) => left <= event.clientX && event.clientX <= right && top <= event.clientY && event.clientY <= bottom;
  const group = drawn.find((one) => [...one.children].some((strip) => isAt(strip.getBoundingClientRect())));
  const block = group && shown.find(({ original }) => original === Number(group.dataset.block));
  if (!block) return;
  area.focus({ preventScroll: true });
  area.selectionStart = area.selectionEnd = block.start + block.markerLength;
  under.querySelectorAll(".block")[shown.indexOf(block)].scrollIntoView({ block: "nearest" });
});
