import { findBackend } from "@tensorflow/tfjs-core";

import { registerFilterGradient } from "../backend-cpu/filter-gradient.ts";
import type { OpenedBackend } from "../device.ts";
import { devices } from "../device-table.ts";
import { selectBackend } from "./select-backend.ts";

/** tfjs's plain JavaScript backend: slow, exact, everywhere; a reference. Only the filter's gradient is ours. */
export async function openCpu(): Promise<OpenedBackend> {
  await import("@tensorflow/tfjs-backend-cpu");
  registerFilterGradient();
  const { backend } = devices.cpu;
  await selectBackend(backend);
  // Else its first tensor in Node prints an advertisement for tfjs-node.
  Reflect.set(findBackend(backend), "firstUse", false);
  return { description: "JavaScript, 1 thread", threads: 1, async dispose() {} };
}
