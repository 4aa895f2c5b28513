import type { Model } from "@featuremap/layers";
import { FormatError } from "@featuremap/tensor";

/** A weight with numbers that are none to compute with. */
interface NonFiniteWeight {
  readonly name: string;
  /** The first of them. */
  readonly value: number;
}

/** The first weight of a model that holds NaN or an infinite number. */
export async function findNonFinite(model: Model): Promise<NonFiniteWeight | undefined> {
  for (const [name, weight] of model.namedWeights()) {
    const { data } = await weight.read();
    const value = data.find((each) => !Number.isFinite(each));
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/**
 * Refuses to learn from weights after which every loss is NaN, before the learning rate is blamed for it.
 *
 * @param source where they come from
 * @throws {FormatError} a weight holds NaN or an infinite number.
 */
export async function requireFinite(model: Model, source: string): Promise<void> {
  const found = await findNonFinite(model);
  if (found === undefined) return;
  throw new FormatError(source, `weight ${found.name}`, "finite numbers, to start a training from", `${found.value}`);
}
