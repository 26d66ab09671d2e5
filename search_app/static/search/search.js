// Updates the results as soon as a filter is changed, and the address with them.

const form = document.getElementById("search");
const box = document.getElementById("q");
const pause = 350; // milliseconds after the last key until the query is sent
let running = null;
let shown = location.pathname + location.search;
let isTyping = false;
let isReplacing = false;

function addressOf(form) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value !== "") asked.append(name, value);
  }
  return `${form.action}?${asked}`;
}

// The selector of the element that has the focus, as the element itself is replaced.
function nameOf(element) {
  if (!element?.closest("#findings")) return null;
  if (element.matches("input")) return `input[name="${element.name}"]${element.type === "checkbox" ? `[value="${CSS.escape(element.value)}"]` : ""}`;
  if (element.dataset.year) return `[data-year="${element.dataset.year}"]`;
  return ".results";
}

// A year that is being typed is kept, and is used when the field is left.
function goOnTyping(element, value) {
  if (value === element.value) return;
  element.value = value;
  element.addEventListener("blur", () => show(addressOf(form), "step"));
}

function replace(fresh, isGoingBack) {
  const focus = nameOf(document.activeElement);
  const year = !isGoingBack && document.activeElement.matches("[type=number]") ? document.activeElement.value : null;
  const isOpen = document.getElementById("show-filters").checked;
  isReplacing = true;
  for (const part of ["#findings", ".languages", "link[type='application/atom+xml']"]) {
    document.querySelector(part)?.replaceWith(fresh.querySelector(part));
  }
  isReplacing = false;
  document.title = fresh.title;
  document.getElementById("show-filters").checked = isOpen;
  prepare();
  const again = focus && document.querySelector(focus);
  again?.focus({ preventScroll: true });
  if (again && year !== null) goOnTyping(again, year);
  document.getElementById("announcement").textContent = document.querySelector(".count")?.textContent ?? "";
}

// by: "step" adds an entry to the history; "typing" adds one entry for everything that is typed in a row; "going back"
// adds none.
async function show(address, by) {
  if (isReplacing) return; // removing a field triggers its events, too
  running?.abort();
  running = new AbortController();
  document.getElementById("findings").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.getElementById("findings")) throw new Error("not a page of results");
    if (by !== "going back") {
      const isSameStep = answer.url === location.href || (by === "typing" && isTyping);
      history[isSameStep ? "replaceState" : "pushState"](null, "", answer.url);
    }
    shown = location.pathname + location.search;
    isTyping = by === "typing";
    replace(fresh, by === "going back");
    if (by === "step") remember();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

// The address of a link, if it is this page in another state; bars of the chart are links in SVG.
function stateBehind(link) {
  const address = new URL(link.getAttribute("href"), location.href);
  return address.pathname === location.pathname && !link.hasAttribute("download") ? address.href : null;
}

// To be done after every replacement.
function prepare() {
  document.querySelectorAll("[data-filter]").forEach((filter) =>
    filter.addEventListener("change", () => show(addressOf(form), "step")),
  );
  document.querySelectorAll("[data-apply]").forEach((button) => button.classList.add("hidden"));
  const findings = document.getElementById("findings");
  findings.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const address = link && stateBehind(link);
    if (!address || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(address, "step");
    if (link.closest(".pages-nav")) findings.scrollIntoView();
  });
  chooseYears(findings.querySelector(".bars"));
}

// Dragging over several bars selects those years; a single bar is a link.
function chooseYears(bars) {
  let first = null;
  const yearAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-year]")?.dataset.year;
  bars?.addEventListener("pointerdown", (event) => {
    first = yearAt(event);
  });
  bars?.addEventListener("dragstart", (event) => event.preventDefault());
  bars?.addEventListener("pointercancel", () => {
    first = null; // the finger scrolls the page
    bars.querySelectorAll(".drawn").forEach((bar) => bar.classList.remove("drawn"));
  });
  bars?.addEventListener("pointermove", (event) => {
    const [low, high] = [first, yearAt(event) ?? first].sort();
    if (!event.buttons || !first) return;
    bars.querySelectorAll("[data-year]").forEach((bar) =>
      bar.classList.toggle("drawn", bar.dataset.year >= low && bar.dataset.year <= high),
    );
  });
  bars?.addEventListener("pointerup", (event) => {
    const [low, high] = [first, yearAt(event) ?? first].sort();
    first = null;
    if (!low || low === high) return;
    form.elements.from.value = low;
    form.elements.to.value = high;
    show(addressOf(form), "step");
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(form.waiting);
  show(addressOf(form), "step");
});

box.addEventListener("input", () => {
  clearTimeout(form.waiting);
  form.waiting = setTimeout(() => show(addressOf(form), "typing"), pause);
});

window.addEventListener("popstate", () => {
  if (shown === location.pathname + location.search) return; // only to another place on the page
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  show(location.href, "going back");
});

prepare();
