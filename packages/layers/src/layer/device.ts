import { NotReadyError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Makes sure that tensors can be made: that a backend of TensorFlow.js is registered and ready.
 *
 * Public entries that make the first tensors ask for it, so that nobody meets TensorFlow.js's own "No backend found in
 * registry".
 *
 * @param owner who needs the device, as the error names it
 * @throws {NotReadyError} no device is open.
 */
export function requireDevice(owner: string): void {
  try {
    // Asking sets the registered backend of the highest priority, as the first tensor would; without one it throws.
    void tf.engine().backend;
  } catch {
    throw new NotReadyError(owner, "no device is open", "Call await openDevice() of @featuremap/devices first");
  }
}
