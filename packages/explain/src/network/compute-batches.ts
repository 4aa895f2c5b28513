import type { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type Pace, batchesOf } from "../input/pace.ts";
import type { ImageSet } from "../input/read-images.ts";
import { readArrays } from "../read-arrays.ts";
import { isChannelsFirst } from "./layer-kinds.ts";
import { type Network, stepsBetween } from "./network.ts";
import { requireValue, runSteps } from "./run-steps.ts";

/** Values of a network for some of the images. */
interface ComputedBatch {
  /** In the order of what was asked for; images with their channels last. */
  readonly arrays: readonly HostArray<Float32Array>[];
  /** Number of images that are done. */
  readonly to: number;
}

/** Computes values of a network batch by batch. @throws {AbortedError} the caller asked to stop. */
export async function* computeBatches(
  network: Network,
  set: ImageSet,
  wanted: readonly number[],
  pace: Pace,
): AsyncGenerator<ComputedBatch> {
  const steps = stepsBetween(network.steps, network.inputs, wanted);
  const turned = new Set(wanted.filter((value) => isChannelsFirst(network, value)));
  for (const [from, to] of batchesOf(set.count, pace.batchSize)) {
    pace.check();
    const tensors = tf.tidy(() => {
      const values = set.values(from, to);
      runSteps(steps, values, wanted);
      return wanted.map((value) => {
        const tensor = requireValue(values, value);
        // A clone is the caller's, whoever else has the tensor: an input that is passed on, a value asked for twice.
        return turned.has(value) ? channelsLast(tensor) : tf.clone(tensor);
      });
    });
    yield { arrays: await readArrays(tensors), to };
  }
}

/** Of images whose channels are first; what is not an image stays as it is. */
export function channelsLast(images: tf.Tensor): tf.Tensor {
  return images.rank === 4 ? tf.transpose(images, [0, 2, 3, 1]) : tf.clone(images);
}
