// The citation card: a dialog over the page, for the selected words or for the link that was followed. Without this
// file the links lead to the card as a page of its own. The address for the selected words comes from words.js on a
// page, and from pairs.js for two texts side by side.

// The button that cites the selected words, below the end of the selection: above it, telephones show their own menu.
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

// The address of the card. A key cites the selected words or, on a page, the current match. Following the link of a
// passage cites that passage.
function addressFor(link, event) {
  const isMeant = event.isTrusted && link.closest("[data-hit]");
  return isMeant ? link.href : (ofSelection() ?? globalThis.citeOfMatch?.() ?? link.href);
}

// The card, taken from the page of the citation.
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
  // Not in the event "close", which may come later than the next key.
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

// HTML is pasted as a formatted quotation into formatted text, and as source code into plain text.
async function copy(text, isMarkup) {
  if (!isMarkup) return navigator.clipboard.writeText(text);
  const kinds = ["text/plain", "text/html"].map((kind) => [kind, new Blob([text], { type: kind })]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(kinds))]);
}

document.querySelectorAll("main > .citation-card").forEach(prepare);
