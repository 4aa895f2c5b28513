import { deserializeModel, registerKerasSerializable } from "@featuremap/layers";
import type { NumberArray } from "@featuremap/testing/closeness";
import * as tf from "@tensorflow/tfjs-core";
import { LearnedScaling } from "@featuremap/layers/~internal/testing/learned-scaling";
import { type ExpectedArray, expectedEach, gradientsOf, hostArrayOf, read, tensorOf } from "./arrays.ts";

/** What Keras gave for a whole graph of layers. */
export interface GoldenGraph {
  /** Keras's JSON. */
  readonly json: string;
  readonly weights: readonly NumberArray[];
  readonly inputs: readonly NumberArray[];
  readonly outputs: readonly NumberArray[];
  /** The loss is the sum of `sum(output * upstream)` over the outputs. */
  readonly upstream?: readonly NumberArray[];
  /** Of the weights that train. */
  readonly gradients?: readonly NumberArray[];
}

export function expectedOfGraph({ outputs, gradients = [] }: GoldenGraph): ExpectedArray[] {
  return [...expectedEach("output", outputs), ...expectedEach("gradient of weight", gradients)];
}

export async function measureGraph({ json, weights, inputs, upstream }: GoldenGraph): Promise<NumberArray[]> {
  registerKerasSerializable(LearnedScaling, { package: "garden", name: "Scaling" });
  const model = deserializeModel(JSON.parse(json));
  model.setWeights(weights.map(hostArrayOf));
  const arrays = await read(() => {
    const tensors = inputs.map(tensorOf);
    const outputs = model.predictAll(tensors);
    if (upstream === undefined) return outputs;
    const slopes = upstream.map(tensorOf);
    const loss = (): tf.Scalar =>
      tf.addN(
        model
          .callAll(tensors, { training: true })
          .map((output, index) => tf.sum(tf.mul(output, slopes[index] ?? Number.NaN))),
      );
    return [
      ...outputs,
      ...gradientsOf(
        loss,
        model.trainableWeights.map(({ variable }) => variable),
      ),
    ];
  });
  model.dispose();
  return arrays;
}
