import { readFile } from "node:fs/promises";
import type { Model } from "@featuremap/layers";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** A network of PyTorch: its state as safetensors, an input with channels last, and what it gives there. */
export interface PyTorchCase {
  readonly file: Uint8Array;
  readonly input: { readonly shape: number[]; readonly values: number[] };
  readonly output: { readonly values: number[] };
}

/** The networks of `tooling/fixtures/formats/pytorch.py`. */
export const pytorchCases: Readonly<Record<"classifier" | "widening" | "rows" | "volumes", PyTorchCase>> = JSON.parse(
  await readFile(new URL("../pytorch/pytorch.golden.json", import.meta.url), "utf8"),
  (key, value: unknown) => (key === "file" ? new Uint8Array(Buffer.from(String(value), "base64")) : value),
);

/** Its input, which the caller owns. */
export function inputOf({ input }: PyTorchCase): Tensor {
  return tensor(input.values, input.shape);
}

/** How far what a model predicts is from what PyTorch does, at most. @param input is disposed */
export function furthest(model: Model, example: PyTorchCase, input: Tensor = inputOf(example)): number {
  const answer = model.predict(input);
  const values = answer.dataSync();
  answer.dispose();
  input.dispose();
  const distances = example.output.values.map((value, index) => Math.abs(value - (values[index] ?? Number.NaN)));
  return Math.max(...distances);
}
