/** Hardware and the library that drives it. */
export type DeviceName = "node-gpu" | "node" | "webgpu" | "wasm" | "cpu";

/** What a caller may ask for; `auto` takes the fastest that works here. */
export type DeviceRequest = "auto" | DeviceName;

/** How to open a device. */
export interface OpenDeviceOptions {
  /** Threads of `wasm`, `node` and `node-gpu`, 1 or more; without it, as many as there are cores. */
  readonly threads?: number;
}

/** Hardware that is open: the tfjs backend that every tensor now goes to. */
export interface Device {
  readonly name: DeviceName;
  /** Name of the tfjs backend: "tensorflow", "webgpu", "featuremap-wasm" or "cpu". */
  readonly backend: string;
  /** What runs, for people: "WebAssembly, 2 threads, relaxed SIMD". */
  readonly description: string;
  /** Threads that compute; absent where the device does not say. */
  readonly threads?: number;
  /** Which of the wasm engine's binaries runs; absent on other devices. */
  readonly binary?: string;
  /** Why this device and not another; names each that was tried before it, and what was wrong with it. */
  readonly reason: string;
  /** Gives the hardware back: ends worker threads, frees GPU memory. Tensors on it are gone. */
  dispose(): Promise<void>;
}

/** What one opener gives; name and reason are added by whoever chose it. */
export type OpenedBackend = Pick<Device, "backend" | "description" | "threads" | "binary" | "dispose">;

/** Opens one kind of device, and makes it the backend of tfjs-core. */
export type Opener = (options: OpenDeviceOptions) => Promise<OpenedBackend>;
