import {
  type AnyOptions,
  InvalidConfigError,
  type Settled,
  areDeclared,
  checkOptions,
  readOptions,
  settleOptions,
  writeOptions,
} from "@featuremap/tensor";
import { readConfig } from "./config-reader.ts";

/** Base classes, whose `fromConfig` needs declared options; that of any other class does not. */
export const readsDeclared: WeakSet<object> = new WeakSet();

/** An object that is made of options, and saved in Keras's own keys and values. */
export abstract class Configured {
  /** Keras's class name; part of saved models. */
  static readonly className: string = "";
  /** The options that the class takes; others are refused. A class that does not declare them takes any. */
  static readonly options?: Readonly<Record<string, unknown>>;
  static {
    readsDeclared.add(this);
  }
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

  /** Options that are written although the class does not settle them. */
  protected get writtenOptions(): readonly string[] {
    return [];
  }

  /**
   * Keras's own keys and values: what makes an equal object again.
   *
   * @throws {InvalidConfigError} a class has an option that it neither settles nor writes, and that saving would lose.
   */
  getConfig(): Record<string, unknown> {
    this.#refuseLostOptions();
    return Object.fromEntries(
      this.#settled.flatMap(([options, values]) => Object.entries(writeOptions(options, values))),
    );
  }

  #refuseLostOptions(): void {
    const { className, options = {}, prototype } = this.constructor as typeof Configured;
    const { options: inherited = {} } = Object.getPrototypeOf(this.constructor) as typeof Configured;
    if (Object.hasOwn(prototype, "getConfig")) return;
    const settled = this.#settled.flatMap(([each]) => Object.keys(each));
    const written = new Set([...settled, ...this.writtenOptions, ...Object.keys(inherited)]);
    const lost = Object.keys(options).find((name) => !written.has(name));
    if (lost === undefined) return;
    throw new InvalidConfigError(className, "getConfig", "the class's own, or its options settled", lost);
  }

  /**
   * An object of a config that {@link getConfig} has written, here or in Keras. A class with options that it does not declare
   * has to say itself how it is read.
   *
   * @param config also a reader of one, with which a saved model is read; keys that are left over are the caller's to refuse then
   * @throws {FormatError} a key is unknown, or has a value of the wrong type.
   * @throws {InvalidConfigError} a value is out of range, or the class does not declare its options.
   */
  static fromConfig(config: object): Configured {
    const { className, options } = this;
    if (!areDeclared(options)) {
      throw new InvalidConfigError(
        className,
        "fromConfig",
        "the class's own, as its options are not declared",
        options,
      );
    }
    const given = readConfig(className, config, (reader) => readOptions(options, reader));
    return Reflect.construct(this, [given]) as Configured;
  }
}
