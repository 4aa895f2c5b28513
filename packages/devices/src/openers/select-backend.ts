import { UnavailableError } from "@featuremap/tensor";
import { ready, setBackend } from "@tensorflow/tfjs-core";

/** Makes a registered backend the one that tensors go to. @throws {UnavailableError} it does not start. */
export async function selectBackend(name: string): Promise<void> {
  const started = await setBackend(name);
  if (!started) throw new UnavailableError(`${name}: the backend does not start`, "Use another device.");
  await ready();
}
