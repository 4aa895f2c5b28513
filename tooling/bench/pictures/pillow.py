"""The peer: Pillow in two processes, which is how torchvision's loader reads files.

Usage: pillow.py folder-of-256 folder-of-32. Reads names of works, a line each, and answers with images and seconds.
"""

import json
import math
import multiprocessing
import pathlib
import random
import sys
import time

import numpy as np
from PIL import Image, ImageEnhance

BATCH = 64
SIZE = 64


def changed(path):
    """Random resized crop, flip, brightness, contrast and saturation, as torchvision does them with Pillow."""
    image = Image.open(path).convert("RGB")
    width, height = image.size
    for _ in range(10):
        area = width * height * random.uniform(0.08, 1)
        ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < w <= width and 0 < h <= height:
            break
    w, h = min(w, width), min(h, height)
    left, top = random.randint(0, width - w), random.randint(0, height - h)
    image = image.crop((left, top, left + w, top + h)).resize((SIZE, SIZE), Image.BILINEAR)
    if random.random() < 0.5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    for enhance in random.sample((ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color), 3):
        image = enhance(image).enhance(random.uniform(0.8, 1.2))
    return np.asarray(image)


def plain(path):
    return np.asarray(Image.open(path).convert("RGB"))


def batch(work):
    read, paths = work
    return np.stack([read(path) for path in paths])


def main():
    large, small = (sorted(pathlib.Path(folder).iterdir()) for folder in sys.argv[1:3])
    works = {"changed": (changed, large), "small": (plain, small)}
    with multiprocessing.Pool(2) as pool:
        for line in sys.stdin:
            read, paths = works[line.strip()]
            paths = random.sample(paths, len(paths))
            parts = [(read, paths[start:start + BATCH]) for start in range(0, len(paths), BATCH)]
            began = time.perf_counter()
            images = sum(len(pixels) for pixels in pool.imap(batch, parts))
            print(json.dumps({"images": images, "seconds": time.perf_counter() - began}), flush=True)


main()
