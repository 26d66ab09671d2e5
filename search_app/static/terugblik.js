// The site works without this file; with it, a few things take less effort.

// Keys: an element with data-key="x" is used when x is pressed; inside an open dialog only, else inside the
// current hit first, then anywhere.
const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const scrolling = ".wide, .enlarged";

function use(element) {
  if (element.matches("input")) element.select();
  else element.click();
}

function hitWithFocus() {
  return document.activeElement?.closest("[data-hit]") ?? null;
}

function walk(by) {
  const hits = [...document.querySelectorAll("[data-hit]")];
  const next = hits[Math.max(0, hits.indexOf(hitWithFocus()) + by)];
  next?.querySelector(".to-page")?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: next.offsetHeight > innerHeight - 160 ? "start" : "nearest" }); // all, or its beginning
}

document.addEventListener("keydown", (event) => {
  const isMoving = event.key.startsWith("Arrow") && (event.shiftKey || event.target.closest(scrolling));
  if (event.target.closest(typing) || event.ctrlKey || event.metaKey || event.altKey || isMoving) return;
  const dialog = document.querySelector("dialog[open]");
  if (!dialog && (event.key === "j" || event.key === "k")) {
    walk(event.key === "j" ? 1 : -1);
    return;
  }
  const asked = `[data-key="${CSS.escape(event.key)}"]`;
  const element = (dialog ?? hitWithFocus())?.querySelector(asked) ?? (dialog ? null : document.querySelector(asked));
  if (!element) return;
  event.preventDefault();
  use(element);
});

// The list of keys.
const keys = document.getElementById("list-of-keys");
document.querySelectorAll("[data-opens=keys]").forEach((link) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    keys.showModal();
  }),
);

// Recent searches stay in this browser: nobody else is told of them.
const shelf = "terugblik.searches";
const most = 10;

function recentSearches() {
  try {
    return JSON.parse(localStorage.getItem(shelf)) ?? [];
  } catch {
    return []; // storage is forbidden, or holds something else
  }
}

function remember() {
  const query = new URLSearchParams(location.search).get("q")?.trim();
  if (!query || !document.getElementById("findings")) return;
  const others = recentSearches().filter((search) => search.query !== query);
  try {
    localStorage.setItem(shelf, JSON.stringify([{ query, search: location.search }, ...others].slice(0, most)));
  } catch {
    // storage is forbidden or full: then nothing is remembered
  }
}

const recent = document.getElementById("recent");

function showRecent() {
  const now = new URLSearchParams(location.search).get("q")?.trim();
  const searches = recentSearches().filter((search) => search.query !== now);
  recent.hidden = searches.length === 0;
  recent.querySelector("ul").replaceChildren(
    ...searches.map(({ query, search }) => {
      const link = document.createElement("a");
      link.href = `${recent.dataset.search}${search}`;
      link.textContent = query;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
}

if (recent) {
  recent.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(shelf);
    showRecent();
    document.querySelector("[data-key='/']")?.focus();
  });
  showRecent();
}
remember();
