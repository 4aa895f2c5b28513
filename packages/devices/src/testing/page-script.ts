import { type Device, type DeviceRequest, openDevice } from "@featuremap/devices";
import { matMul, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** What the test sees of a device that was opened in the page. */
export interface PageResult extends Pick<Device, "name" | "backend" | "description" | "reason"> {
  /** `[[1, 2], [3, 4]]` times itself. */
  readonly product: readonly number[];
}

/** Opens a device in the page, computes on it, and gives it back. */
async function multiplyOn(request: DeviceRequest): Promise<PageResult> {
  const device = await openDevice(request);
  const { name, backend, description, reason } = device;
  const result = tidy(() => {
    const matrix = tensor2d([1, 2, 3, 4], [2, 2]);
    return matMul(matrix, matrix);
  });
  const product = [...(await result.data())];
  result.dispose();
  await device.dispose();
  return { name, backend, description, reason, product };
}

Object.assign(globalThis, { multiplyOn });
