// Which words of a text are selected; each is an element with data-word, its number on its page.

// Of the elements that `texts` selects: the one in which the selection began, or else the one in which it ended.
function holderOfSelection(texts) {
  const selection = document.getSelection();
  const within = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(texts);
  return selection.isCollapsed ? null : (within(selection.anchorNode) ?? within(selection.focusNode));
}

// The words within an element that are selected, wholly or in part.
function selectedIn(...texts) {
  const selection = document.getSelection();
  const ranges = Array.from({ length: selection.rangeCount }, (_, place) => selection.getRangeAt(place));
  const words = texts.flatMap((text) => [...text.querySelectorAll("[data-word]")]);
  return words.filter((word) => ranges.some((range) => range.intersectsNode(word) && holdsPartOf(word, range)));
}

// Whether the range contains a letter of the word. A range that ends just before a word touches it, too.
function holdsPartOf(word, range) {
  const part = document.createRange();
  part.selectNodeContents(word);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part.toString().trim() !== "";
}
