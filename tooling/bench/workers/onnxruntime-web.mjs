// onnxruntime-web on its wasm backend.
import { createRequire } from "node:module";
import { join } from "node:path";
import { networks } from "../networks.mjs";
import { cache, readBatches, serve, threads } from "./protocol.mjs";

/** @import { Work } from "../works.mjs" */

const folder = join(cache, "onnxruntime-web");
const ort = createRequire(join(folder, "package.json"))("onnxruntime-web");
ort.env.wasm.numThreads = threads;

/** @param {Work} work */
async function build({ network, batchSize }) {
  const session = await ort.InferenceSession.create(join(folder, `${network}.onnx`), { executionProviders: ["wasm"] });
  const [batch] = readBatches(network, batchSize);
  if (batch === undefined) throw new Error("there are no images");
  const [height, width, channels] = networks[network].input;
  if (channels !== 1) throw new Error("images of several channels would have to be transposed");
  const predict = async (/** @type {number} */ times) => {
    let probabilities = new Float32Array();
    for (let time = 0; time < times; time++) {
      const x = new ort.Tensor("float32", batch.x, [batchSize, channels, height, width]);
      ({
        probabilities: { data: probabilities },
      } = await session.run({ images: x }));
    }
    return probabilities;
  };
  // The session does not say; the script that wrote the file has counted.
  return { parameters: networks[network].parameters, predict };
}

await serve({ versions: { "onnxruntime-web": ort.env.versions.web }, threads: ort.env.wasm.numThreads, build });
