import { readFile } from "node:fs/promises";
import type { Model } from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";

/** A file that Keras wrote; `tooling/fixtures/formats/keras_models.py` made it. */
export function kerasFile(name: string): Promise<Uint8Array> {
  return readFile(new URL(`../keras/fixtures/${name}`, import.meta.url));
}

/** The same numbers as in the script. */
export function values(shape: readonly number[], step = 0): HostArray<Float32Array> {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, index) => (((index + 1) * 37 + step * 11) % 101) / 101);
  return new HostArray(data, [...shape]);
}

/** What the model makes of them. */
export async function predict(model: Model): Promise<number[]> {
  const output = model.predict(values([2, ...model.inputShape.slice(1).map((length) => length ?? 0)]));
  const data = [...(await output.data())];
  output.dispose();
  return data;
}
