"""QR codes (GB/T 18284, ISO/IEC 18004): an address on paper that a phone's camera opens."""

import io

import segno

LEVEL = "m"  # readable with an eighth of it soiled
QUIET = 2  # modules of white around it


def qr_svg(address: str) -> str:
    """The code as one SVG element without a size of its own, for a page."""
    return str(segno.make(address, error=LEVEL, micro=False).svg_inline(omitsize=True, border=QUIET))


def qr_png(address: str) -> bytes:
    """The code as a picture, eight pixels a module, for a document."""
    out = io.BytesIO()
    segno.make(address, error=LEVEL, micro=False).save(out, kind="png", scale=8, border=QUIET)
    return out.getvalue()
