"""Makes the files that are measured: scenes of shapes with grain, as JPEG of quality 85.

Usage: make_pictures.py folder count side
"""

import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def scene(random, side):
    """Coloured shapes before a gradient, softened, with the grain of a photograph."""
    large = 2 * side
    corners = random.integers(0, 256, (2, 2, 3), dtype=np.uint8)
    image = Image.fromarray(corners).resize((large, large), Image.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, radius = random.uniform(0, large), random.uniform(0, large), random.uniform(0.01, 0.15) * large
        box = [x - radius, y - radius * random.uniform(0.3, 1), x + radius, y + radius]
        (draw.ellipse if random.random() < 0.5 else draw.rectangle)(box, fill=tuple(random.integers(0, 256, 3)))
    image = image.filter(ImageFilter.GaussianBlur(1)).resize((side, side), Image.BILINEAR)
    grain = random.normal(0, 5, (side, side, 1))
    return Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))


def main():
    folder, count, side = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(side)
    for index in range(count):
        scene(random, side).save(folder / f"{index:05d}.jpg", quality=85)


main()
