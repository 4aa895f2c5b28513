/** Where code runs. */
export type DevicePlatform = "node" | "page";

/** One kind of hardware with the library that drives it. */
export interface DeviceEntry {
  /** Name of the tfjs backend that computes on it. */
  readonly backend: string;
  /** What it is, for people. */
  readonly label: string;
  /** Where it exists, and whether `auto` may take it there or only its name opens it. */
  readonly platforms: { readonly [Platform in DevicePlatform]?: "auto" | "name" };
  /** npm package that the user installs for it; absent where nothing is to be installed. */
  readonly needs?: string;
  /** Whether it computes on as many threads as it is told to. */
  readonly takesThreads: boolean;
  /** Whether its kernels are done when they return, so that each can be timed. */
  readonly isSynchronous: boolean;
}

/** Every device there is, by the name that opens it; the fastest first, which is the order in which `auto` tries them. */
export const devices = {
  "node-gpu": {
    backend: "tensorflow",
    label: "TensorFlow on CUDA",
    platforms: { node: "auto" },
    needs: "@tensorflow/tfjs-node-gpu",
    takesThreads: true,
    isSynchronous: false,
  },
  node: {
    backend: "tensorflow",
    label: "TensorFlow",
    platforms: { node: "name" },
    needs: "@tensorflow/tfjs-node",
    takesThreads: true,
    isSynchronous: true,
  },
  webgpu: {
    backend: "webgpu",
    label: "WebGPU",
    platforms: { page: "auto" },
    takesThreads: false,
    isSynchronous: false,
  },
  wasm: {
    backend: "featuremap-wasm",
    label: "WebAssembly",
    platforms: { node: "auto", page: "auto" },
    takesThreads: true,
    isSynchronous: true,
  },
  cpu: {
    backend: "cpu",
    label: "Plain JavaScript",
    platforms: { node: "name", page: "auto" },
    takesThreads: false,
    isSynchronous: true,
  },
} as const;

const entries: Readonly<Record<string, DeviceEntry>> = Object.freeze(devices);

/** What opens a device. */
export type DeviceName = keyof typeof devices;

/** Names of the devices that a platform has. */
export type DeviceNameOn<Platform extends DevicePlatform> = {
  [Name in DeviceName]: Platform extends keyof (typeof devices)[Name]["platforms"] ? Name : never;
}[DeviceName];

/** Names of the devices that a platform has, or those that `auto` tries there; the fastest first. */
export function deviceNames<Platform extends DevicePlatform>(
  platform: Platform,
  opened?: "auto",
): readonly DeviceNameOn<Platform>[] {
  return Object.keys(entries).filter((name): name is DeviceNameOn<Platform> => {
    const way = entries[name]?.platforms[platform];
    return way !== undefined && (opened === undefined || way === opened);
  });
}

/** The device that a tfjs backend computes on; where several share one, the one that asks the least of the machine. */
export function deviceOfBackend(backend: string): DeviceName | undefined {
  return Object.keys(entries).findLast((name): name is DeviceName => entries[name]?.backend === backend);
}
