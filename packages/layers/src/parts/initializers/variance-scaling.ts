import { type FixedShape, Option, type Options, type RandomStream, settleOptions } from "@featuremap/tensor";
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

/** Axes of a weight, or `null` for those of a kernel. */
function axesOption(): Option<readonly number[] | null | undefined, readonly number[] | null> {
  const areAll = (axes: unknown, accepts: (axis: unknown) => boolean): boolean =>
    Array.isArray(axes) && axes.every(accepts);
  return Option.plain<readonly number[]>({
    expected: "a list of integers, or null",
    accepts: (axes) => areAll(axes, Number.isInteger),
    saved: { expected: "a list of axes", accepts: (axes) => areAll(axes, Number.isFinite) },
  }).orNull();
}

const declared = { inputAxes: axesOption(), outputAxes: axesOption() };

const fanOptions: Options<FanConfig> = { ...randomInitializerOptions, ...declared };

/** One of a few words, in this project's spelling or in Python's. */
function wordOption<Word extends string, Given extends string>(
  words: readonly Word[],
  alias?: { readonly name: string; readonly word: Word },
): Option<Given, Word> {
  const find = (given: string): Word | undefined =>
    given === alias?.name ? alias.word : words.find((each) => each === given || pythonName(each) === given);
  return Option.word<Word, Given>(words, `one of ${words.join(", ")}`, { find, refusesNull: false });
}

const modes: readonly FanMode[] = ["fanIn", "fanOut", "fanAvg"];

const distributions: readonly VarianceDistribution[] = ["truncatedNormal", "untruncatedNormal", "uniform"];

const scaling = {
  scale: Option.within("a number above 0", (scale) => scale > 0 && scale < Number.POSITIVE_INFINITY).default(1),
  mode: wordOption<FanMode, KerasName<FanMode>>(modes).default("fanIn"),
  distribution: wordOption<VarianceDistribution, KerasName<VarianceDistribution | "normal">>(distributions, {
    name: "normal",
    word: "truncatedNormal",
  }).default("truncatedNormal"),
};

/** Standard deviation of a standard normal variate cut off at two standard deviations. */
const truncatedDeviation = 0.87962566103423978;

/** Draws with mean 0 and a variance that the number of connections sets. */
abstract class FanInitializer extends RandomInitializer {
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: VarianceDistribution;
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;

  /** @param given what the class sets; without it, the config does */
  constructor(config: FanConfig, given?: VarianceScalingConfig) {
    super(config);
    ({ inputAxes: this.inputAxes, outputAxes: this.outputAxes } = this.settle(declared));
    ({
      scale: this.scale,
      mode: this.mode,
      distribution: this.distribution,
    } = given ? settleOptions(this.className, given, scaling) : this.settle(scaling));
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
  static override readonly className: string = "VarianceScaling";
  static override readonly options: Options<VarianceScalingConfig> = { ...scaling, ...fanOptions };

  constructor(config: VarianceScalingConfig = {}) {
    super(config);
  }
}

/** Uniform within `sqrt(6 / (fanIn + fanOut))`. Source: Glorot and Bengio, AISTATS 2010; Keras `GlorotUniform`. */
export class GlorotUniform extends FanInitializer {
  static override readonly className: string = "GlorotUniform";
  static override readonly options: Options<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { mode: "fanAvg", distribution: "uniform" });
  }
}

/** Truncated normal of variance `2 / (fanIn + fanOut)`. Source: Glorot and Bengio, AISTATS 2010; Keras `GlorotNormal`. */
export class GlorotNormal extends FanInitializer {
  static override readonly className: string = "GlorotNormal";
  static override readonly options: Options<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { mode: "fanAvg" });
  }
}

/** Uniform within `sqrt(6 / fanIn)`. Source: He et al., ICCV 2015; Keras `HeUniform`. */
export class HeUniform extends FanInitializer {
  static override readonly className: string = "HeUniform";
  static override readonly options: Options<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { scale: 2, distribution: "uniform" });
  }
}

/** Truncated normal of variance `2 / fanIn`. Source: He et al., ICCV 2015; Keras `HeNormal`. */
export class HeNormal extends FanInitializer {
  static override readonly className: string = "HeNormal";
  static override readonly options: Options<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { scale: 2 });
  }
}

/** Uniform within `sqrt(3 / fanIn)`. Source: LeCun et al., Efficient BackProp, 1998; Keras `LecunUniform`. */
export class LecunUniform extends FanInitializer {
  static override readonly className: string = "LecunUniform";
  static override readonly options: Options<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, { distribution: "uniform" });
  }
}

/** Truncated normal of variance `1 / fanIn`. Source: LeCun et al., Efficient BackProp, 1998; Keras `LecunNormal`. */
export class LecunNormal extends FanInitializer {
  static override readonly className: string = "LecunNormal";
  static override readonly options: Options<FanConfig> = fanOptions;

  constructor(config: FanConfig = {}) {
    super(config, {});
  }
}
