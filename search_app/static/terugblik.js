// The site works without this file; with it, a few things take less effort.

// A filter that is ticked is a search that is wanted.
const search = document.getElementById("search");
if (search) {
  const submit = () => search.requestSubmit();
  document.querySelectorAll("[data-filter]").forEach((box) => box.addEventListener("change", submit));
  document.querySelectorAll("[data-apply]").forEach((button) => button.classList.add("hidden"));
  // Empty fields say nothing and only make addresses long.
  search.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) {
      if (value === "") event.formData.delete(name);
    }
  });
}

// The matches of a page, in text and image, one at a time; beyond the last, the link to the next page works.
const marks = [...new Set([...document.querySelectorAll("mark[data-mark]")].map((mark) => mark.dataset.mark))];
let current = -1;

function show(index) {
  document.querySelectorAll(".current[data-mark]").forEach((mark) => mark.classList.remove("current"));
  current = index;
  const found = document.querySelectorAll(`[data-mark="${marks[index]}"]`);
  found.forEach((mark) => mark.classList.add("current"));
  const text = [...found].find((mark) => mark.tagName === "MARK");
  if (text) text.scrollIntoView({ block: "center" });
}

function step(by) {
  const next = current < 0 && by < 0 ? -1 : current + by;
  if (next < 0 || next >= marks.length) return false;
  show(next);
  return true;
}

document.querySelectorAll("[data-match]").forEach((link) => {
  const by = link.dataset.match === "next" ? 1 : -1;
  link.addEventListener("click", (event) => {
    if (step(by)) event.preventDefault();
  });
});

if (marks.length > 0 && location.hash.startsWith("#match-")) {
  const asked = location.hash.slice("#match-".length);
  show(asked === "last" ? marks.length - 1 : Math.max(0, marks.indexOf(asked)));
}

// Keys: / to search, n and p to the next and previous match, left and right arrow to turn the page.
const keys = {
  "/": () => document.querySelector("[data-search]")?.select(),
  n: () => document.querySelector("[data-match=next]")?.click(),
  p: () => document.querySelector("[data-match=previous]")?.click(),
  ArrowLeft: () => document.querySelector(".turn [rel=prev]")?.click(),
  ArrowRight: () => document.querySelector(".turn [rel=next]")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], .wide");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});
