import { classCount, networks } from "../networks.mjs";
import { endlessly, readBatches, readWeights } from "./protocol.mjs";

/** @import { LayerDescription } from "../networks.mjs" */
/** @import { Work } from "../works.mjs" */
/** @import { PeerModel } from "./protocol.mjs" */

/**
 * The networks in TensorFlow.js's own layers, on whatever backend is set.
 *
 * @param {any} tf tfjs-core and tfjs-layers in one object; installed on demand, so without types.
 * @returns {(work: Work) => Promise<PeerModel>}
 */
export function tfjsBuilder(tf) {
  /** @param {LayerDescription} layer */
  const makeLayer = (layer) => {
    switch (layer.kind) {
      case "convolution":
        return tf.layers.conv2d({ filters: layer.filters, kernelSize: 3, activation: "relu" });
      case "pooling":
        return tf.layers.maxPooling2d({ poolSize: 2 });
      case "flatten":
        return tf.layers.flatten();
      default:
        return tf.layers.dense({ units: layer.units, activation: layer.activation });
    }
  };

  return async ({ kind, network, batchSize }) => {
    const { input, layers, optimizer, logits } = networks[network];
    const inputs = tf.input({ shape: input });
    const model = tf.model({ inputs, outputs: layers.reduce((x, layer) => makeLayer(layer).apply(x), inputs) });
    model.setWeights(readWeights(network).map(({ shape, values }) => tf.tensor(values, shape)));
    const parameters = model.countParams();
    const data = readBatches(network, batchSize);
    if (kind === "predict") {
      const [batch] = data;
      if (batch === undefined) throw new Error("there are no images");
      const predict = async (/** @type {number} */ times) => {
        let probabilities = new Float32Array();
        for (let time = 0; time < times; time++) {
          const x = tf.tensor(batch.x, batch.shape);
          const output = model.predictOnBatch(x);
          probabilities = await output.data();
          tf.dispose([x, output]);
        }
        return probabilities;
      };
      return { parameters, predict };
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
    return { parameters, train };
  };
}

/** @param {Int32Array} labels */
function oneHot(labels) {
  const rows = new Float32Array(labels.length * classCount);
  for (const [index, label] of labels.entries()) rows[index * classCount + label] = 1;
  return rows;
}
