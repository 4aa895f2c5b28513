import { readFileSync } from "node:fs";
import { GraphBuilder } from "./graph.mjs";

/** @import { ImageShape, Node } from "./graph.mjs" */

/**
 * @typedef {object} Network
 * @property {string} title
 * @property {ImageShape} input
 * @property {readonly Node[]} nodes
 * @property {number} parameters Number of weights, moments of normalizations included, to check what each peer builds.
 * @property {"rmsprop" | "adam"} optimizer With Keras's defaults.
 * @property {boolean} logits Whether it ends in logits, which the loss then takes.
 * @property {ImageSet} images Which of the prepared images train it.
 * @property {number} checkSteps Batches after which a peer has to have learned something.
 */

/** @typedef {"n1" | "n3" | "resnet20" | "mobilenetv2"} NetworkName */
/** @typedef {"digits" | "patterns-32" | "patterns-96"} ImageSet */

/**
 * @typedef {{ kind: "convolution", filters: number } | { kind: "pooling" } | { kind: "flatten" }
 *   | { kind: "dense", units: number, activation: "softmax" | "relu" | "linear" }} LayerDescription
 */

/** Classes of every network. */
export const classCount = 10;

/**
 * N1 and N3 of `@featuremap/applications`; `networks.test.ts` holds the file to them. Peers of other libraries read this
 * module too, in whose processes our layers have no place.
 */
const file = new URL("./plain-networks.json", import.meta.url);

/**
 * @type {Readonly<Record<"n1" | "n3", { input: ImageShape, layers: readonly LayerDescription[], parameters: number,
 *   optimizer: "rmsprop" | "adam", logits: boolean }>>}
 */
const described = JSON.parse(readFileSync(file, "utf8"));

/** The networks that every peer builds from one description. @type {Readonly<Record<NetworkName, Network>>} */
export const networks = {
  n1: { title: "N1", ...plainNetwork("n1"), images: "digits", checkSteps: 24 },
  n3: { title: "N3", ...plainNetwork("n3"), images: "patterns-32", checkSteps: 48 },
  resnet20: {
    title: "ResNet-20",
    ...residualNetwork(),
    optimizer: "adam",
    logits: true,
    images: "patterns-32",
    checkSteps: 16,
  },
  mobilenetv2: {
    title: "MobileNetV2",
    ...mobileNetwork(),
    optimizer: "adam",
    logits: true,
    images: "patterns-96",
    checkSteps: 24,
  },
};

/** Convolutions of 3x3, VALID, with ReLU, between poolings. @param {"n1" | "n3"} name */
function plainNetwork(name) {
  const { input, layers, parameters, optimizer, logits } = described[name];
  const graph = new GraphBuilder(input);
  for (const layer of layers) {
    if (layer.kind !== "convolution") graph.add(layer);
    else graph.add({ ...convolution(layer.filters, 3, 1), padding: "valid", bias: true, activation: "relu" });
  }
  return { input, nodes: graph.nodes, parameters, optimizer, logits };
}

/** As the deep networks have it, before a normalization. @param {number} filters @param {number} size @param {number} stride */
function convolution(filters, size, stride) {
  return /** @type {const} */ ({
    kind: "convolution",
    filters,
    size,
    stride,
    padding: "same",
    bias: false,
    activation: "linear",
  });
}

/**
 * ResNet-20 for 32x32 pixels: three stages of three blocks with 16, 32 and 64 filters, and a normalized convolution of
 * 1x1 where a shortcut changes its shape (option B). Source: He et al., CVPR 2016, section 4.2.
 */
function residualNetwork() {
  const input = /** @type {const} */ ([32, 32, 3]);
  const graph = new GraphBuilder(input);
  const normalization = /** @type {const} */ ({ kind: "normalization", epsilon: 0.001, momentum: 0.99 });
  const relu = /** @type {const} */ ({ kind: "relu", max: null });
  graph.add(convolution(16, 3, 1));
  graph.add(normalization);
  let x = graph.add(relu);
  for (const filters of [16, 32, 64]) {
    for (let block = 0; block < 3; block++) {
      const changes = filters !== 16 && block === 0;
      let shortcut = x;
      if (changes) {
        graph.add(convolution(filters, 1, 2), [x]);
        shortcut = graph.add(normalization);
      }
      graph.add(convolution(filters, 3, changes ? 2 : 1), [x]);
      graph.add(normalization);
      graph.add(relu);
      graph.add(convolution(filters, 3, 1));
      graph.add(normalization);
      graph.add({ kind: "add" }, [graph.last, shortcut]);
      x = graph.add(relu);
    }
  }
  graph.add({ kind: "average" });
  graph.add({ kind: "dense", units: classCount, activation: "linear" });
  // 272,474 that are trained, and the moments of 784 channels.
  return { input, nodes: graph.nodes, parameters: 274_042 };
}

/**
 * MobileNetV2 at width 1: `keras.applications.MobileNetV2(input_shape=(96, 96, 3), weights=None, classes=10)`, with
 * logits. Keras pads apart before strides of 2; "same" is that padding. Source: Sandler et al., CVPR 2018, table 2.
 */
function mobileNetwork() {
  const input = /** @type {const} */ ([96, 96, 3]);
  const graph = new GraphBuilder(input);
  const normalization = /** @type {const} */ ({ kind: "normalization", epsilon: 0.001, momentum: 0.999 });
  const normalizeAndBound = () => {
    graph.add(normalization);
    graph.add({ kind: "relu", max: 6 });
  };
  graph.add(convolution(32, 3, 2));
  normalizeAndBound();
  const stages = /** @type {const} */ ([
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ]);
  for (const [expansion, filters, blocks, firstStride] of stages) {
    for (let block = 0; block < blocks; block++) {
      const { last, channels } = graph;
      if (expansion > 1) {
        graph.add(convolution(expansion * channels, 1, 1));
        normalizeAndBound();
      }
      graph.add({ kind: "depthwise", size: 3, stride: block === 0 ? firstStride : 1 });
      normalizeAndBound();
      graph.add(convolution(filters, 1, 1));
      graph.add(normalization);
      if (block > 0) graph.add({ kind: "add" }, [last, graph.last]);
    }
  }
  graph.add(convolution(1280, 1, 1));
  normalizeAndBound();
  graph.add({ kind: "average" });
  graph.add({ kind: "dense", units: classCount, activation: "linear" });
  return { input, nodes: graph.nodes, parameters: 2_270_794 };
}

/** Shapes of all weights, node by node. @param {Network} network */
export function weightShapes({ nodes }) {
  return nodes.flatMap(({ weights }) => weights);
}
