import { InvalidConfigError } from "@featuremap/tensor";

/** @throws {InvalidConfigError} they are not numbers of 0 or more by the path of a weight. */
export function checkRateFactors(owner: string, factors: unknown): ReadonlyMap<string, number> {
  if (!(factors instanceof Map)) throw new InvalidConfigError(owner, "factors", "a Map of numbers by path", factors);
  for (const [path, factor] of factors) {
    if (typeof path === "string" && typeof factor === "number" && factor >= 0 && Number.isFinite(factor)) continue;
    throw new InvalidConfigError(owner, `factor of ${String(path)}`, "a number of 0 or more", factor);
  }
  return new Map(factors);
}

/** Weights by what their learning rate is multiplied by, in their order. */
export function byRate<Weight extends { readonly name: string | undefined }>(
  weights: readonly Weight[],
  factors: ReadonlyMap<string, number>,
): Iterable<readonly [factor: number, weights: readonly Weight[]]> {
  if (factors.size === 0) return [[1, weights]];
  const groups = new Map<number, Weight[]>();
  for (const weight of weights) {
    const factor = factors.get(weight.name ?? "") ?? 1;
    const group = groups.get(factor);
    if (group === undefined) groups.set(factor, [weight]);
    else group.push(weight);
  }
  return groups;
}
