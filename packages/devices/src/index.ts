export type { Device, DeviceName, DeviceRequest, OpenDeviceOptions } from "./device.ts";
export { openDevice } from "./open-device.ts";
