"""Makes the annotations of a page part of its text: form fields with their values, notes, stamps.

pdfium draws annotations separately and leaves them out of the text of the page. So they are merged into the
loaded page, in memory, before it is read.
"""

import ctypes
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from ingest.drawn_words import Floats, PageText

_HIDDEN, _NO_VIEW = 2, 32
"""Flags of annotations that are not shown (ISO 32000-1, 12.5.3)."""
_WITH_TEXT = frozenset(
    (
        raw.FPDF_ANNOT_WIDGET,
        raw.FPDF_ANNOT_FREETEXT,
        raw.FPDF_ANNOT_STAMP,
        raw.FPDF_ANNOT_WATERMARK,
        raw.FPDF_ANNOT_FILEATTACHMENT,
        raw.FPDF_ANNOT_LINE,
    )
)
"""Kinds of annotations that may show text; the others are lines, shapes and icons."""
_CHECKS = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
_CHECK_MARKS = re.compile("[✓✔√☑🗸🗹]")


@dataclass(slots=True)
class Overlay:
    """The annotations of a page that matter for its text."""

    is_drawn_in: bool = False
    """Whether they were merged into the page, which has to be loaded again to show them."""
    checked: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Boxes (x0, y0, x1, y1) of fields that are checked, in the page's own coordinates, y upwards."""
    files: list[str] = field(default_factory=list)
    """Names of the files that are attached to places of the page."""
    fields: int = 0


def draw_in(page: Any) -> Overlay:
    """Merge the annotations that are shown on a loaded page into it; the page must then be loaded again."""
    overlay = Overlay()
    count = raw.FPDFPage_GetAnnotCount(page.raw)
    has_text = False
    for place in range(count):
        annotation = raw.FPDFPage_GetAnnot(page.raw, place)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        overlay.fields += kind == raw.FPDF_ANNOT_WIDGET
        if kind == raw.FPDF_ANNOT_FILEATTACHMENT:
            overlay.files.append(attachment_name(raw.FPDFAnnot_GetFileAttachment(annotation)))
        has_text |= kind in _WITH_TEXT
        if raw.FPDFAnnot_GetFlags(annotation) & _NO_VIEW:
            raw.FPDFAnnot_SetFlags(annotation, raw.FPDFAnnot_GetFlags(annotation) | _HIDDEN)
        raw.FPDFPage_CloseAnnot(annotation)
    if not has_text:
        return overlay
    page.render(scale=0.02)  # drawing makes pdfium create the appearance of annotations without one
    overlay.checked = _checked(page, count)
    overlay.is_drawn_in = raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
    return overlay


def attachment_name(attachment: Any) -> str:
    """The name of an attached file; empty if it has none."""
    if not attachment:
        return ""
    buffer = ctypes.create_string_buffer(1024)
    raw.FPDFAttachment_GetName(attachment, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer))
    return buffer.raw.decode("utf-16-le", "ignore").split("\0")[0]


def _checked(page: Any, count: int) -> list[tuple[float, float, float, float]]:
    """The boxes of the checked fields that are shown; none in documents without a form."""
    found = []
    form = page.formenv
    for place in range(count if form else 0):
        annotation = raw.FPDFPage_GetAnnot(page.raw, place)
        if (
            annotation
            and raw.FPDFAnnot_GetFormFieldType(form, annotation) in _CHECKS
            and not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN
            and raw.FPDFAnnot_IsChecked(form, annotation)
        ):
            box = raw.FS_RECTF()
            raw.FPDFAnnot_GetRect(annotation, box)
            found.append((box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top)))
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def with_checks(page: PageText, boxes: Floats) -> PageText:
    """The page with a word for each checked field: ☑ where its mark is a check mark, else ☒.

    `boxes` are those of the fields on the page as displayed, a row each.
    """
    if not len(boxes):
        return page
    middles = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    keep = np.ones(len(page.texts), dtype=np.bool_)
    signs = []
    for x0, y0, x1, y1 in boxes:
        is_mark = (middles[:, 0] > x0) & (middles[:, 0] < x1) & (middles[:, 1] > y0) & (middles[:, 1] < y1)
        drawn = "".join(page.texts[row] for row in np.flatnonzero(is_mark).tolist())
        signs.append("☑" if _CHECK_MARKS.search(drawn) else "☒")
        keep &= ~is_mark
    heights = boxes[:, 3] - boxes[:, 1]
    usual = float(np.median(page.sizes)) if page.texts else 10.0
    sizes = np.minimum(heights, usual)
    # On the line of the field's label, whose baseline is about a third of the font size below the middle of
    # the box.
    baselines = (boxes[:, 1] + boxes[:, 3]) / 2 + sizes / 3
    signs_page = PageText(
        page.width,
        page.height,
        signs,
        boxes,
        boxes[:, 3] - baselines,
        sizes,
        np.zeros(len(signs), dtype=np.bool_),
        np.zeros(len(signs), dtype=np.int64),
    )
    return page.take(keep).followed_by(signs_page)
