import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mnist } from "@featuremap/datasets";
import { RandomStream } from "@featuremap/tensor";
import { dataFolder } from "./data-folder.mjs";
import { classCount, networks, weightShapes } from "./networks.mjs";

/** Images of network N3. */
const patternCount = 6400;

/**
 * Writes what all peers read, as raw little-endian numbers: images (float32), labels (int32) and the networks' first
 * weights (float32, in Keras's order). The same files each time.
 *
 * @param {string} cache
 */
export async function prepareData(cache) {
  const folder = dataFolder(cache);
  await mkdir(folder, { recursive: true });
  for (const [name, network] of Object.entries(networks)) {
    const file = join(folder, `${name}-weights.f32`);
    if (!(await isThere(file, network.parameters))) await write(file, firstWeights(weightShapes(network)));
  }
  const digits = 60_000;
  if (!(await isThere(join(folder, "digits-labels.i32"), digits))) {
    const { train } = await mnist();
    await write(
      join(folder, "digits-images.f32"),
      Float32Array.from(train.images.data, (value) => value / 255),
    );
    await write(join(folder, "digits-labels.i32"), train.labels.data);
  }
  if (!(await isThere(join(folder, "patterns-labels.i32"), patternCount))) {
    const { images, labels } = patterns();
    await write(join(folder, "patterns-images.f32"), images);
    await write(join(folder, "patterns-labels.i32"), labels);
  }
}

/** Kernels as Keras's GlorotUniform draws them, biases of zero. @param {readonly number[][]} shapes */
function firstWeights(shapes) {
  const random = new RandomStream(1);
  const values = shapes.flatMap((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    if (shape.length === 1) return Array.from({ length: size }, () => 0);
    const window = shape.slice(0, -2).reduce((product, length) => product * length, 1);
    const [inputs = 0, outputs = 0] = shape.slice(-2);
    const limit = Math.sqrt(6 / (window * (inputs + outputs)));
    return Array.from({ length: size }, () => random.uniform(-limit, limit));
  });
  return Float32Array.from(values);
}

/**
 * Colour images 32x32 whose class can be learned, though never fully: each shows its class's pattern of 4x4 coloured
 * squares under noise, and a third of the labels are wrong. So the loss falls, and stays so high that no gradient dies
 * out.
 */
function patterns() {
  const random = new RandomStream(2);
  const [height, width, channels] = networks.n3.input;
  const square = 8;
  const size = height * width * channels;
  const classes = Array.from({ length: classCount }, () => {
    const colours = Array.from({ length: (height / square) * (width / square) * channels }, () => random.uniform());
    return Float32Array.from({ length: size }, (_, index) => {
      const [pixel, channel] = [Math.floor(index / channels), index % channels];
      const [row, column] = [Math.floor(pixel / width / square), Math.floor((pixel % width) / square)];
      return colours[(row * (width / square) + column) * channels + channel] ?? 0;
    });
  });
  const images = new Float32Array(patternCount * size);
  const labels = new Int32Array(patternCount);
  for (let image = 0; image < patternCount; image++) {
    const shown = random.integer(classCount);
    labels[image] = random.uniform() < 1 / 3 ? random.integer(classCount) : shown;
    const pattern = classes[shown] ?? images;
    for (let index = 0; index < size; index++) {
      images[image * size + index] = 0.5 * (pattern[index] ?? 0) + 0.5 * random.uniform();
    }
  }
  return { images, labels };
}

/** @param {string} file @param {number} count Numbers of four bytes. */
async function isThere(file, count) {
  const found = await stat(file).catch(() => undefined);
  return found?.size === 4 * count;
}

/** @param {string} file @param {Float32Array | Int32Array} values */
async function write(file, values) {
  await writeFile(`${file}.part`, values);
  await rename(`${file}.part`, file);
}
