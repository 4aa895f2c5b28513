import { createInterface } from "node:readline";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ImageFiles } from "@featuremap/datasets";
import { colorJitter, randomResizedCrop } from "@featuremap/images";

/**
 * Ours: batches of picture files, made in two threads.
 *
 * Usage: featuremap.mjs folder-of-256 folder-of-32 cache. Reads names of works, a line each, and answers with images and
 * seconds.
 */
const [large, small, cache] = process.argv.slice(2).map(String);

/** @param {string} folder */
function filesOf(folder) {
  return new ImageFiles({
    paths: readdirSync(folder)
      .toSorted()
      .map((name) => join(folder, name)),
  });
}

const augment = [
  randomResizedCrop([64, 64], { flip: 0.5 }),
  colorJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2 }),
];
const changed = { imageSize: 64, augment, seed: 1, workers: 2 };
const works = {
  changed: filesOf(large ?? "").batch(64, { ...changed, cache: false }),
  scaled: filesOf(large ?? "").batch(64, { ...changed, cache: false, scaledDecode: true }),
  quarter: filesOf(large ?? "").batch(64, { ...changed, cache: false, scaledDecode: 1 }),
  kept: filesOf(large ?? "").batch(64, { ...changed, cache: cache ?? true }),
  small: filesOf(small ?? "").batch(64, { imageSize: 32, seed: 1, workers: 2, cache: false }),
};
let epoch = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const source = works[/** @type {keyof typeof works} */ (line.trim())];
  const began = performance.now();
  let images = 0;
  for await (const batch of source.batches(epoch++)) {
    images += batch.size;
    // As a Trainer does once it has used a batch.
    source.recycle(batch);
  }
  process.stdout.write(`${JSON.stringify({ images, seconds: (performance.now() - began) / 1000 })}\n`);
}
process.exit(0);
