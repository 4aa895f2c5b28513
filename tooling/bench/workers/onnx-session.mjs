import { join } from "node:path";
import { networks } from "../works/networks.mjs";
import { cache, readBatches } from "./protocol.mjs";

/** @import { Work } from "../works/works.mjs" */
/** @import { PeerModel } from "./protocol.mjs" */

/**
 * The networks as sessions of either onnxruntime.
 *
 * @param {any} ort onnxruntime-web or onnxruntime-node; installed on demand, so without types.
 * @param {object} options Of a session.
 * @returns {(work: Work) => Promise<PeerModel>}
 */
export function onnxBuilder(ort, options) {
  return async ({ network, batchSize }) => {
    const session = await ort.InferenceSession.create(join(cache, "onnx-models", `${network}.onnx`), options);
    const [batch] = readBatches(network, batchSize);
    if (batch === undefined) throw new Error("there are no images");
    const [height, width, channels] = networks[network].input;
    const images = channelsFirst(batch.x, height * width, channels);
    const predict = async (/** @type {number} */ times) => {
      let data = new Float32Array();
      for (let time = 0; time < times; time++) {
        const x = new ort.Tensor("float32", images, [batchSize, channels, height, width]);
        ({
          outputs: { data },
        } = await session.run({ images: x }));
      }
      return data;
    };
    // The session does not say; the script that wrote the file has counted.
    return { parameters: networks[network].parameters, predict };
  };
}

/** Its own layout, made once and not measured. @param {Float32Array} values @param {number} pixels @param {number} channels */
function channelsFirst(values, pixels, channels) {
  const turned = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const [position, channel] = [Math.floor(index / channels), index % channels];
    const [image, pixel] = [Math.floor(position / pixels), position % pixels];
    turned[(image * channels + channel) * pixels + pixel] = values[index] ?? 0;
  }
  return turned;
}
