// Which words of a text are selected; each is an element with data-word, its number on its page.

// The text of those that `texts` names in which the selection began, or else in which it ended.
function holderOfSelection(texts) {
  const selection = document.getSelection();
  const within = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(texts);
  return selection.isCollapsed ? null : (within(selection.anchorNode) ?? within(selection.focusNode));
}

// The words within an element that are selected, or some of whose letters are.
function selectedIn(...texts) {
  const selection = document.getSelection();
  const ranges = Array.from({ length: selection.rangeCount }, (_, place) => selection.getRangeAt(place));
  const words = texts.flatMap((text) => [...text.querySelectorAll("[data-word]")]);
  return words.filter((word) => ranges.some((range) => range.intersectsNode(word) && holdsPartOf(word, range)));
}

// Whether a letter of the word is in the range: a range may end just before a word, and touch it all the same.
function holdsPartOf(word, range) {
  const part = document.createRange();
  part.selectNodeContents(word);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part.toString().trim() !== "";
}
