/** Hardware and the library that drives it. */
export type DeviceName = "node-gpu" | "node" | "webgpu" | "wasm" | "cpu";

/** What a caller may ask for; `auto` takes the fastest that works here. */
export type DeviceRequest = "auto" | DeviceName;

/** How to open a device. */
export interface OpenDeviceOptions {
  /** Threads of `wasm` (at most 64), `node` and `node-gpu` (at most 1024); without it, as many as there are cores. */
  readonly threads?: number;
}

/** A device that `auto` would have taken before the one that is open, and did not. */
export interface FailedDevice {
  readonly name: DeviceName;
  /** What was wrong, and what would help. */
  readonly problem: string;
  /** Whether it is there to be used; what is not installed is no fault. */
  readonly installed: boolean;
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
  /** Why this device and not another, for people: "the fastest here", or what was wrong with those before it. */
  readonly reason: string;
  /** What `auto` has tried before it, those that are not installed too; absent where the device was asked for. */
  readonly tried?: readonly FailedDevice[];
  /** Gives the hardware back: ends worker threads, frees GPU memory. Tensors on it are gone. */
  dispose(): Promise<void>;
}

/** What one opener gives; name and reason are added by whoever chose it. */
export type OpenedBackend = Pick<Device, "backend" | "description" | "threads" | "binary" | "dispose">;

/** Opens one kind of device, and makes it the backend of tfjs-core. */
export type Opener = (options: OpenDeviceOptions) => Promise<OpenedBackend>;
