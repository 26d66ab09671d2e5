// The text of a page while it is being corrected: the passage at the cursor is marked on the image and in the text,
// and so are the words that OCR was not sure of. Without this file the text can be corrected all the same.

const area = document.getElementById("page-text");
const written = area.closest(".one-text");
const drawn = [...document.querySelectorAll(".passage[data-passage]")];
const atCursor = document.querySelector(".passage-at-cursor");
const doubtful = JSON.parse(written.dataset.doubtful);
const markerLine = /^\[(\w+) (\w+)\]$/;

// The passages of a text: where each stands, its marker if it has one, and what it says.
function passagesOf(text) {
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
      said: (marker ? lines : [first, ...lines]).join("\n"),
    });
  }
  return found;
}

// The passages of the page as they are drawn on the image.
const own = passagesOf(document.getElementById("own-text")?.content.textContent ?? area.defaultValue).map(({ said }) => said);

// Which passage of the page each passage of the text is: those before and after what was changed are known, those
// between are taken in their order.
function originals(passages) {
  const said = passages.map((passage) => passage.said);
  const most = Math.min(said.length, own.length);
  let [before, after] = [0, 0];
  while (before < most && said[before] === own[before]) before += 1;
  while (after < most - before && said.at(-1 - after) === own.at(-1 - after)) after += 1;
  const [changed, there] = [said.length - before - after, own.length - before - after];
  return said.map((_, number) => {
    if (number < before) return number;
    if (number >= said.length - after) return number - said.length + own.length;
    if (there === 0) return -1;
    return before + Math.min(there - 1, Math.floor(((number - before) * there) / changed));
  });
}

// What lies under the text and follows it letter by letter, to be coloured.
const under = document.createElement("div");
under.className = "under";
under.setAttribute("aria-hidden", "true");

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function coloured(passage, text, words) {
  const left = [...words];
  return text.slice(passage.start, passage.end).split(/(\s+)/).map((word) => {
    const place = left.indexOf(word);
    if (place < 0) return word;
    left.splice(place, 1);
    return element("span", "doubtful-below", word);
  });
}

let shown = []; // the passages of the text, as they are coloured now
let current = -1;

function colour() {
  const text = area.value;
  shown = passagesOf(text);
  const numbers = originals(shown);
  shown.forEach((passage, index) => {
    passage.original = numbers[index];
  });
  const parts = [];
  let end = 0;
  for (const passage of shown) {
    const block = element("span", "block", "");
    block.append(...coloured(passage, text, doubtful[passage.original] ?? []));
    parts.push(text.slice(end, passage.start), block);
    end = passage.end;
  }
  under.replaceChildren(...parts, `${text.slice(end)}\n`);
  current = -1;
  follow();
}

// Mark the passage at the cursor, and tell what it is.
function follow() {
  const caret = area.selectionStart;
  const found = shown.findLastIndex(({ start }) => start <= caret);
  const at = Math.max(found, 0);
  if (at === current || shown.length === 0) return;
  current = at;
  const { kind, language, original } = shown[at];
  under.querySelectorAll(".block").forEach((block, index) => block.classList.toggle("current", index === at));
  drawn.forEach((group) => group.classList.toggle("current", Number(group.dataset.passage) === original));
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
  // The lower part of the frame may be below the window: as far as the text at the cursor stays in it.
  const hidden = group.getBoundingClientRect().bottom + 16 - innerHeight;
  const room = under.querySelector(".current").getBoundingClientRect().top - 16;
  if (hidden > 0 && room > 0) scrollBy({ top: Math.min(hidden, room), behavior: "instant" });
}

// Another kind or language is written as a line above the passage, so that it can be undone like any typing.
function mark() {
  const passage = shown[current];
  if (!passage) return;
  const [kind, language] = ["kind", "language"].map((name) => atCursor.querySelector(`[data-marker=${name}]`).value);
  const caret = area.selectionStart;
  const line = `[${kind} ${language}]\n`;
  area.setRangeText(line, passage.start, passage.start + passage.markerLength, "preserve");
  area.selectionStart = area.selectionEnd = Math.max(passage.start + line.length, caret + line.length - passage.markerLength);
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

// A passage that is pressed on the image is gone to in the text.
document.querySelector(".sheet")?.addEventListener("click", (event) => {
  const isAt = ({ left, top, right, bottom }) => left <= event.clientX && event.clientX <= right && top <= event.clientY && event.clientY <= bottom;
  const group = drawn.find((one) => [...one.children].some((strip) => isAt(strip.getBoundingClientRect())));
  const passage = group && shown.find(({ original }) => original === Number(group.dataset.passage));
  if (!passage) return;
  area.focus({ preventScroll: true });
  area.selectionStart = area.selectionEnd = passage.start + passage.markerLength;
  under.querySelectorAll(".block")[shown.indexOf(passage)].scrollIntoView({ block: "nearest" });
});
