import { type Device, type DeviceRequest, openDevice } from "@featuremap/devices";
import type { ModelBundle } from "@featuremap/formats";
import { readBundle } from "./read-bundle.ts";

/** A bundle and the device that its model runs on. */
export interface OpenBundle {
  readonly bundle: ModelBundle;
  readonly device: Device;
  /** Frees the weights and the device. */
  readonly close: () => Promise<void>;
}

/** Where to open a bundle. */
export interface OpenBundleOptions {
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
}

/**
 * Reads a bundle and opens a device for it.
 *
 * @param location folder, `model.json` or http address
 * @throws {UnavailableError} no bundle is there, or the device does not work here.
 * @throws {FormatError} the bundle is damaged.
 */
export async function openBundle(location: string, options: OpenBundleOptions = {}): Promise<OpenBundle> {
  const { device: request = "auto", threads } = options;
  const bundle = await readBundle(location);
  const device = await openDevice(request, threads === undefined ? {} : { threads });
  return {
    bundle,
    device,
    async close() {
      bundle.model.dispose();
      await device.dispose();
    },
  };
}
