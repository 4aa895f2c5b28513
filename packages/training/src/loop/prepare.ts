import { registerGradients } from "@featuremap/layers";
import { ready } from "@tensorflow/tfjs-core";

/** Waits for the device, and gives tfjs the gradients of layers. */
export async function prepare(): Promise<void> {
  await ready();
  registerGradients();
}
