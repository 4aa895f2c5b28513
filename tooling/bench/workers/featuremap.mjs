// Our side: the built packages, through their public API.
import { registerWasmBackend } from "@featuremap/backend-wasm";
import { HostArray } from "@featuremap/tensor";
import { Adam, RMSprop, SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import * as tf from "@tensorflow/tfjs-core";
import { networks } from "../works/networks.mjs";
import { buildModel } from "./featuremap-model.mjs";
import { endlessly, readBatches, readWeights, serve, threads } from "./protocol.mjs";

/** @import { Work } from "../works/works.mjs" */

/** @param {Work} work */
async function build({ kind, network, batchSize }) {
  const model = buildModel(network);
  for (const [name, weights] of readWeights(network)) {
    model.getLayer(name).setWeights(weights.map(({ shape, values }) => new HostArray(values, shape)));
  }
  const parameters = model.countParams();
  const data = readBatches(network, batchSize);
  if (kind === "predict") {
    const [batch] = data;
    if (batch === undefined) throw new Error("there are no images");
    const predict = async (/** @type {number} */ times) => {
      let outputs = new Float32Array();
      for (let time = 0; time < times; time++) {
        const input = tf.tensor(batch.x, batch.shape);
        const output = model.predict(input);
        outputs = /** @type {Float32Array<ArrayBuffer>} */ (await output.data());
        tf.dispose([input, output]);
      }
      return outputs;
    };
    return { parameters, predict, dispose: () => model.dispose() };
  }

  const { optimizer, logits } = networks[network];
  const trainer = new Trainer(model, {
    optimizer: optimizer === "adam" ? new Adam() : new RMSprop(),
    loss: new SparseCategoricalCrossentropy({ fromLogits: logits }),
  });
  const batches = endlessly(
    data.map(({ shape, x, y }) => ({ x: new HostArray(x, shape), y: new HostArray(y, [batchSize]), size: batchSize })),
  );
  const train = async (/** @type {number} */ times) => {
    const source = {
      size: times * batchSize,
      batchSize,
      batchCount: times,
      *batches() {
        for (let time = 0; time < times; time++) yield batches.next().value;
      },
    };
    const { history } = await trainer.fit(source, { epochs: 1 });
    return history["loss"]?.[0] ?? Number.NaN;
  };
  const dispose = () => {
    trainer.dispose();
    model.dispose();
  };
  return { parameters, train, dispose };
}

const info = await registerWasmBackend({ threads });
await tf.setBackend(info.name);
await tf.ready();
await serve({ versions: { node: process.versions.node, simd: info.simd }, threads: info.threads, build });
