import { type AnyOptions, type Settled, checkOptions, settleOptions } from "@featuremap/tensor";

/** A class that declares its options, of which nothing is saved. */
interface DeclaringClass<Declared extends AnyOptions> {
  readonly className: string;
  readonly options: Declared;
}

/** The values of a class's options. @throws {InvalidConfigError} one is unknown, or not what it may be. */
export function settleConfig<Declared extends AnyOptions>(
  { className, options }: DeclaringClass<Declared>,
  config: object,
): Settled<Declared> {
  checkOptions(className, config, options);
  return settleOptions(className, config, options);
}
