import type { BatchSource } from "@featuremap/datasets";
import { registerGradients } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import { ready } from "@tensorflow/tfjs-core";
import type { PerName } from "../data/by-name.ts";

/** Waits for the device, and gives tfjs the gradients of layers. */
export async function prepare(): Promise<void> {
  await ready();
  registerGradients();
}

/** Tells batches from arrays. */
export function isSource(data: PerName<HostArray> | BatchSource): data is BatchSource {
  return typeof data === "object" && data !== null && "batches" in data && typeof data.batches === "function";
}
