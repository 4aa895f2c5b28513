import { findBackend } from "@tensorflow/tfjs-core";

import type { OpenedBackend } from "../device.ts";
import { devices } from "../device-table.ts";
import { selectBackend } from "./select-backend.ts";

/** tfjs's plain JavaScript backend: slow, exact, everywhere; a reference. Only the filter's gradient is ours. */
export async function openCpu(): Promise<OpenedBackend> {
  await import("@tensorflow/tfjs-backend-cpu");
  // Loaded here, for most pages never open this device.
  const { registerFilterGradient } = await import("../backend-cpu/filter-gradient.ts");
  registerFilterGradient();
  const { backend } = devices.cpu;
  await selectBackend(backend);
  // Else its first tensor in Node prints an advertisement for tfjs-node.
  Reflect.set(findBackend(backend), "firstUse", false);
  return { description: "JavaScript, 1 thread", threads: 1, async dispose() {} };
}
