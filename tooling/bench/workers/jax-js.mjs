// jax-js on its wasm backend: one compiled function for loss and gradients, one for the optimizer's step.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { classCount, networks } from "../works/networks.mjs";
import { offerPageThreads } from "./page-threads.mjs";
import { cache, endlessly, oneHot, readBatches, readWeights, serve, threads } from "./protocol.mjs";

/** @import { Node } from "../works/graph.mjs" */
/** @import { Work } from "../works/works.mjs" */

// It looks for threads as it is loaded.
offerPageThreads(threads);
const folder = join(cache, "jax-js");
const jax = createRequire(join(folder, "package.json"))("@jax-js/jax");
const { jit, lax, nn, numpy: np, tree, valueAndGrad } = jax;
await jax.init("wasm");
jax.defaultDevice("wasm");

// Of Keras's RMSprop.
const [learningRate, decay, epsilon] = [0.001, 0.9, 1e-7];

/** Arrays, each used up by the operation that takes it; `ref` keeps one for another. @typedef {any} JaxArray */

/**
 * One layer over N, C, H, W.
 *
 * @param {Node} node
 * @param {JaxArray} x
 * @param {JaxArray[]} weights
 */
function call(node, x, [kernel, bias] = []) {
  switch (node.kind) {
    case "convolution":
      return nn.relu(lax.conv(x, kernel, [1, 1], "VALID").add(bias.reshape([1, node.filters, 1, 1])));
    case "pooling":
      return lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
    case "flatten":
      return x.reshape([-1, node.to[2]]);
    case "dense":
      return np.dot(x, kernel).add(bias);
    default:
      throw new Error(`${node.kind} is not written for jax-js`);
  }
}

/** A network's weights by node, channels before H and W. @param {Work["network"]} network */
function jaxWeights(network) {
  const stored = readWeights(network);
  let flattened = /** @type {readonly [number, number, number] | undefined} */ (undefined);
  /** @type {Record<string, JaxArray[]>} */
  const weights = {};
  for (const node of networks[network].nodes) {
    if (node.kind === "flatten") flattened = node.from;
    const own = stored.get(node.name);
    if (own === undefined) continue;
    const [given, ...others] = own.map(({ shape, values }) => np.array(values.slice(), { shape }));
    let kernel = given;
    if (node.kind === "convolution") kernel = np.transpose(kernel, [3, 2, 0, 1]);
    else if (flattened !== undefined) {
      const rows = flattened[0] * flattened[1] * flattened[2];
      kernel = np.transpose(kernel.reshape([...flattened, -1]), [2, 0, 1, 3]).reshape([rows, -1]);
      flattened = undefined;
    }
    weights[node.name] = [kernel, ...others];
  }
  return weights;
}

/** @param {Work} work */
async function build({ network, batchSize }) {
  const { nodes, input, parameters } = networks[network];
  if (input[2] !== 1) throw new Error("images of several channels would have to be transposed");
  let weights = jaxWeights(network);
  let squares = tree.map((/** @type {JaxArray} */ each) => np.zeros(each.shape), weights);

  /** @param {Record<string, JaxArray[]>} current @param {JaxArray} images @param {JaxArray} labels One-hot. */
  const lossOf = (current, images, labels) => {
    const logits = nodes.reduce((x, node) => call(node, x, current[node.name]), images);
    return nn
      .logSoftmax(logits, -1)
      .mul(labels)
      .sum()
      .mul(-1 / batchSize);
  };
  const lossAndGradients = jit(valueAndGrad(lossOf));
  const step = jit(
    (/** @type {JaxArray} */ weight, /** @type {JaxArray} */ square, /** @type {JaxArray} */ gradient) => {
      const moved = square.mul(decay).add(np.square(gradient.ref).mul(1 - decay));
      const change = gradient.mul(learningRate).div(np.sqrt(moved.ref.add(epsilon)));
      return [weight.sub(change), moved];
    },
  );

  const batches = endlessly(readBatches(network, batchSize).map(({ x, y }) => ({ x, labels: oneHot(y) })));
  const train = async (/** @type {number} */ times) => {
    let sum = 0;
    for (let time = 0; time < times; time++) {
      const { x, labels } = batches.next().value;
      const images = np.array(x.slice(), { shape: [batchSize, 1, input[0], input[1]] });
      const wanted = np.array(labels.slice(), { shape: [batchSize, classCount] });
      const [loss, gradients] = lossAndGradients(tree.ref(weights), images, wanted);
      const stepped = Object.entries(weights).map(([name, own]) => ({
        name,
        pairs: own.map((weight, index) => step(weight, squares[name][index], gradients[name][index])),
      }));
      weights = Object.fromEntries(stepped.map(({ name, pairs }) => [name, pairs.map(([weight]) => weight)]));
      squares = Object.fromEntries(stepped.map(({ name, pairs }) => [name, pairs.map(([, square]) => square)]));
      await jax.blockUntilReady(weights);
      sum += (await loss.data())[0];
    }
    return sum / times;
  };
  return { parameters, train };
}

// Its package does not export its description.
const description = JSON.parse(readFileSync(join(folder, "node_modules", "@jax-js", "jax", "package.json"), "utf8"));
await serve({ versions: { "jax-js": description.version }, threads, build });
