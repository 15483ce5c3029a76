"""Scenes for the demo's photographs: each drawn as the trouble and as the same spot put in order."""

from collections.abc import Callable
from enum import StrEnum
from random import Random

from PIL import Image

from tracker.gateways.house.picture_canvas import (
    ASPHALT,
    CLEAN_SKY,
    DULL_SKY,
    EARTH,
    GRASS,
    HEIGHT,
    HORIZON,
    LITTER,
    NIGHT,
    PAVING,
    WIDTH,
    Canvas,
)


class Scene(StrEnum):
    """What a photograph of the demo shows."""

    garbage = "garbage"
    dust = "dust"
    fume = "fume"
    noise = "noise"
    river = "river"
    burning = "burning"
    vehicle = "vehicle"
    barrels = "barrels"
    railway = "railway"
    rubble = "rubble"


def garbage(rng: Random, amount: float) -> Image.Image:
    """A street corner with household rubbish, or with bins and swept paving."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, PAVING)
    c.buildings()
    c.trees(4, HORIZON + 20)
    c.pen.rectangle((0, HORIZON, WIDTH, HORIZON + 26), c.shade((140, 138, 132)))
    for x in range(-200, WIDTH + 200, 80):
        c.pen.line((x, HEIGHT, WIDTH // 2 + (x - 400) // 3, HORIZON + 26), (162, 158, 150), 2)
    if c.is_clean:
        left = rng.randint(120, 420)
        for k, colour in enumerate(((52, 120, 74), (50, 86, 150), (120, 120, 124), (168, 52, 46))):
            c.pen.rounded_rectangle((left + k * 76, 330, left + k * 76 + 60, 440), 8, c.shade(colour, 6))
            c.pen.rectangle((left + k * 76 - 3, 322, left + k * 76 + 63, 338), c.shade(colour, 20))
    for _ in range(2):
        c.heap(c.near(400, 180), c.near(500, 30), rng.randint(300, 440), rng.randint(90, 170), LITTER)
    return c.image


def dust(rng: Random, amount: float) -> Image.Image:
    """A building site: bare earth and a grey haze, or green netting and a wet road."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, EARTH if amount > 0.5 else (122, 116, 108))
    c.buildings(HORIZON - 20)
    arm = rng.randint(140, 620)
    c.pen.line((arm, 40, arm, HORIZON), (214, 158, 36), 7)
    c.pen.line((arm - 130, 52, arm + 210, 44), (214, 158, 36), 5)
    c.pen.rectangle((0, HORIZON - 46, WIDTH, HORIZON + 6), c.shade((58, 108, 160)))
    for middle in (c.near(200, 60), c.near(560, 60)):
        top, half = rng.randint(330, 380), rng.randint(150, 220)
        slope = [(middle - half, 520), (middle - half // 3, top), (middle + half // 4, top - 14), (middle + half, 520)]
        c.pen.polygon(slope, c.shade((70, 128, 74) if c.is_clean else (158, 126, 88)))
        if c.is_clean:
            for k in range(-half, half, 26):
                c.pen.line((middle + k, 520, middle + k // 3, top), (58, 108, 62), 2)
    c.truck(rng.randint(60, 500), 560, c.shade((196, 116, 40)))
    c.cloud((0, 240, WIDTH, 560), (186, 164, 132), 46, 0.75)
    return c.image


def fume(rng: Random, amount: float) -> Image.Image:
    """A restaurant front with a greasy flue, or with a purifier on it."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, (136, 132, 126))
    c.pen.rectangle((0, 70, WIDTH, 470), c.shade((188, 178, 164)))
    for k in range(3):
        left = 20 + k * 262
        c.pen.rectangle((left, 190, left + 240, 250), c.shade(rng.choice(((172, 40, 36), (36, 92, 64), (198, 136, 36)))))
        c.pen.rectangle((left + 12, 262, left + 228, 468), (76, 82, 88))
        c.pen.rectangle((left + 22, 272, left + 218, 400), c.shade((222, 196, 140)))
    x = rng.randint(120, 600)
    c.pen.rectangle((x, 60, x + 40, 262), (150, 152, 154))
    c.pen.rectangle((x - 10, 52, x + 50, 78), (116, 118, 120))
    if c.is_clean:
        c.pen.rectangle((x - 34, 118, x + 84, 180), (206, 210, 214), (120, 124, 128), 3)
        c.pen.rectangle((x - 20, 132, x + 20, 166), (60, 140, 92))
    for _ in range(round(36 * amount)):
        drip, length = x + rng.randint(-26, 66), rng.randint(20, 150)
        c.pen.line((drip, 200, drip, 200 + length), (66, 54, 40), rng.randint(2, 5))
    c.cloud((x - 60, 0, x + 190, 150), (150, 148, 144), 30, 0.9)
    return c.image


def noise(rng: Random, amount: float) -> Image.Image:
    """A site at night under lamps with machines running, or dark and fenced off."""
    c = Canvas(rng, amount, NIGHT, (40, 40, 44))
    c.buildings(is_lit=True)
    c.pen.rectangle((0, HORIZON - 24, WIDTH, HORIZON + 40), (46, 74, 104))
    c.truck(rng.randint(40, 220), 480, (158, 120, 40) if amount > 0.5 else (74, 70, 62))
    x = rng.randint(430, 560)
    c.pen.rectangle((x, 400, x + 130, 468), (186, 140, 34) if amount > 0.5 else (82, 74, 56))
    c.pen.line((x + 100, 400, x + 190, 330, x + 230, 450), (186, 140, 34) if amount > 0.5 else (82, 74, 56), 14)
    for lamp in (rng.randint(80, 300), rng.randint(420, 720)) if amount > 0.5 else ():
        c.pen.line((lamp, 180, lamp, 400), (120, 120, 120), 5)
        c.cloud((lamp - 60, 160, lamp + 60, 230), (255, 244, 206), 14, 1)
    if c.is_clean:
        for k in range(0, WIDTH, 100):
            c.pen.rectangle((k + 4, 486, k + 96, 560), c.shade((70, 96, 82), 6))
    return c.image


def river(rng: Random, amount: float) -> Image.Image:
    """An outlet into the river: dark water with scum, or clear water between green banks."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, (84, 124, 66))
    c.buildings(HORIZON - 40)
    c.trees(9, HORIZON - 10, 36)
    water = (86, 86, 58) if amount > 0.5 else (92, 142, 158)
    c.pen.polygon([(0, 470), (300, HORIZON), (520, HORIZON), (WIDTH, 430), (WIDTH, HEIGHT), (0, HEIGHT)], water)
    for _ in range(90):
        y = rng.randint(HORIZON + 30, HEIGHT)
        x, wide = rng.randint(0, WIDTH), (y - HORIZON) // 3
        c.pen.line((x, y, x + wide, y), c.shade(water, 26), 2)
    c.pen.polygon([(0, 380), (150, 400), (150, 490), (0, 520)], (150, 148, 142))
    c.pen.ellipse((66, 410, 140, 482), (52, 50, 48), (120, 118, 112), 6)
    if not c.is_clean:
        c.pen.polygon([(76, 450), (132, 450), (250, 560), (150, 590)], (58, 52, 40))
    for _ in range(round(120 * amount)):
        x, y, r = rng.randint(140, WIDTH), rng.randint(400, HEIGHT), rng.randint(3, 15)
        c.pen.ellipse((x - r * 2, y - r, x + r * 2, y + r),
                      c.shade(rng.choice(((196, 194, 170), (120, 118, 76), (204, 204, 200))), 16))
    return c.image


def burning(rng: Random, amount: float) -> Image.Image:
    """Leaves and rubbish on fire, or the raked patch; before it, a chimney of a small boiler."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, (128, 124, 92))
    c.buildings()
    c.trees(5, HORIZON + 30)
    stack = rng.randint(520, 700)
    c.pen.polygon([(stack, HORIZON), (stack + 8, 90), (stack + 44, 90), (stack + 52, HORIZON)], (150, 96, 80))
    x = rng.randint(220, 480)
    c.pen.ellipse((x - 190, 450, x + 190, 540), c.shade((72, 66, 58) if amount > 0.5 else (140, 132, 100)))
    c.heap(x, 510, 260, 80, ((60, 48, 36), (96, 74, 44), (44, 40, 38), (130, 90, 44)), 110)
    for _ in range(round(46 * amount)):
        fx, high = x + rng.gauss(0, 60), rng.randint(24, 90)
        c.pen.polygon([(fx - 12, 500), (fx, 500 - high), (fx + 12, 500)],
                      rng.choice(((236, 120, 30), (250, 186, 60), (214, 70, 24))))
    c.cloud((x - 120, 120, x + 260, 430), (84, 80, 78), 50, 0.85)
    c.cloud((stack - 10, 0, stack + 140, 90), (70, 68, 68), 18, 0.8)
    return c.image


def vehicle(rng: Random, amount: float) -> Image.Image:
    """A lorry with black smoke behind it, or the same road with clean traffic."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, ASPHALT)
    c.buildings()
    c.trees(8, HORIZON + 16)
    c.pen.rectangle((0, HORIZON, WIDTH, HORIZON + 30), (168, 164, 156))
    for x in range(rng.randint(-60, 0), WIDTH, 130):
        c.pen.polygon([(x, 520), (x + 70, 520), (x + 64, 530), (x - 8, 530)], (226, 224, 216))
    x = rng.randint(260, 480)
    c.truck(x, 470, c.shade((60, 96, 150)))
    for k in range(2):
        left = rng.randint(0, 640)
        c.pen.rounded_rectangle((left, 352 - k * 10, left + 92, 386 - k * 10), 14, c.shade(rng.choice(LITTER)))
    c.cloud((x - 230, 380, x - 10, 470), (30, 28, 28), 40, 0.95)
    return c.image


def barrels(rng: Random, amount: float) -> Image.Image:
    """Waste oil drums on a stained floor, or in a labelled, bunded store."""
    c = Canvas(rng, amount, DULL_SKY, (134, 130, 124))
    c.pen.rectangle((0, 0, WIDTH, 330), c.shade((172, 166, 156)))
    c.pen.rectangle((90, 60, 710, 330), c.shade((86, 104, 124)))
    for k in range(70, 340, 18):
        c.pen.line((90, k, 710, k), (72, 90, 108), 2)
    if c.is_clean:
        c.pen.rectangle((150, 380, 660, 560), (198, 190, 172), (206, 166, 30), 8)
        c.pen.polygon([(580, 110), (640, 216), (520, 216)], (238, 200, 44), (30, 30, 30))
        c.pen.rectangle((574, 146, 586, 188), (30, 30, 30))
    for _ in range(round(26 * amount)):
        x, y = rng.randint(80, 700), rng.randint(400, 570)
        c.pen.ellipse((x - 60, y - 14, x + 60, y + 14), c.shade((48, 42, 36), 8))
    for k in range(6):
        x = 210 + k * 76 if c.is_clean else rng.randint(90, 680)
        y = 520 if c.is_clean else rng.randint(430, 560)
        body = c.shade(rng.choice(((40, 84, 140), (160, 50, 40), (52, 54, 58))), 10)
        c.pen.rectangle((x - 32, y - 104, x + 32, y), body)
        c.pen.ellipse((x - 32, y - 116, x + 32, y - 92), c.shade(body, 30))
        c.pen.line((x - 32, y - 66, x + 32, y - 66), c.shade(body, 40), 4)
    return c.image


def railway(rng: Random, amount: float) -> Image.Image:
    """The fence beside the line with sheds and litter, or painted and planted."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, (126, 120, 112))
    c.buildings(HORIZON - 30)
    c.pen.rectangle((0, HORIZON - 50, WIDTH, HORIZON + 10), c.shade(GRASS) if c.is_clean else c.shade((128, 118, 86)))
    for k in range(3 if amount > 0.5 else 0):
        left = rng.randint(0, 640)
        c.pen.rectangle((left, 214, left + 150, 300), c.shade(rng.choice(((62, 110, 166), (170, 60, 48)))), (90, 90, 90), 3)
        c.pen.line((left - 8, 214, left + 158, 200 + k * 4), (110, 80, 60), 7)
    for post in range(0, WIDTH, 42):
        c.pen.line((post, 250, post, 330), (206, 204, 196) if c.is_clean else (150, 140, 126), 5)
    for rail in (264, 290, 316):
        c.pen.line((0, rail, WIDTH, rail + rng.randint(-2, 2)), (198, 196, 188), 3)
    for k in range(11):
        y, half = 340 + k * 24, 60 + k * 26
        c.pen.polygon([(400 - half, y), (400 + half, y), (404 + half, y + 10), (396 - half, y + 10)], (96, 84, 74))
    c.pen.line((372, 330, 220, HEIGHT), (178, 180, 184), 8)
    c.pen.line((428, 330, 580, HEIGHT), (178, 180, 184), 8)
    c.heap(rng.choice((110, 690)), 520, 220, 110, LITTER, 130)
    if c.is_clean:
        c.trees(8, 320, 26)
    return c.image


def rubble(rng: Random, amount: float) -> Image.Image:
    """Builders' rubble on bare ground, or a lawn with a path."""
    c = Canvas(rng, amount, DULL_SKY if amount > 0.5 else CLEAN_SKY, GRASS if amount < 0.3 else EARTH)
    c.buildings()
    c.trees(6, HORIZON + 20)
    for _ in range(260):
        x, y = rng.randint(0, WIDTH), rng.randint(HORIZON + 10, HEIGHT)
        blade = c.shade((78, 126, 60) if amount < 0.3 else (138, 108, 76), 24)
        c.pen.line((x, y, x + rng.randint(-4, 4), y - rng.randint(3, 10)), blade, 2)
    if c.is_clean:
        c.pen.polygon([(330, HORIZON + 4), (400, HORIZON + 4), (620, HEIGHT), (300, HEIGHT)], (196, 188, 172))
    stones = ((170, 166, 158), (150, 90, 70), (190, 184, 176), (120, 114, 108), (204, 200, 190))
    for _ in range(3):
        c.heap(c.near(400, 240), c.near(510, 40), rng.randint(240, 380), rng.randint(80, 150), stones, 120)
    return c.image


SCENES: dict[Scene, Callable[[Random, float], Image.Image]] = {
    Scene.garbage: garbage, Scene.dust: dust, Scene.fume: fume, Scene.noise: noise, Scene.river: river, Scene.burning: burning,
    Scene.vehicle: vehicle, Scene.barrels: barrels, Scene.railway: railway, Scene.rubble: rubble,
}
