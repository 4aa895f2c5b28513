import type { Model } from "@featuremap/layers";
import { AbortedError, FormatError } from "@featuremap/tensor";
import type { WeightsOptions } from "./backbone.ts";

/**
 * Gives a model the weights of Keras's file. What reads such files is loaded when it is needed.
 *
 * @throws {AbortedError} the signal was raised, before or meanwhile.
 */
export async function loadWeights(
  model: Model,
  weights: NonNullable<WeightsOptions["weights"]>,
  { signal, onProgress, limits }: Pick<WeightsOptions, "signal" | "onProgress" | "limits">,
): Promise<void> {
  const { loadKerasWeights } = await import("@featuremap/formats/keras");
  throwIfAborted(model.name, signal);
  const bounds = limits ?? (isAddress(weights) ? { weightsBytes: mostBytes(model) } : undefined);
  await loadKerasWeights(model, weights, { signal, onProgress, limits: bounds });
  throwIfAborted(model.name, signal);
}

/** The same with a file that was found, which may be another in spite of its name, where no hash tells. */
export async function loadPublished(
  model: Model,
  found: string | URL | Uint8Array | Blob,
  options: Pick<WeightsOptions, "signal">,
): Promise<void> {
  try {
    await loadWeights(model, found, options);
  } catch (error) {
    if (!(error instanceof FormatError) || typeof found !== "string") throw error;
    const expected = `weights of ${model.name} (remove it to download it anew)`;
    throw new FormatError(found, "the file", expected, `another: ${error.message}`);
  }
}

/** @throws {AbortedError} the signal was raised. */
export function throwIfAborted(name: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError(`Loading weights of ${name} was stopped.`, { cause: signal.reason });
}

function isAddress(weights: unknown): boolean {
  return (typeof weights === "string" || weights instanceof URL) && /^https?:/i.test(String(weights));
}

/**
 * Of a file for this model: a server that sends without end would fill the memory before the usual limit. Weights in float32 with
 * Adam's two moments are three times four bytes for each, and names and structure take little.
 */
function mostBytes(model: Model): number {
  return Math.min(2 ** 31 - 1, 16 * model.countParams() + 2 ** 26);
}
