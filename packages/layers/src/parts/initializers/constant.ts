import { type AnyOptions, type FixedShape, Option, type Options, sizeOf } from "@featuremap/tensor";
import { Initializer } from "./initializer.ts";

export interface ConstantConfig {
  /** Default: 0. */
  readonly value?: number | undefined;
}

const declared = { value: Option.number().notNull().default(0) };

/**
 * Every element is `value`. Source: Keras `Constant`.
 *
 * @throws {InvalidConfigError} `value` is not finite.
 */
export class Constant extends Initializer {
  static override readonly className: string = "Constant";
  static override readonly options: Options<ConstantConfig> = declared;
  readonly value: number;

  constructor(config: ConstantConfig = {}) {
    super(config);
    this.value = this.settle(declared).value;
  }

  override initialize(shape: FixedShape): Float32Array {
    return new Float32Array(sizeOf(shape)).fill(this.value);
  }
}

/** Every element is 0. Source: Keras `Zeros`. */
export class Zeros extends Initializer {
  static override readonly className: string = "Zeros";
  static override readonly options: AnyOptions = {};

  override initialize(shape: FixedShape): Float32Array {
    return new Float32Array(sizeOf(shape));
  }
}

/** Every element is 1. Source: Keras `Ones`. */
export class Ones extends Initializer {
  static override readonly className: string = "Ones";
  static override readonly options: AnyOptions = {};

  override initialize(shape: FixedShape): Float32Array {
    return new Float32Array(sizeOf(shape)).fill(1);
  }
}
