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
