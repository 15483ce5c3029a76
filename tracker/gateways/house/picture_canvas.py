"""What the demo's photographs are drawn with: sky, houses, trees, heaps, smoke, a lorry, people in vests."""

import math
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
WIDTH, HEIGHT, HORIZON = 800, 600, 300
WALLS: tuple[Colour, ...] = ((196, 188, 176), (178, 170, 168), (206, 199, 180), (166, 172, 178), (190, 160, 140))
LITTER: tuple[Colour, ...] = (
    (222, 222, 218), (58, 92, 148), (176, 52, 46), (226, 182, 66), (74, 66, 60), (120, 148, 92), (150, 118, 84), (40, 44, 50),
)
CLEAN_SKY, DULL_SKY, NIGHT = ((116, 166, 214), (214, 228, 236)), ((158, 162, 162), (206, 204, 196)), ((18, 22, 40), (52, 50, 66))
ASPHALT, PAVING, GRASS, EARTH = (104, 106, 108), (176, 172, 164), (92, 134, 70), (150, 118, 82)


class Canvas:
    """One picture being drawn. `amount` is how much of the trouble is left: 1 before, 0 after."""

    def __init__(self, rng: Random, amount: float, sky: tuple[Colour, Colour], ground: Colour) -> None:
        self.rng, self.amount = rng, amount
        self.image = Image.new("RGB", (WIDTH, HEIGHT), ground)
        self.image.paste(_sky_gradient(*sky), (0, 0))
        self.pen = ImageDraw.Draw(self.image)

    @property
    def is_clean(self) -> bool:
        return self.amount < 0.05

    def near(self, value: float, by: float) -> int:
        """The value, give or take."""
        return round(value + self.rng.uniform(-by, by))

    def shade(self, colour: Colour, by: int = 14) -> Colour:
        """The colour, a little lighter or darker."""
        change = int((self.rng.random() * 2 - 1) * by)
        red, green, blue = colour
        return max(0, min(255, red + change)), max(0, min(255, green + change)), max(0, min(255, blue + change))

    def buildings(self, base: int = HORIZON, is_lit: bool = False) -> None:
        """A row of houses along the horizon."""
        x = -self.rng.randint(0, 60)
        while x < WIDTH:
            wide, high = self.rng.randint(80, 170), self.rng.randint(90, 230)
            wall = self.shade((58, 56, 66) if is_lit else self.rng.choice(WALLS))
            self.pen.rectangle((x, base - high, x + wide, base), wall)
            glass = self.shade((84, 98, 112), 22)
            for top in range(base - high + 14, base - 22, 30):
                for left in range(x + 10, x + wide - 18, 26):
                    shining = is_lit and self.rng.random() < 0.4
                    self.pen.rectangle((left, top, left + 14, top + 17), (240, 208, 128) if shining else glass)
            x += wide + self.rng.randint(-4, 26)

    def trees(self, count: int, base: int, size: int = 46) -> None:
        """Street trees."""
        for _ in range(count):
            x, reach = self.rng.randint(0, WIDTH), self.near(size, size / 4)
            self.pen.rectangle((x - 4, base - reach, x + 4, base + 6), (86, 66, 48))
            for _ in range(7):
                cx, cy, r = self.near(x, reach * 0.6), self.near(base - reach * 1.4,
                                                                 reach * 0.5), self.near(reach * 0.5, reach * 0.15)
                self.pen.ellipse((cx - r, cy - r, cx + r, cy + r), self.shade((66, 112, 58), 22))

    def heap(self, x: int, base: int, wide: int, high: int, colours: tuple[Colour, ...], count: int = 150) -> None:
        """A heap of angular things, wider below."""
        chance = self.rng.random
        for _ in range(round(count * self.amount)):
            level, size, turn = chance() ** 1.6, 7 + 17 * chance(), math.tau * chance()
            cx, cy = x + (chance() + chance() - 1) * 0.85 * wide * (1 - level * 0.75), base - level * high
            across, down = math.cos(turn) * size, math.sin(turn) * size
            lean = 0.4 + 0.5 * chance()
            corners = [(cx + across, cy + down * lean), (cx - down, cy + across * 0.6), (cx - across, cy - down * lean),
                       (cx + down, cy - across * 0.6)]
            self.pen.polygon(corners, self.shade(colours[int(chance() * len(colours))], 24))

    def cloud(self, box: tuple[int, int, int, int], colour: Colour, puffs: int, strength: float) -> None:
        """Soft smoke or dust over the picture, as strong as the trouble that is left."""
        if self.is_clean:
            return
        small = Image.new("L", (WIDTH // 4, HEIGHT // 4), 0)
        pen = ImageDraw.Draw(small)
        for _ in range(puffs):
            cx, cy = self.rng.randint(box[0], box[2]) // 4, self.rng.randint(box[1], box[3]) // 4
            r = self.rng.randint(8, 26)
            pen.ellipse((cx - r, cy - r, cx + r, cy + r), round(255 * strength * self.amount * self.rng.uniform(0.5, 1)))
        mask = small.filter(ImageFilter.GaussianBlur(7)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
        self.image.paste(Image.new("RGB", (WIDTH, HEIGHT), colour), (0, 0), mask)
        self.pen = ImageDraw.Draw(self.image)

    def truck(self, x: int, y: int, colour: Colour) -> None:
        """A tipper seen from the side."""
        self.pen.rectangle((x, y - 96, x + 150, y - 24), colour)
        self.pen.polygon([(x + 156, y - 24), (x + 156, y - 88), (x + 200, y - 88), (x + 218, y - 54), (x + 218, y - 24)],
                         (214, 214, 208))
        self.pen.rectangle((x + 172, y - 80, x + 198, y - 56), (86, 112, 130))
        for wheel in (x + 30, x + 70, x + 186):
            self.pen.ellipse((wheel - 20, y - 34, wheel + 20, y + 6), (30, 30, 32))
            self.pen.ellipse((wheel - 8, y - 22, wheel + 8, y - 6), (150, 150, 150))


def stand(image: Image.Image, x: int, base: int) -> None:
    """Put somebody of the verification team into a picture, in a reflective vest."""
    pen = ImageDraw.Draw(image)
    pen.rectangle((x - 13, base - 62, x + 13, base), (44, 52, 72))
    pen.rectangle((x - 19, base - 118, x + 19, base - 58), (196, 214, 52))
    pen.rectangle((x - 19, base - 98, x + 19, base - 90), (232, 232, 226))
    pen.ellipse((x - 13, base - 146, x + 13, base - 118), (206, 170, 142))
    pen.pieslice((x - 15, base - 150, x + 15, base - 118), 180, 360, (232, 196, 40))


@cache
def _sky_gradient(above: Colour, below: Colour) -> Image.Image:
    """A sky: one colour above, another at the horizon."""
    mask = Image.linear_gradient("L").resize((WIDTH, HORIZON))
    return Image.composite(Image.new("RGB", mask.size, below), Image.new("RGB", mask.size, above), mask)
