import { DeviceFailureError, DeviceLostError } from "@featuremap/tensor";

type DeviceError = DeviceFailureError | DeviceLostError;

const usualRemedy = "Run it again, or with another --device: featuremap doctor lists them.";

export function isDeviceError(error: unknown): error is DeviceError {
  return error instanceof DeviceFailureError || error instanceof DeviceLostError;
}

/**
 * What to throw in place of an error of a device: the same, with what somebody can do who types commands, in place of what
 * a program could. Other errors, and those that were explained before, stay as they are.
 */
export function explainDevice(error: unknown, remedy: string = usualRemedy): unknown {
  if (!isDeviceError(error) || isDeviceError(error.cause)) return error;
  const Kind = error instanceof DeviceLostError ? DeviceLostError : DeviceFailureError;
  return new Kind(error.what, remedy, { cause: error });
}
