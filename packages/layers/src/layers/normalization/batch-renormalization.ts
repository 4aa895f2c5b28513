import { type FixedShape, InvalidConfigError, type RandomStream, checkOptions } from "@featuremap/tensor";
import { type ConfigReader, isRecord } from "../../config/config-reader.ts";
import { Initializer } from "../../parts/initializers/initializer.ts";
import type { RenormClipping } from "@featuremap/operations";

const limits = ["rmax", "rmin", "dmax"] as const;

/** @throws {InvalidConfigError} a limit has another name, or no value can keep to all of them. */
export function requireClipping(owner: string, clipping: RenormClipping): RenormClipping {
  checkOptions(owner, clipping);
  const unknown = Object.keys(clipping).find((name) => !limits.some((limit) => limit === name));
  const { rmin, rmax, dmax } = clipping;
  const crossed = rmin !== undefined && rmax !== undefined && rmax < rmin;
  const isNumbers = limits.every((name) => ["number", "undefined"].includes(typeof clipping[name]));
  if (!isNumbers || unknown !== undefined || crossed || (dmax !== undefined && dmax < 0)) {
    const expected = "rmin, rmax of at least rmin, and dmax of at least 0";
    throw new InvalidConfigError(owner, "renormClipping", expected, clipping);
  }
  return clipping;
}

/** The limits in Keras's config; `null` where it has none. */
export function readClipping(reader: ConfigReader): RenormClipping | null | undefined {
  const value = reader.take("renorm_clipping");
  if (value === undefined || value === null) return value;
  if (!isRecord(value)) return reader.fail("renorm_clipping", "an object", value);
  const inner = reader.inner("renorm_clipping", value);
  const read = (name: (typeof limits)[number]): RenormClipping => {
    const limit = inner.numberOrNull(name);
    return limit === undefined || limit === null ? {} : { [name]: limit };
  };
  const clipping = { ...read("rmin"), ...read("rmax"), ...read("dmax") };
  inner.finish();
  return clipping;
}

/** First values of a deviation: the roots of those of the variance. */
export class RootInitializer extends Initializer {
  static override readonly className = "RootInitializer";
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
