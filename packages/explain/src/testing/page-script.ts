import { openDevice } from "@featuremap/devices";
import type { HostArray } from "@featuremap/tensor";
import { firstDifference } from "@featuremap/testing/closeness";
import { webgpuTolerances } from "@featuremap/testing/tolerances";
import { memory } from "@tensorflow/tfjs-core";
import { type GradCamMethod, embeddings, featureMaps, gradCam, occlusion, saliency } from "../index.ts";
import { type GoldenArray, goldenNetworks, hostArrayOf, modelOf } from "./golden-networks.ts";

/** What the test sees of looking at models in the page. */
export interface PageExplanations {
  /** Where numbers differ from Keras's. */
  readonly differences: readonly string[];
  /** Numbers that were compared. */
  readonly compared: number;
  /** Tensors that are left after all were to be disposed. */
  readonly leaked: number;
}

/** Sees in the golden networks on WebGPU what the tests in Node see. */
async function explainOnWebgpu(): Promise<PageExplanations> {
  const device = await openDevice("webgpu");
  const before = memory().numTensors;
  const differences: string[] = [];
  let compared = 0;
  const compare = (what: string, { shape, data }: HostArray, expected: GoldenArray): void => {
    compared += data.length;
    const difference = firstDifference({ shape, values: data }, expected, webgpuTolerances.steps);
    if (difference !== undefined) differences.push(`${what}: ${difference}`);
  };
  for (const network of goldenNetworks) {
    const { name } = network;
    const model = modelOf(network);
    const images = hostArrayOf(network.images);
    for (const cam of network.cams) {
      const classIndex = typeof cam.classIndex === "number" ? cam.classIndex : undefined;
      const found = await gradCam(model, images, { layer: cam.layer, method: cam.method as GradCamMethod, classIndex });
      compare(`${name} ${cam.layer} ${cam.method}`, found.maps, cam.maps);
      if (cam.heatmaps !== undefined) compare(`${name} ${cam.layer} enlarged`, found.heatmaps, cam.heatmaps);
    }
    compare(`${name} saliency`, (await saliency(model, images)).maps, network.saliency);
    for (const [index, { maps }] of (await featureMaps(model, images)).entries()) {
      const expected = network.featureMaps[index];
      if (expected !== undefined) compare(`${name} ${expected.layer}`, maps, expected.maps);
    }
    const { options, scores } = network.occlusion;
    compare(`${name} occlusion`, (await occlusion(model, images.slice(0, 1), options)).scores, scores);
    await embeddings(model, images);
    model.dispose();
  }
  const leaked = memory().numTensors - before;
  await device.dispose();
  return { differences, compared, leaked };
}

Object.assign(globalThis, { explainOnWebgpu });
