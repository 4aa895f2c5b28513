import { checkOptions } from "@featuremap/tensor";
import type { KerasPart } from "../config/keras-object.ts";

interface PartClass {
  readonly className: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An initializer, regularizer or constraint: made of options, as layers are, and stored inside a layer's config. */
export abstract class Part implements KerasPart {
  /** Keras's class name; part of saved models. */
  static readonly className: string = "Part";
  /** The options that the class takes; others are refused. A class that does not say them takes any. */
  static readonly options?: Readonly<Record<string, unknown>>;
  abstract readonly module: string;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: object = {}) {
    // What a subclass adds is not in the list that it inherits.
    const { className, options } = this.constructor as unknown as PartClass;
    checkOptions(className, config, Object.hasOwn(this.constructor, "options") ? options : undefined);
  }

  get className(): string {
    return (this.constructor as unknown as PartClass).className;
  }

  /** Keras's own keys and values: what makes an equal part again. */
  abstract getConfig(): Record<string, unknown>;
}
