export type { Device, DeviceReason, DeviceRequest, FailedDevice, OpenDeviceOptions } from "./device.ts";
export {
  type DeviceEntry,
  type DeviceName,
  type DeviceNameOn,
  type DevicePlatform,
  deviceNames,
  devices,
} from "./device-table.ts";
export { leaseDevice } from "./lease-device.ts";
export { openDevice } from "./open-device.ts";
export { runOnDevice } from "./run-on-device.ts";

declare global {
  /** As in `@featuremap/operations`: TensorFlow.js 4.22 names the type without importing it. */
  interface Long {
    readonly high: number;
    readonly low: number;
    readonly unsigned: boolean;
  }
}
