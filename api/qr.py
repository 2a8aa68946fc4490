"""QR codes as inline SVG: for a screen at the agency's desk, and for a letter."""

import segno


def svg(url: str) -> str:
    """An <svg> element that may stand in a page as it is."""
    return str(segno.make(url, error="m", micro=False).svg_inline(scale=5, border=4))
