import type { FixedShape } from "@featuremap/tensor";
import { Initializer } from "./initializer.ts";

/** Every element is `value`. Source: Keras `Constant`. */
export class Constant extends Initializer {
  override readonly className: string = "Constant";
  readonly value: number;

  constructor({ value = 0 }: { readonly value?: number | undefined } = {}) {
    super();
    this.value = value;
  }

  override initialize(shape: FixedShape): Float32Array {
    return new Float32Array(shape.reduce((size, length) => size * length, 1)).fill(this.value);
  }

  override getConfig(): Record<string, unknown> {
    return { value: this.value };
  }
}

/** Every element is 0. Source: Keras `Zeros`. */
export class Zeros extends Constant {
  override readonly className = "Zeros";

  constructor() {
    super({ value: 0 });
  }

  override getConfig(): Record<string, unknown> {
    return {};
  }
}

/** Every element is 1. Source: Keras `Ones`. */
export class Ones extends Constant {
  override readonly className = "Ones";

  constructor() {
    super({ value: 1 });
  }

  override getConfig(): Record<string, unknown> {
    return {};
  }
}
