import type { ModelBundle } from "@featuremap/formats";
import { readBundle } from "../../models/read-bundle.ts";

/** What a bundle holds. */
export interface BundleSummary extends Omit<ModelBundle, "model"> {
  readonly name: string;
  /** The layers with shapes and weight counts, laid out as Keras does. */
  readonly text: string;
  readonly parameters: number;
}

/**
 * Says what is in a bundle.
 *
 * @throws {UnavailableError} no bundle is there.
 * @throws {FormatError} it is damaged.
 */
export async function summary({ bundle: location }: { readonly bundle: string }): Promise<BundleSummary> {
  const { model, ...rest } = await readBundle(location);
  const result = { name: model.name, text: model.summary(), parameters: model.countParams(), ...rest };
  model.dispose();
  return result;
}
