// Two texts side by side: words selected in one of them are cited from that one.

const longestPassage = 6000; // most characters of a passage in the address of a citation

// The words that are selected, all on the side on which the selection began.
function selectedOnSide() {
  const side = holderOfSelection(".pairs .side");
  if (!side) return null;
  const where = side.classList.contains("right") ? ".right" : ".left";
  const words = selectedIn(...document.querySelectorAll(`.pairs .side${where}`));
  return words.length ? { address: side.dataset.document, words } : null;
}

// Each word with its page; a word may consist of several elements, if a match ends within it.
function wholeWords(elements) {
  const whole = new Map();
  for (const one of elements) {
    const page = Number(one.dataset.on ?? one.closest("[data-page]").dataset.page);
    const name = `${page}-${one.dataset.word}`;
    const parts = [...one.closest("[data-page]").querySelectorAll(`[data-word="${one.dataset.word}"]`)];
    const text = parts.filter((part) => part.dataset.on === one.dataset.on).map((part) => part.textContent).join("");
    whole.set(name, { page, number: Number(one.dataset.word), text });
  }
  return [...whole.values()];
}

// The address of the citation of the selected words: with their numbers, if they follow each other on one page; else
// with their text, as there are words of other texts between them.
function citeOfSelection() {
  const chosen = selectedOnSide();
  if (!chosen) return null;
  const words = wholeWords(chosen.words);
  const numbers = words.map(({ number }) => number);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  const page = Math.min(...words.map((word) => word.page));
  const isOnOnePage = words.every((word) => word.page === page);
  const said = words.map(({ text }) => text).join(" ");
  const asked = new URLSearchParams();
  if ((!isOnOnePage || last - first >= words.length) && said.length <= longestPassage) asked.set("passage", said);
  if (isOnOnePage) asked.set("words", `${first}-${last}`);
  return `${chosen.address}/page/${page}/cite?${asked}`;
}

// A selection stays in the column in which it began.
const pairs = document.querySelector(".pairs");
pairs?.addEventListener("pointerdown", (event) => {
  const side = event.target.closest(".side");
  pairs.classList.toggle("selecting-left", side?.classList.contains("left") ?? false);
  pairs.classList.toggle("selecting-right", side?.classList.contains("right") ?? false);
});
