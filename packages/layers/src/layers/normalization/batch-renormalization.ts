import { type FixedShape, InvalidConfigError, Option, type RandomStream, checkOptions } from "@featuremap/tensor";
import type { RenormClipping } from "@featuremap/operations";
import { type ConfigReader, isRecord } from "../../config/config-reader.ts";
import { Initializer } from "../../parts/initializers/initializer.ts";

const limits = ["rmin", "rmax", "dmax"] as const;

/** Limits of the correction; none by default. */
export function clippingOption(): Option<RenormClipping | null | undefined, RenormClipping | null> {
  return new Option<RenormClipping, RenormClipping>({
    check: requireClipping,
    read: readClipping,
    write: (clipping) => clipping,
  }).orNull();
}

function requireClipping(owner: string, option: string, clipping: RenormClipping): RenormClipping {
  checkOptions(owner, clipping);
  const { rmin, rmax, dmax } = clipping;
  const isKnown = Object.keys(clipping).every((name) => limits.some((limit) => limit === name));
  const isNumbers = limits.every((name) => ["number", "undefined"].includes(typeof clipping[name]));
  const isCrossed = rmin !== undefined && rmax !== undefined && rmax < rmin;
  if (isKnown && isNumbers && !isCrossed && !(dmax !== undefined && dmax < 0)) return clipping;
  const expected = "rmin, rmax of at least rmin, and dmax of at least 0";
  throw new InvalidConfigError(owner, option, expected, clipping);
}

/** Keras saves `null` for a limit that is not given. */
function readClipping(saved: ConfigReader, key: string): RenormClipping {
  const value = saved.take(key);
  if (!isRecord(value)) return saved.fail(key, "an object", value);
  const inner = saved.inner(key, value);
  const found = limits.map((name) => [name, inner.numberOrNull(name) ?? undefined] as const);
  inner.finish();
  return Object.fromEntries(found.filter(([, limit]) => limit !== undefined));
}

/** First values of a deviation: the roots of those of the variance. */
export class RootInitializer extends Initializer {
  static override readonly className: string = "RootInitializer";
  readonly #variance: Initializer;

  constructor(variance: Initializer) {
    super();
    this.#variance = variance;
  }

  override initialize(shape: FixedShape, random: RandomStream): Float32Array {
    return this.#variance.initialize(shape, random).map(Math.sqrt);
  }

  override getConfig(): Record<string, unknown> {
    return {};
  }
}
