import { classCount, networks } from "../works/networks.mjs";
import { evaluateGraph } from "./evaluate-graph.mjs";
import { endlessly, oneHot, readBatches, readWeights } from "./protocol.mjs";

/** @import { Node } from "../works/graph.mjs" */
/** @import { Work } from "../works/works.mjs" */
/** @import { PeerModel } from "./protocol.mjs" */

/**
 * The networks in TensorFlow.js's own layers, on whatever backend is set.
 *
 * @param {any} tf tfjs-core and tfjs-layers in one object; installed on demand, so without types.
 * @returns {(work: Work) => Promise<PeerModel>}
 */
export function tfjsBuilder(tf) {
  /** @param {Node} node */
  const makeLayer = (node) => {
    const { name } = node;
    switch (node.kind) {
      case "convolution": {
        const { filters, stride: strides, padding, bias: useBias, activation } = node;
        return tf.layers.conv2d({ name, filters, kernelSize: node.size, strides, padding, useBias, activation });
      }
      case "depthwise": {
        const { size: kernelSize, stride: strides } = node;
        return tf.layers.depthwiseConv2d({ name, kernelSize, strides, padding: "same", useBias: false });
      }
      case "normalization":
        return tf.layers.batchNormalization({ name, epsilon: node.epsilon, momentum: node.momentum });
      case "relu":
        return tf.layers.reLU({ name, ...(node.max === null ? {} : { maxValue: node.max }) });
      case "pooling":
        return tf.layers.maxPooling2d({ name, poolSize: 2 });
      case "average":
        return tf.layers.globalAveragePooling2d({ name });
      case "flatten":
        return tf.layers.flatten({ name });
      case "add":
        return tf.layers.add({ name });
      default:
        return tf.layers.dense({ name, units: node.units, activation: node.activation });
    }
  };

  return async ({ kind, network, batchSize }) => {
    const { input, nodes, optimizer, logits } = networks[network];
    const inputs = tf.input({ shape: input });
    const model = tf.model({ inputs, outputs: evaluateGraph(nodes, inputs, makeLayer) });
    for (const [name, weights] of readWeights(network)) {
      model.getLayer(name).setWeights(weights.map(({ shape, values }) => tf.tensor(values, shape)));
    }
    const parameters = model.countParams();
    const data = readBatches(network, batchSize);
    if (kind === "predict") {
      const [batch] = data;
      if (batch === undefined) throw new Error("there are no images");
      const predict = async (/** @type {number} */ times) => {
        let outputs = new Float32Array();
        for (let time = 0; time < times; time++) {
          const x = tf.tensor(batch.x, batch.shape);
          const output = model.predictOnBatch(x);
          outputs = await output.data();
          tf.dispose([x, output]);
        }
        return outputs;
      };
      return { parameters, predict, dispose: () => model.dispose() };
    }

    model.compile({
      optimizer: optimizer === "adam" ? tf.train.adam(0.001, 0.9, 0.999, 1e-7) : tf.train.rmsprop(0.001, 0.9, 0, 1e-7),
      // Its sparse loss takes probabilities only; to any other loss, labels must have the output's shape.
      loss: logits ? tf.losses.softmaxCrossEntropy : "sparseCategoricalCrossentropy",
    });
    const batches = endlessly(
      data.map(({ x, y, shape }) => ({
        x,
        shape,
        labels: logits ? oneHot(y) : Float32Array.from(y),
        labelShape: [batchSize, logits ? classCount : 1],
      })),
    );
    const train = async (/** @type {number} */ times) => {
      let sum = 0;
      for (let time = 0; time < times; time++) {
        const { x, shape, labels, labelShape } = batches.next().value;
        const tensors = [tf.tensor(x, shape), tf.tensor(labels, labelShape)];
        sum += await model.trainOnBatch(...tensors);
        tf.dispose(tensors);
      }
      return sum / times;
    };
    return { parameters, train, dispose: () => model.dispose() };
  };
}
