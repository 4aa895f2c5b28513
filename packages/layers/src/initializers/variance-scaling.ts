import { type FixedShape, InvalidConfigError, type RandomStream } from "@featuremap/tensor";
import { RandomInitializer, type RandomInitializerConfig, truncatedNormal } from "./initializer.ts";

/** Whose number of connections sets the scale: inputs, outputs, or their mean. */
export type FanMode = "fanIn" | "fanOut" | "fanAvg";

/** Shape of the distribution. */
export type VarianceDistribution = "truncatedNormal" | "untruncatedNormal" | "uniform";

/** What initializers take that count connections. */
export interface FanConfig extends RandomInitializerConfig {
  /** With `outputAxes`, the axes whose lengths multiply to the number of inputs, in place of a kernel's. */
  readonly inputAxes?: readonly number[] | null | undefined;
  /** Likewise for the number of outputs. */
  readonly outputAxes?: readonly number[] | null | undefined;
}

export interface VarianceScalingConfig extends FanConfig {
  /** Factor of the variance, above 0; 1 unless said otherwise. */
  readonly scale?: number | undefined;
  /** `fanIn` unless said otherwise. */
  readonly mode?: FanMode | undefined;
  /** `truncatedNormal`, which is also called `normal`, unless said otherwise. */
  readonly distribution?: VarianceDistribution | "normal" | undefined;
}

const modes: Readonly<Record<FanMode, string>> = { fanIn: "fan_in", fanOut: "fan_out", fanAvg: "fan_avg" };

const distributions: Readonly<Record<VarianceDistribution, string>> = {
  truncatedNormal: "truncated_normal",
  untruncatedNormal: "untruncated_normal",
  uniform: "uniform",
};

/** Standard deviation of a standard normal variate cut off at two standard deviations. */
const truncatedDeviation = 0.87962566103423978;

/**
 * Random values with mean 0 and variance `scale / n`, where `n` counts the connections of one unit.
 *
 * `fanIn` is the number of inputs of one output, `fanOut` the number of outputs of one input; for convolution kernels
 * `[..., input, output]` both are multiplied by the size of the window.
 * Source: Keras `VarianceScaling`.
 *
 * @throws {InvalidConfigError} `scale` is not above 0, there is no such mode or distribution, or axes are no integers.
 */
export class VarianceScaling extends RandomInitializer {
  override readonly className: string = "VarianceScaling";
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: VarianceDistribution;
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;

  constructor({ scale = 1, mode = "fanIn", distribution = "truncatedNormal", ...config }: VarianceScalingConfig = {}) {
    super(config);
    if (!(scale > 0)) throw new InvalidConfigError("VarianceScaling", "scale", "above 0", scale);
    if (!Object.hasOwn(modes, mode)) {
      throw new InvalidConfigError("VarianceScaling", "mode", `one of ${Object.keys(modes).join(", ")}`, mode);
    }
    this.scale = scale;
    this.mode = mode;
    this.distribution = distribution === "normal" ? "truncatedNormal" : distribution;
    if (!Object.hasOwn(distributions, this.distribution)) {
      const expected = `one of ${Object.keys(distributions).join(", ")}`;
      throw new InvalidConfigError("VarianceScaling", "distribution", expected, distribution);
    }
    this.inputAxes = checkedAxes("inputAxes", config.inputAxes ?? null);
    this.outputAxes = checkedAxes("outputAxes", config.outputAxes ?? null);
  }

  protected override sampler(shape: FixedShape, random: RandomStream): () => number {
    const { fanIn, fanOut } = computeFans(shape, this.inputAxes, this.outputAxes);
    const fans = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 };
    const variance = this.scale / Math.max(1, fans[this.mode]);
    if (this.distribution === "uniform") {
      const limit = Math.sqrt(3 * variance);
      return () => random.uniform(-limit, limit);
    }
    if (this.distribution === "untruncatedNormal") return () => random.normal(0, Math.sqrt(variance));
    const deviation = Math.sqrt(variance) / truncatedDeviation;
    return () => truncatedNormal(random, 0, deviation);
  }

  override getConfig(): Record<string, unknown> {
    const shared = { seed: this.seed, input_axes: this.inputAxes, output_axes: this.outputAxes };
    if (this.className !== "VarianceScaling") return shared;
    const { scale, mode, distribution } = this;
    return { ...shared, scale, mode: modes[mode], distribution: distributions[distribution] };
  }
}

function checkedAxes(option: string, axes: readonly number[] | null): readonly number[] | null {
  if (axes === null || (Array.isArray(axes) && axes.every((axis) => Number.isInteger(axis)))) return axes;
  throw new InvalidConfigError("initializer", option, "a list of integers, or null", axes);
}

/** Connections into one output and out of one input, for a weight of this shape. */
export function computeFans(
  shape: FixedShape,
  inputAxes: readonly number[] | null = null,
  outputAxes: readonly number[] | null = null,
): { readonly fanIn: number; readonly fanOut: number } {
  if (inputAxes !== null && outputAxes !== null) {
    const product = (axes: readonly number[]): number => axes.reduce((size, axis) => size * (shape.at(axis) ?? 1), 1);
    return { fanIn: product(inputAxes), fanOut: product(outputAxes) };
  }
  if (shape.length < 2) {
    const length = shape[0] ?? 1;
    return { fanIn: length, fanOut: length };
  }
  const window = shape.slice(0, -2).reduce((size, length) => size * length, 1);
  return { fanIn: window * (shape.at(-2) ?? 1), fanOut: window * (shape.at(-1) ?? 1) };
}

/** Uniform within `sqrt(6 / (fanIn + fanOut))`. Source: Glorot and Bengio, AISTATS 2010; Keras `GlorotUniform`. */
export class GlorotUniform extends VarianceScaling {
  override readonly className = "GlorotUniform";

  constructor(config: FanConfig = {}) {
    super({ ...config, mode: "fanAvg", distribution: "uniform" });
  }
}

/** Truncated normal of variance `2 / (fanIn + fanOut)`. Source: Glorot and Bengio, AISTATS 2010; Keras `GlorotNormal`. */
export class GlorotNormal extends VarianceScaling {
  override readonly className = "GlorotNormal";

  constructor(config: FanConfig = {}) {
    super({ ...config, mode: "fanAvg" });
  }
}

/** Uniform within `sqrt(6 / fanIn)`. Source: He et al., ICCV 2015; Keras `HeUniform`. */
export class HeUniform extends VarianceScaling {
  override readonly className = "HeUniform";

  constructor(config: FanConfig = {}) {
    super({ ...config, scale: 2, distribution: "uniform" });
  }
}

/** Truncated normal of variance `2 / fanIn`. Source: He et al., ICCV 2015; Keras `HeNormal`. */
export class HeNormal extends VarianceScaling {
  override readonly className = "HeNormal";

  constructor(config: FanConfig = {}) {
    super({ ...config, scale: 2 });
  }
}

/** Uniform within `sqrt(3 / fanIn)`. Source: LeCun et al., Efficient BackProp, 1998; Keras `LecunUniform`. */
export class LecunUniform extends VarianceScaling {
  override readonly className = "LecunUniform";

  constructor(config: FanConfig = {}) {
    super({ ...config, distribution: "uniform" });
  }
}

/** Truncated normal of variance `1 / fanIn`. Source: LeCun et al., Efficient BackProp, 1998; Keras `LecunNormal`. */
export class LecunNormal extends VarianceScaling {
  override readonly className = "LecunNormal";

  constructor(config: FanConfig = {}) {
    super(config);
  }
}
