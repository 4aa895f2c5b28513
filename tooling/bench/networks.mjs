import { readFileSync } from "node:fs";

/**
 * A layer of a measured network: convolutions are 3x3, VALID, with ReLU; pooling takes the largest of 2x2.
 *
 * @typedef {{ kind: "convolution", filters: number } | { kind: "pooling" } | { kind: "flatten" }
 *   | { kind: "dense", units: number, activation: "softmax" | "relu" | "linear" }} LayerDescription
 */

/**
 * @typedef {object} Network
 * @property {readonly [height: number, width: number, channels: number]} input
 * @property {readonly LayerDescription[]} layers
 * @property {number} parameters Number of weights, to check what each peer builds.
 * @property {"rmsprop" | "adam"} optimizer With Keras's defaults.
 * @property {boolean} logits Whether it ends in logits, which the loss then takes.
 * @property {string} images Which of the prepared images train it.
 */

/** @typedef {"n1" | "n3"} NetworkName */

/** Also read by the command, which measures them by itself: `featuremap bench`. */
const file = new URL("../../apps/trainer/src/networks/networks.json", import.meta.url);

/** The networks that every peer builds from one description. @type {Readonly<Record<NetworkName, Network>>} */
export const networks = JSON.parse(readFileSync(file, "utf8"));

/** Classes of both networks. */
export const classCount = 10;

/**
 * Shapes of all weights in Keras's order: each layer's kernel (`[3, 3, in, out]` or `[in, out]`), then its bias.
 *
 * @param {Network} network
 * @returns {number[][]}
 */
export function weightShapes({ input, layers }) {
  let [height, width, channels] = input;
  /** @type {number[][]} */
  const shapes = [];
  for (const layer of layers) {
    switch (layer.kind) {
      case "convolution":
        shapes.push([3, 3, channels, layer.filters], [layer.filters]);
        [height, width, channels] = [height - 2, width - 2, layer.filters];
        break;
      case "pooling":
        [height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
        break;
      case "flatten":
        [height, width, channels] = [1, 1, height * width * channels];
        break;
      case "dense":
        shapes.push([channels, layer.units], [layer.units]);
        channels = layer.units;
        break;
    }
  }
  return shapes;
}
