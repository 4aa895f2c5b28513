import { registerGradients, requireDevice } from "@featuremap/layers";
import { ready } from "@tensorflow/tfjs-core";

/** Waits for the device, and gives tfjs the gradients of layers. @throws {NotReadyError} no device is open. */
export async function prepare(owner: string): Promise<void> {
  // Without a backend it fails in tfjs's words; requireDevice says what to do.
  await ready().catch(() => {});
  requireDevice(owner);
  registerGradients();
}
