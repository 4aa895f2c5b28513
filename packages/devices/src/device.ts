import type { DeviceName } from "./device-table.ts";

/** What a caller may ask for; `auto` takes the fastest that works here. */
export type DeviceRequest = "auto" | DeviceName;

/** How to open a device. */
export interface OpenDeviceOptions {
  /** Threads of a device that takes them: `wasm` at most 64, TensorFlow at most 1024; by default as many as there are cores. */
  readonly threads?: number;
}

/** A device that `auto` would have taken before the one that is open, and did not. */
export interface FailedDevice {
  readonly name: DeviceName;
  /** What was wrong, and what would help. */
  readonly problem: string;
  /** Whether it is there to be used; what is not installed is not a fault. */
  readonly installed: boolean;
}

/** Why this device and not another. */
export interface DeviceReason {
  /**
   * `asked`: its name was given. `auto` took it for the other three: it is the `fastest` here; a `fallback`, because faster ones
   * failed; `open` already, because the program computes on it.
   */
  readonly kind: "asked" | "fastest" | "fallback" | "open";
  /** The same for people: "the fastest here", or what was wrong with those before it. */
  readonly text: string;
}

/** Hardware that is open: the tfjs backend that every tensor now goes to. */
export interface Device {
  readonly name: DeviceName;
  /** Name of the tfjs backend, as the table `devices` has it. */
  readonly backend: string;
  /** What runs, for people: "WebAssembly, 2 threads, relaxed SIMD". */
  readonly description: string;
  /** Threads that compute; absent where the device does not say. */
  readonly threads?: number;
  /** Which of the wasm engine's binaries runs; absent on other devices. */
  readonly binary?: string;
  readonly reason: DeviceReason;
  /** What `auto` has tried before it, those that are not installed too; absent where the device was asked for. */
  readonly tried?: readonly FailedDevice[];
  /**
   * Gives the hardware back. When the last has done so that opened or leased it, worker threads end, GPU memory is freed and
   * tensors on it are gone.
   */
  dispose(): Promise<void>;
}

/** What one opener gives; whoever chose it adds the rest. */
export type OpenedBackend = Pick<Device, "description" | "threads" | "binary" | "dispose">;

/** Opens one kind of device, and makes it the backend of tfjs-core. */
export type Opener = (options: OpenDeviceOptions) => Promise<OpenedBackend>;
