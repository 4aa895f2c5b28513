import { UnavailableError } from "@featuremap/tensor";

/** A device that answers, and what it runs on. */
export interface OpenGpu {
  readonly device: GPUDevice;
  readonly information: GPUAdapterInfo;
}

/** Limits that kernels profit from; the rest stay at WebGPU's defaults, which every adapter has. */
const wantedLimits = [
  "maxBufferSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
] as const;

const remedy = "Use another device, or a browser with WebGPU (chrome://gpu and about:support show its state).";

/**
 * Asks for the fastest adapter and for a device with all that it allows.
 *
 * @param gpu `navigator.gpu`; undefined where the browser has no WebGPU or the page is not a secure context
 * @throws {UnavailableError} there is no WebGPU, no adapter, or the adapter refuses a device.
 */
export async function requestGpu(gpu: GPU | undefined): Promise<OpenGpu> {
  if (gpu === undefined) throw new UnavailableError("WebGPU: navigator.gpu is absent here", remedy);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(refuse("adapter"));
  if (adapter === null) throw new UnavailableError("WebGPU: the browser offers no adapter", remedy);
  const requiredLimits = Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]]));
  const device = await adapter.requestDevice({ requiredLimits }).catch(refuse("device"));
  return { device, information: adapter.info };
}

/** As the browser names it, from the most telling field: "nvidia ampere", "google swiftshader". */
export function describeAdapter({ description, vendor, architecture, device }: GPUAdapterInfo): string {
  const named = [vendor, architecture || device].filter((part) => part !== "").join(" ");
  return description || named || "unnamed adapter";
}

function refuse(what: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(`WebGPU: no ${what} (${reason})`, remedy, { cause });
  };
}
