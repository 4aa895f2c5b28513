import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mnist } from "@featuremap/datasets";
import { RandomStream } from "@featuremap/tensor";
import { dataFolder } from "./data-folder.mjs";
import { classCount, networks } from "./networks.mjs";

/** @import { Network } from "./networks.mjs" */

/** Made-up images, by set: how many, and the length of their sides. */
const patternSets = /** @type {const} */ ({ "patterns-32": [6400, 32], "patterns-96": [512, 96] });

/**
 * Writes what all peers read: the networks as graphs (JSON); and as raw little-endian numbers images (float32), labels
 * (int32) and the networks' first weights (float32, node by node). The same files each time.
 *
 * @param {string} cache
 */
export async function prepareData(cache) {
  const folder = dataFolder(cache);
  await mkdir(folder, { recursive: true });
  await write(join(folder, "networks.json"), JSON.stringify(networks));
  for (const [name, network] of Object.entries(networks)) {
    const file = join(folder, `${name}-weights.f32`);
    if (!(await isThere(file, network.parameters))) await write(file, firstWeights(network));
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
  for (const [name, [count, side]] of Object.entries(patternSets)) {
    if (await isThere(join(folder, `${name}-labels.i32`), count)) continue;
    const { images, labels } = patterns(count, side);
    await write(join(folder, `${name}-images.f32`), images);
    await write(join(folder, `${name}-labels.i32`), labels);
  }
}

/**
 * Kernels as Keras's GlorotUniform draws them and biases of zero; before a normalization kernels as HeUniform does, and
 * scales, offsets and moments at random, so that a peer that forgets one of them predicts something else.
 *
 * @param {Network} network
 */
function firstWeights({ nodes }) {
  const random = new RandomStream(1);
  /** @param {number} count @param {number} lowest @param {number} highest */
  const draw = (count, lowest, highest) => Array.from({ length: count }, () => random.uniform(lowest, highest));
  const values = nodes.flatMap((node) => {
    const sizes = node.weights.map((shape) => shape.reduce((product, length) => product * length, 1));
    const [size = 0, biases = 0] = sizes;
    if (size === 0) return [];
    if (node.kind === "normalization") {
      return [draw(size, 0.5, 1.5), draw(size, -0.2, 0.2), draw(size, -0.2, 0.2), draw(size, 0.5, 1.5)].flat();
    }
    const [inputs = 0, outputs = 0] = node.weights[0]?.slice(-2) ?? [];
    const window = size / (inputs * outputs);
    const beforeNormalization = node.kind === "depthwise" || (node.kind === "convolution" && !node.bias);
    const fan = node.kind === "depthwise" ? window : window * (beforeNormalization ? inputs : inputs + outputs);
    const limit = Math.sqrt(6 / fan);
    return [...draw(size, -limit, limit), ...Array.from({ length: biases }, () => 0)];
  });
  return Float32Array.from(values);
}

/**
 * Colour images whose class can be learned, though never fully: each shows its class's pattern of 4x4 coloured squares
 * under noise, and a third of the labels are wrong. So the loss falls, and stays so high that no gradient dies out.
 *
 * @param {number} count
 * @param {number} side
 */
function patterns(count, side) {
  const random = new RandomStream(2);
  const channels = 3;
  const square = side / 4;
  const size = side * side * channels;
  const classes = Array.from({ length: classCount }, () => {
    const colours = Array.from({ length: 4 * 4 * channels }, () => random.uniform());
    return Float32Array.from({ length: size }, (_, index) => {
      const [pixel, channel] = [Math.floor(index / channels), index % channels];
      const [row, column] = [Math.floor(pixel / side / square), Math.floor((pixel % side) / square)];
      return colours[(row * 4 + column) * channels + channel] ?? 0;
    });
  });
  const images = new Float32Array(count * size);
  const labels = new Int32Array(count);
  for (let image = 0; image < count; image++) {
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

/** @param {string} file @param {Float32Array | Int32Array | string} values */
async function write(file, values) {
  await writeFile(`${file}.part`, values);
  await rename(`${file}.part`, file);
}
