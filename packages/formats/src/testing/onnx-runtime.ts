import type { Layer, Model } from "@featuremap/layers";
import { HostArray, RandomStream, type Shape, sizeOf } from "@featuremap/tensor";
import * as ort from "onnxruntime-web/wasm";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** What ONNX Runtime makes of inputs, output by output. */
export async function runOnnx(
  bytes: Uint8Array,
  inputs: readonly HostArray<Float32Array>[],
): Promise<readonly HostArray<Float32Array>[]> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    session.inputNames.map((name, index) => {
      const { data = new Float32Array(), shape = [] } = inputs[index] ?? {};
      return [name, new ort.Tensor("float32", Float32Array.from(data), [...shape])];
    }),
  );
  const results = await session.run(feeds);
  const outputs = session.outputNames.map((name) => {
    const tensor = results[name];
    return new HostArray(Float32Array.from(tensor?.data as Float32Array), [...(tensor?.dims ?? [])]);
  });
  await session.release();
  return outputs;
}

/** Values that differ everywhere, alike in each run. */
export function someValues(shape: readonly number[], seed = 1, scale = 1): HostArray<Float32Array> {
  const random = new RandomStream(seed);
  return new HostArray(
    Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-scale, scale)),
    shape,
  );
}

/** Inputs for a model, of two examples. */
export function someInputs(model: Model, open = 7): readonly HostArray<Float32Array>[] {
  return model.inputs.map(({ shape }: { readonly shape: Shape }, index) =>
    someValues(
      shape.map((length, axis) => length ?? (axis === 0 ? 2 : open)),
      index + 5,
    ),
  );
}

/** Gives every weight values of its own; variances stay above 0. */
export function fillWeights(layer: Layer, seed = 3): void {
  for (const [index, weight] of layer.weights.entries()) {
    const values = someValues(weight.shape, seed + index, 0.5);
    const isVariance = weight.name.includes("variance");
    weight.assign(new HostArray(isVariance ? values.data.map((value) => value + 1) : values.data, values.shape));
  }
}

/** How far two arrays are apart, relative to the largest value. */
export function farthest(a: HostArray<Float32Array>, b: HostArray<Float32Array>): number {
  if (a.shape.join() !== b.shape.join()) return Number.POSITIVE_INFINITY;
  const largest = a.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  const difference = a.data.reduce((most, value, index) => Math.max(most, Math.abs(value - (b.data[index] ?? 0))), 0);
  return difference / largest;
}

/** The same in our own layers. */
export async function predictAll(
  model: Model,
  inputs: readonly HostArray<Float32Array>[],
): Promise<readonly HostArray<Float32Array>[]> {
  const outputs = model.predictAll(inputs);
  const arrays: HostArray<Float32Array>[] = [];
  for (const output of outputs) {
    arrays.push(new HostArray(Float32Array.from(await output.data()), output.shape));
    output.dispose();
  }
  return arrays;
}
