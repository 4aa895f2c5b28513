import { type BundleFiles, encodeBundle } from "@featuremap/formats";
import { Dense, Flatten, Sequential, type DenseConfig } from "@featuremap/layers";
import { type Pixels, plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";

/** A model that gives the bytes of a 2 x 2 grey picture, times a factor, as its four outputs. */
export function copyingModel(
  activation: DenseConfig["activation"] = "linear",
  factor = 1,
  batch: number | null = null,
): Sequential {
  const model = new Sequential([
    new Flatten({ batchInputShape: [batch, 2, 2, 1] }),
    new Dense({ units: 4, activation, useBias: false }),
  ]);
  const kernel = Float32Array.from({ length: 16 }, (_, index) => (index % 5 === 0 ? factor : 0));
  model
    .namedWeights()
    .get("dense/kernel")
    ?.assign(new HostArray(kernel, [4, 4]));
  return model;
}

export const copyingLabels: readonly string[] = ["north-west", "north-east", "south-west", "south-east"];

/** A bundle of {@link copyingModel}: the brightest pixel says the class. */
export function copyingBundle(model: Sequential = copyingModel()): Promise<BundleFiles> {
  return encodeBundle(model, { preprocessing: plainPreprocessing([2, 2], "grayscale"), labels: copyingLabels });
}

/** A 2 x 2 grey picture. */
export function picture(...bytes: readonly number[]): Pixels {
  return { data: Uint8Array.from(bytes), width: 2, height: 2 };
}
