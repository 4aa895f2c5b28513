export type { Device, DeviceName, DeviceRequest, FailedDevice, OpenDeviceOptions } from "./device.ts";
export { openDevice } from "./open-device.ts";
