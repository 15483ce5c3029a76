"""What charts are drawn with: elements of SVG as text, and how wide a text is."""

from xml.sax.saxutils import escape, quoteattr

from tracker.domain.tables.cells import without_control

WIDTH = 400
INK, MUTED, LINE, PAPER = "#1d2730", "#56626c", "#dad7ce", "#ffffff"
SIZE, SMALL = 15, 13


def cut_text(text: str, room: float, size: int = SIZE) -> str:
    """The text, shortened where it would not fit; its whole length stands in the label and in the table."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def text_width(text: str, size: int = SIZE) -> float:
    """About how wide a text is."""
    return sum(1.0 if ord(sign) > 0x2000 else 0.58 for sign in text) * size


def box_tag(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A filled box; nothing where it has no size."""
    return svg_tag("rect", x=length_text(x), y=length_text(y), width=length_text(width), height=length_text(height),
                    fill=fill) if width > 0 and height > 0 else ""


def text_tag(x: float, y: float, *said: str | tuple[str, str], fill: str = INK, size: int = SIZE, middle: bool = False,
              end: bool = False) -> str:
    """A line of text; a piece may bring a colour of its own."""
    anchor = {"text_anchor": "middle" if middle else "end"} if middle or end else {}
    pieces = [escape(without_control(each)) if isinstance(each, str)
              else svg_tag("tspan", escape(without_control(each[0])), fill=each[1]) for each in said]
    return svg_tag("text", "　".join(pieces), x=length_text(x), y=length_text(y), fill=fill, font_size=size, **anchor)


def svg_tag(name: str, content: str = "", **attributes: object) -> str:
    """An element of SVG with its attributes."""
    said = "".join(f" {key if key == 'viewBox' else key.replace('_', '-')}={quoteattr(str(value))}"
                   for key, value in attributes.items())
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def length_text(value: float) -> str:
    """A length with at most two decimals, written one way."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
