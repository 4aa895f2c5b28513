import { type Device, type DeviceName, type DeviceRequest, openDevice } from "@featuremap/devices";
import { FeaturemapError, UnavailableError } from "@featuremap/tensor";
import { getBackend } from "@tensorflow/tfjs-core";
import { isRunning } from "./run-on-backend.ts";
import { WorkQueue } from "./work-queue.ts";

/** A device that several classifiers may use; it is closed when the last gives it back. */
export interface DeviceLease {
  readonly device: Device;
  readonly release: () => Promise<void>;
}

interface SharedDevice {
  readonly device: Device;
  /** Whether the program opened it before, and will close it. */
  readonly isForeign: boolean;
  /** What was asked for when it was opened or found. */
  readonly request: DeviceRequest;
  users: number;
}

/** Devices opened here and still in use, by backend. Opening one again would take the tensors of those that use it. */
const shared = new Map<string, SharedDevice>();
const openings = new WorkQueue();

const backends: Readonly<Record<DeviceName, string>> = {
  "node-gpu": "tensorflow",
  node: "tensorflow",
  webgpu: "webgpu",
  wasm: "featuremap-wasm",
  cpu: "cpu",
};

const descriptions: Readonly<Record<string, string>> = {
  tensorflow: "TensorFlow",
  webgpu: "WebGPU",
  "featuremap-wasm": "WebAssembly",
  cpu: "JavaScript, 1 thread",
};

/**
 * Opens a device, or shares one that is open already: by another classifier, or by the program itself.
 *
 * `auto` stays with the device that the program has opened, on which the model's weights may be.
 *
 * @throws {InvalidConfigError} there is no such device on this platform.
 * @throws {UnavailableError} the device does not work here.
 */
export function leaseDevice(request: DeviceRequest): Promise<DeviceLease> {
  return openings.add(async () => {
    const before = new Set(Object.values(backends).filter(isRunning));
    const device = (request === "auto" ? await findForAuto() : find(request)) ?? (await openDevice(request));
    const entry = shared.get(device.backend) ?? { device, isForeign: before.has(device.backend), request, users: 0 };
    entry.users++;
    shared.set(device.backend, entry);
    let released = false;
    return {
      device,
      release: () =>
        openings.add(async () => {
          if (released) return;
          released = true;
          if (--entry.users > 0) return;
          shared.delete(device.backend);
          if (!entry.isForeign) await entry.device.dispose();
        }),
    };
  });
}

/** A device of that name that is open already. */
function find(name: DeviceName, reason = "it was asked for"): Device | undefined {
  const backend = backends[name];
  const entry = shared.get(backend);
  if (entry !== undefined) return { ...entry.device, name, reason };
  const description = descriptions[backend] ?? backend;
  return isRunning(backend) ? { name, backend, description, reason, dispose: () => Promise.resolve() } : undefined;
}

async function findForAuto(): Promise<Device | undefined> {
  const current = getBackend();
  const isForeign = shared.get(current)?.isForeign ?? isRunning(current);
  if (isForeign && current !== backends.cpu) return find(nameOf(current), "the program had it open");
  const webgpu = find("webgpu", "the fastest here");
  if (webgpu !== undefined) return webgpu;
  const wasm = shared.get(backends.wasm);
  // What auto found for one classifier it would find again; asking anew would close what that one runs on.
  if (wasm === undefined || wasm.request === "auto") return wasm?.device;
  try {
    return await openDevice("webgpu");
  } catch (error) {
    if (!(error instanceof FeaturemapError)) throw error;
    return { ...wasm.device, reason: error instanceof UnavailableError ? error.message : "it is open already" };
  }
}

function nameOf(backend: string): DeviceName {
  if (backend === backends.wasm) return "wasm";
  return backend === backends.webgpu ? "webgpu" : "node";
}
