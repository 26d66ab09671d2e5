// The card of a citation: over the page, for the words that are selected or for what a link cites. Without this
// file the links lead to the card as a page of its own. Where the words that are selected are cited, words.js tells
// of a page, and pairs.js of two texts beside each other.

// The button that quotes them, below the end of the selection: above it, telephones show a menu of their own.
const button = document.getElementById("quote-words");
const ofSelection = () => globalThis.citeOfSelection?.() ?? null;

function followSelection() {
  button.hidden = ofSelection() === null;
  placeButton();
}

function placeButton() {
  if (button.hidden) return;
  const end = [...document.getSelection().getRangeAt(0).getClientRects()].at(-1);
  const frame = document.getSelection().focusNode.parentElement.closest(".frame")?.getBoundingClientRect();
  const [lowest, rightmost] = [frame?.bottom ?? Infinity, document.documentElement.clientWidth - 8];
  const left = Math.min(end.right - button.offsetWidth / 2, rightmost - button.offsetWidth);
  button.style.left = `${scrollX + Math.max(8, left)}px`;
  button.style.top = `${scrollY + Math.max(frame?.top ?? 0, Math.min(end.bottom, lowest)) + 10}px`;
}

if (button) {
  document.addEventListener("selectionchange", followSelection);
  for (const what of ["scroll", "resize"]) window.addEventListener(what, placeButton, { capture: true, passive: true });
  button.addEventListener("mousedown", (event) => event.preventDefault()); // some browsers would undo the selection
  button.addEventListener("click", () => showCard(ofSelection()));
}

// What a link or the key for it cites: with keys the words that are selected, on a page also those of the match that
// was stepped to; a passage whose own link is followed is cited itself.
function addressFor(link, event) {
  const isMeant = event.isTrusted && link.closest("[data-hit]");
  return isMeant ? link.href : (ofSelection() ?? globalThis.citeOfMatch?.() ?? link.href);
}

// The card, as the page of the citation shows it.
const dialog = document.getElementById("citation");
let asked = 0;
let selected = [];

async function showCard(address) {
  const told = dialog.querySelector(".waiting");
  const place = dialog.querySelector(".place");
  const selection = document.getSelection();
  selected = Array.from({ length: selection.rangeCount }, (_, number) => selection.getRangeAt(number).cloneRange());
  dialog.querySelector(".own-page").href = address;
  place.replaceChildren();
  told.textContent = told.dataset.waiting;
  dialog.showModal();
  asked += 1;
  const mine = asked;
  const fresh = await page(address);
  if (mine !== asked || !dialog.open) return;
  const card = fresh?.querySelector(".citation-card");
  if (!card) {
    told.textContent = fresh?.querySelector(".trouble .lead")?.textContent ?? told.dataset.failed;
    return;
  }
  told.textContent = "";
  dialog.querySelector("h2").textContent = fresh.querySelector("h1").textContent;
  place.append(card);
  prepare(card);
  card.querySelector("[data-copy]").focus({ preventScroll: true });
}

async function page(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null; // there is no connection
  }
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opens=citation]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    showCard(addressFor(link, event));
  });
  // Not at its event "close": that comes after a while, and may come after the next key.
  new MutationObserver(() => {
    const selection = document.getSelection();
    if (dialog.open || (!selection.isCollapsed && !dialog.contains(selection.anchorNode))) return; // it is still there
    selection.removeAllRanges();
    selected.forEach((range) => selection.addRange(range));
  }).observe(dialog, { attributeFilter: ["open"] });
}

// Copying. The notation that was chosen last is remembered in this browser.
const shelfOfNotation = "terugblik.notation";

function lastNotation() {
  try {
    return localStorage.getItem(shelfOfNotation);
  } catch {
    return null; // storage is forbidden
  }
}

function prepare(card) {
  card.querySelector(".copying").hidden = false;
  const told = card.querySelector(".copying [role=status]");
  const last = [...card.querySelectorAll("[name=notation]")].find((choice) => choice.value === lastNotation());
  if (last) last.checked = true;
  card.addEventListener("change", (event) => {
    told.textContent = "";
    try {
      localStorage.setItem(shelfOfNotation, event.target.value);
    } catch {
      // storage is forbidden or full: then nothing is remembered
    }
  });
  card.querySelector("[data-copy]").addEventListener("click", async () => {
    const written = card.querySelector(".notation:has(:checked) pre");
    const isMarkup = card.querySelector("[name=notation]:checked").value === "html";
    try {
      await copy(written.textContent, isMarkup);
      told.textContent = told.dataset.done;
    } catch {
      document.getSelection().selectAllChildren(written);
      told.textContent = told.dataset.failed;
    }
  });
}

// HTML is pasted as a quotation where text may have a form, and as its source where it may not.
async function copy(text, isMarkup) {
  if (!isMarkup) return navigator.clipboard.writeText(text);
  const kinds = ["text/plain", "text/html"].map((kind) => [kind, new Blob([text], { type: kind })]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(kinds))]);
}

document.querySelectorAll("main > .citation-card").forEach(prepare);
