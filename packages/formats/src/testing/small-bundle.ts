import { sha256 } from "@featuremap/files";
import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Dropout, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import { type SaveBundleOptions, encodeBundle } from "../bundle/save-bundle.ts";
import { decodeSafetensors } from "../safetensors/decode-safetensors.ts";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";

export const options: SaveBundleOptions = {
  preprocessing: plainPreprocessing([6, 6], "grayscale", 1 / 255),
  labels: ["circle", "square", "triangle"],
  metrics: { accuracy: 0.75 },
  provenance: { data: "drawn by hand", seed: 7 },
};

export function smallModel(): Sequential {
  return new Sequential(
    [
      new Conv2D({ filters: 2, kernelSize: 3, activation: "relu", inputShape: [6, 6, 1] }),
      new MaxPooling2D(),
      new Flatten(),
      new Dropout({ rate: 0.5 }),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 7 },
  );
}

export type Files = Map<string, Uint8Array>;

export async function filesOf(): Promise<Files> {
  return new Map<string, Uint8Array>(await encodeBundle(smallModel(), options));
}

export function file(files: Files, name: string): Uint8Array {
  return files.get(name) ?? new Uint8Array();
}

/** The bundle with changed `model.json`. */
export function withDocument(files: Files, change: (document: Record<string, unknown>) => object): Files {
  const document: Record<string, unknown> = JSON.parse(new TextDecoder().decode(file(files, "model.json")));
  const text = JSON.stringify({ ...document, ...change(document) });
  return new Map(files).set("model.json", new TextEncoder().encode(text));
}

/** The bundle with other tensors, and the checksum that belongs to them. */
export async function withTensors(files: Files, change: (tensors: Map<string, HostArray>) => void): Promise<Files> {
  const tensors = decodeSafetensors(file(files, "weights.safetensors"), "test");
  change(tensors);
  const weights = encodeSafetensors(tensors);
  const digest = await sha256(weights);
  const entry = { name: "weights", file: "weights.safetensors", sha256: digest };
  return withDocument(files, () => ({ weights: [entry] })).set("weights.safetensors", weights);
}

export function withWeights(files: Files, change: (bytes: Uint8Array) => Uint8Array): Files {
  return new Map(files).set("weights.safetensors", change(file(files, "weights.safetensors")));
}
