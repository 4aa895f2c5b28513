import { isWithin } from "../../config/options.ts";
import { type FixedShape, InvalidConfigError, type OptionNames, type RandomStream } from "@featuremap/tensor";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import {
  RandomInitializer,
  type RandomInitializerConfig,
  randomInitializerOptions,
  truncatedNormal,
} from "./initializer.ts";

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
  /** Factor of the variance, above 0. Default: 1. */
  readonly scale?: number | undefined;
  /** Default: `fanIn`. */
  readonly mode?: KerasName<FanMode> | undefined;
  /** Default: `truncatedNormal`, which is also called `normal`. */
  readonly distribution?: KerasName<VarianceDistribution | "normal"> | undefined;
}

const fanOptions: OptionNames<FanConfig> = { ...randomInitializerOptions, inputAxes: true, outputAxes: true };

const modes: readonly FanMode[] = ["fanIn", "fanOut", "fanAvg"];

const distributions: readonly VarianceDistribution[] = ["truncatedNormal", "untruncatedNormal", "uniform"];

/** Standard deviation of a standard normal variate cut off at two standard deviations. */
const truncatedDeviation = 0.87962566103423978;

/** Draws with mean 0 and a variance that the number of connections sets. */
abstract class FanInitializer extends RandomInitializer {
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: VarianceDistribution;
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;

  constructor(config: FanConfig, scaling: VarianceScalingConfig) {
    super(config);
    const { scale, mode, distribution } = scaling;
    this.scale = scale ?? 1;
    this.mode = requireWord(this.className, "mode", modes, mode ?? "fanIn");
    const shape = distribution === "normal" ? "truncatedNormal" : (distribution ?? "truncatedNormal");
    this.distribution = requireWord(this.className, "distribution", distributions, shape);
    if (!isWithin(this.scale, Number.MIN_VALUE, Number.MAX_VALUE)) {
      throw new InvalidConfigError(this.className, "scale", "a number above 0", scale);
    }
    this.inputAxes = checkedAxes(this.className, "inputAxes", config.inputAxes ?? null);
    this.outputAxes = checkedAxes(this.className, "outputAxes", config.outputAxes ?? null);
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
    return { seed: this.seed, input_axes: this.inputAxes, output_axes: this.outputAxes };
  }
}

/** One of a few words, in this project's spelling or in Python's. */
function requireWord<Word extends string>(owner: string, option: string, words: readonly Word[], given: string): Word {
  const word = words.find((each) => each === given || pythonName(each) === given);
  if (word === undefined) throw new InvalidConfigError(owner, option, `one of ${words.join(", ")}`, given);
  return word;
}

function checkedAxes(owner: string, option: string, axes: readonly number[] | null): readonly number[] | null {
  if (axes === null || (Array.isArray(axes) && axes.every((axis) => Number.isInteger(axis)))) return axes;
  throw new InvalidConfigError(owner, option, "a list of integers, or null", axes);
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

/**
 * Random values with mean 0 and variance `scale / n`, where `n` counts the connections of one unit.
 *
 * `fanIn` is the number of inputs of one output, `fanOut` the number of outputs of one input; for convolution kernels
 * `[..., input, output]` both are multiplied by the size of the window.
 * Source: Keras `VarianceScaling`.
 *
 * @throws {InvalidConfigError} `scale` is not above 0, there is no such mode or distribution, or axes are not integers.
 */
export class VarianceScaling extends FanInitializer {
  static override readonly className = "VarianceScaling";
  static override readonly options: OptionNames<VarianceScalingConfig> = {
    scale: true,
    mode: true,
    distribution: true,
    ...fanOptions,
  };

  constructor(config: VarianceScalingConfig = {}) {
    super(config, config);
  }

  override getConfig(): Record<string, unknown> {
    const { scale, mode, distribution } = this;
    return { ...super.getConfig(), scale, mode: pythonName(mode), distribution: pythonName(distribution) };
  }
}

/** Uniform within `sqrt(6 / (fanIn + fanOut))`. Source: Glorot and Bengio, AISTATS 2010; Keras `GlorotUniform`. */
export class GlorotUniform extends FanInitializer {
  static override readonly className = "GlorotUniform";
  static override readonly options: OptionNames<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { mode: "fanAvg", distribution: "uniform" });
  }
}

/** Truncated normal of variance `2 / (fanIn + fanOut)`. Source: Glorot and Bengio, AISTATS 2010; Keras `GlorotNormal`. */
export class GlorotNormal extends FanInitializer {
  static override readonly className = "GlorotNormal";
  static override readonly options: OptionNames<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { mode: "fanAvg" });
  }
}

/** Uniform within `sqrt(6 / fanIn)`. Source: He et al., ICCV 2015; Keras `HeUniform`. */
export class HeUniform extends FanInitializer {
  static override readonly className = "HeUniform";
  static override readonly options: OptionNames<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { scale: 2, distribution: "uniform" });
  }
}

/** Truncated normal of variance `2 / fanIn`. Source: He et al., ICCV 2015; Keras `HeNormal`. */
export class HeNormal extends FanInitializer {
  static override readonly className = "HeNormal";
  static override readonly options: OptionNames<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { scale: 2 });
  }
}

/** Uniform within `sqrt(3 / fanIn)`. Source: LeCun et al., Efficient BackProp, 1998; Keras `LecunUniform`. */
export class LecunUniform extends FanInitializer {
  static override readonly className = "LecunUniform";
  static override readonly options: OptionNames<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { distribution: "uniform" });
  }
}

/** Truncated normal of variance `1 / fanIn`. Source: LeCun et al., Efficient BackProp, 1998; Keras `LecunNormal`. */
export class LecunNormal extends FanInitializer {
  static override readonly className = "LecunNormal";
  static override readonly options: OptionNames<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, {});
  }
}
