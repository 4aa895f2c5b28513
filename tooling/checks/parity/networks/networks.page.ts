import { openDevice } from "@featuremap/devices";
import { memory } from "@tensorflow/tfjs-core";
import { type NetworkNumbers, networks } from "./networks.ts";

let opened: Promise<unknown> | undefined;

/** Trains a network on WebGPU, and tells how many tensors are left of it. */
async function trainNetwork(name: string): Promise<NetworkNumbers & { readonly leaked: number }> {
  await (opened ??= openDevice("webgpu"));
  const before = memory().numTensors;
  const network = networks.find((entry) => entry.name === name);
  if (!network) throw new Error(`there is no network ${name}`);
  const numbers = await network.train();
  return { ...numbers, leaked: memory().numTensors - before };
}

Object.assign(globalThis, { trainNetwork });
