import { UnavailableError } from "@featuremap/tensor";
import { findBackend } from "@tensorflow/tfjs-core";

import type { OpenDeviceOptions, OpenedBackend } from "../device.ts";
import { devices } from "../device-table.ts";
import { loadTensorflowNode } from "./load-tensorflow-node.ts";
import { selectBackend } from "./select-backend.ts";

/**
 * libtensorflow through the user's own tfjs-node: on CUDA (`node-gpu`) or on the cores (`node`).
 *
 * @throws {UnavailableError} the package is not installed or does not load; for `node-gpu`, it finds no GPU.
 */
export async function openTensorflowNode(
  device: "node" | "node-gpu",
  { threads }: OpenDeviceOptions,
): Promise<OpenedBackend> {
  // TensorFlow reads these when it starts; its chatter about instruction sets is not a news to the user.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "1";
  if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);
  const { backend, needs: name } = devices[device];
  const version = loadTensorflowNode(name);
  await selectBackend(backend);
  const onGpu = (findBackend(backend) as { readonly isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
  if (device === "node-gpu" && !onGpu) {
    throw new UnavailableError(
      `${name} ${version} finds no CUDA GPU`,
      "TF_CPP_MIN_LOG_LEVEL=0 in the environment makes TensorFlow say why.",
    );
  }
  return {
    description: `TensorFlow through ${name} ${version}, ${onGpu ? "CUDA GPU" : "CPU"}`,
    ...(threads !== undefined && { threads }),
    // libtensorflow cannot be unloaded, and holds no thread that keeps the process alive.
    async dispose() {},
  };
}
