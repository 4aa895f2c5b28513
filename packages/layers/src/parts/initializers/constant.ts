import { type FixedShape, InvalidConfigError, type OptionNames, sizeOf } from "@featuremap/tensor";
import { Initializer } from "./initializer.ts";

export interface ConstantConfig {
  /** Default: 0. */
  readonly value?: number | undefined;
}

/**
 * Every element is `value`. Source: Keras `Constant`.
 *
 * @throws {InvalidConfigError} `value` is not finite.
 */
export class Constant extends Initializer {
  static override readonly className = "Constant";
  static override readonly options: OptionNames<ConstantConfig> = { value: true };
  readonly value: number;

  constructor(config: ConstantConfig = {}) {
    super(config);
    const { value = 0 } = config;
    if (!Number.isFinite(value)) throw new InvalidConfigError("Constant", "value", "a finite number", value);
    this.value = value;
  }

  override initialize(shape: FixedShape): Float32Array {
    return new Float32Array(sizeOf(shape)).fill(this.value);
  }

  override getConfig(): Record<string, unknown> {
    return { value: this.value };
  }
}

/** Every element is 0. Source: Keras `Zeros`. */
export class Zeros extends Initializer {
  static override readonly className = "Zeros";
  static override readonly options: Readonly<Record<string, true>> = {};

  override initialize(shape: FixedShape): Float32Array {
    return new Float32Array(sizeOf(shape));
  }

  override getConfig(): Record<string, unknown> {
    return {};
  }
}

/** Every element is 1. Source: Keras `Ones`. */
export class Ones extends Initializer {
  static override readonly className = "Ones";
  static override readonly options: Readonly<Record<string, true>> = {};

  override initialize(shape: FixedShape): Float32Array {
    return new Float32Array(sizeOf(shape)).fill(1);
  }

  override getConfig(): Record<string, unknown> {
    return {};
  }
}
