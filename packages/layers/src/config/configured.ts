import { type AnyOptions, type Settled, checkOptions, settleOptions, writeOptions } from "@featuremap/tensor";

/** An object that is made of options, and saved in Keras's own keys and values. */
export abstract class Configured {
  /** Keras's class name; part of saved models. */
  static readonly className: string = "";
  /** The options that the class takes; others are refused. A class that does not declare them takes any. */
  static readonly options?: Readonly<Record<string, unknown>>;
  readonly #config: object;
  /** The options that subclasses declare, and their values; those of the last class first, as Keras has them. */
  readonly #settled: (readonly [AnyOptions, object])[] = [];

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: object) {
    // What a subclass adds is not in the list that it inherits.
    const { className, options } = this.constructor as typeof Configured;
    checkOptions(className, config, Object.hasOwn(this.constructor, "options") ? options : undefined);
    this.#config = config;
  }

  get className(): string {
    return (this.constructor as typeof Configured).className;
  }

  /** The values of declared options, which {@link getConfig} writes then. @throws {InvalidConfigError} one is not what it may be. */
  protected settle<Declared extends AnyOptions>(options: Declared): Settled<Declared> {
    const values = settleOptions(this.className, this.#config, options);
    this.#settled.unshift([options, values]);
    return values;
  }

  /** Keras's own keys and values: what makes an equal object again. */
  getConfig(): Record<string, unknown> {
    return Object.fromEntries(
      this.#settled.flatMap(([options, values]) => Object.entries(writeOptions(options, values))),
    );
  }
}
