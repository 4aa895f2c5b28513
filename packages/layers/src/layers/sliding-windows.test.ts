import {
  HostArray,
  RandomStream,
  averagePool2d,
  convolve1d,
  correlate1d,
  correlate2d,
  maxPool2d,
  rotateFilter,
  sizeOf,
} from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { Layer } from "../layer/layer.ts";
import { deserializeLayer } from "../saving/serialization.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { AveragePooling2D } from "./pooling/average-pooling2d.ts";
import { Conv1D } from "./convolutional/conv1d.ts";
import { Conv2D } from "./convolutional/conv2d.ts";
import { MaxPooling2D } from "./pooling/max-pooling2d.ts";

useBackend(registerGradients);

function noise(shape: readonly number[], seed: number): HostArray<Float32Array> {
  const random = new RandomStream(seed);
  return new HostArray(
    new Float32Array(sizeOf(shape)).map(() => random.uniform(-1, 1)),
    shape,
  );
}

/** What a layer gives for one example, without the batch axis. */
function outputOf(layer: Layer, input: HostArray<Float32Array>, weights: readonly HostArray[] = []): HostArray {
  const output = tf.tidy(() => {
    const batch = tf.tensor(input.data, [1, ...input.shape]);
    layer.build(batch.shape);
    layer.setWeights(weights);
    return layer.call(batch, { training: false });
  });
  const array = new HostArray(Float32Array.from(output.dataSync()), output.shape.slice(1));
  output.dispose();
  layer.dispose();
  return array;
}

function expectEqual(actual: HostArray, expected: HostArray): void {
  expect(actual.shape).toEqual(expected.shape);
  for (const [index, value] of expected.data.entries()) expect(actual.data[index]).toBeCloseTo(value, 5);
}

const paddings = ["valid", "same"] as const;

test.for([
  (padding: "SAME") => new Conv2D({ filters: 1, kernelSize: 3, padding }),
  (padding: "SAME") => new Conv1D({ filters: 1, kernelSize: 3, padding }),
  (padding: "SAME") => new MaxPooling2D({ poolSize: 2, padding }),
])("a padding may be in capitals, as in Keras, also in what Keras wrote: %o", (make) => {
  const config = make("SAME").getConfig();
  expect(config["padding"]).toBe("same");
  const { constructor } = make("SAME");
  const written = { ...config, padding: "SAME" };
  const json = { module: "keras.layers", class_name: constructor.name, config: written, registered_name: null };
  expect(deserializeLayer(json, "test").getConfig()["padding"]).toBe("same");
});
const cases = paddings.flatMap((padding) => [1, 2, 3].map((stride) => ({ padding, stride })));

describe.for(cases)("with padding $padding and stride $stride", ({ padding, stride }) => {
  test("Conv2D is the cross-correlation of the reference", () => {
    const [image, kernel, bias] = [noise([8, 7, 3], 1), noise([3, 2, 3, 4], 2), noise([4], 3)];
    const layer = new Conv2D({ filters: 4, kernelSize: [3, 2], strides: stride, padding });
    expectEqual(
      outputOf(layer, image, [kernel, bias]),
      correlate2d(image, kernel, { stride, padding, bias: [...bias.data] }),
    );
  });

  test("Conv1D is so too, and with the rotated filter it convolves", () => {
    const [sequence, kernel] = [noise([9, 2], 4), noise([4, 2, 3], 5)];
    const make = (): Conv1D => new Conv1D({ filters: 3, kernelSize: 4, strides: stride, padding, useBias: false });
    expectEqual(outputOf(make(), sequence, [kernel]), correlate1d(sequence, kernel, { stride, padding }));
    const rotated = rotateFilter(kernel, 1);
    expectEqual(outputOf(make(), sequence, [rotated]), convolve1d(sequence, kernel, { stride, padding }));
  });

  test("pooling layers pool as the reference does", () => {
    const image = noise([7, 6, 2], 6);
    const window = { poolSize: [3, 2], padding } as const;
    const layers = { strides: stride, ...window };
    expectEqual(outputOf(new MaxPooling2D(layers), image), maxPool2d(image, { stride, ...window }));
    expectEqual(outputOf(new AveragePooling2D(layers), image), averagePool2d(image, { stride, ...window }));
  });
});
