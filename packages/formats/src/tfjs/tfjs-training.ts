import { type JsonObject, isObject } from "../reading/json.ts";

/** What TensorFlow.js calls an optimizer's option, and Keras's default: TensorFlow.js must be told all. */
type OptionNames = Readonly<Record<string, readonly [name: string, usual: unknown]>>;

const moments: OptionNames = {
  beta_1: ["beta1", 0.9],
  beta_2: ["beta2", 0.999],
  epsilon: ["epsilon", 1e-7],
};

interface KnownOptimizer {
  readonly className: string;
  readonly options: OptionNames;
  /** Options that it has not, and what they must be. */
  readonly fixed?: Readonly<Record<string, unknown>>;
}

/** Optimizers of TensorFlow.js by Keras's names. */
const optimizers: Readonly<Record<string, KnownOptimizer>> = {
  SGD: { className: "SGD", options: {} },
  Adam: { className: "Adam", options: moments },
  // TensorFlow.js adds the usual epsilon.
  Adagrad: {
    className: "Adagrad",
    options: { initial_accumulator_value: ["initial_accumulator_value", 0.1] },
    fixed: { epsilon: 1e-7 },
  },
  Adamax: { className: "Adamax", options: moments },
  RMSprop: {
    className: "RMSProp",
    options: {
      rho: ["decay", 0.9],
      momentum: ["momentum", 0],
      epsilon: ["epsilon", 1e-7],
      centered: ["centered", false],
    },
    // TensorFlow.js 4.22 takes epsilon away there instead of adding it, which gives NaN.
    fixed: { centered: false },
  },
};
const withMomentum = {
  className: "Momentum",
  options: { momentum: ["momentum", 0], nesterov: ["use_nesterov", false] } satisfies OptionNames,
};

/** Options that say nothing with these values. */
const neutral: Readonly<Record<string, readonly unknown[]>> = {
  amsgrad: [false],
  momentum: [0],
  nesterov: [false],
  weight_decay: [null],
  clipnorm: [null],
  global_clipnorm: [null],
  clipvalue: [null],
  use_ema: [false],
  loss_scale_factor: [null],
  gradient_accumulation_steps: [null],
};

/** Options that act only with others, or name the optimizer. */
const idle: ReadonlySet<string> = new Set(["name", "ema_momentum", "ema_overwrite_frequency"]);

const losses: ReadonlySet<unknown> = new Set([
  "binary_crossentropy",
  "categorical_crossentropy",
  "categorical_hinge",
  "hinge",
  "kullback_leibler_divergence",
  "logcosh",
  "mean_absolute_error",
  "mean_absolute_percentage_error",
  "mean_squared_error",
  "mean_squared_logarithmic_error",
  "poisson",
  "sparse_categorical_crossentropy",
  "squared_hinge",
]);

/**
 * How a model was compiled, as TensorFlow.js compiles it again when it loads the model.
 *
 * @param compile Keras 3's `compile_config`
 * @returns undefined where TensorFlow.js has not the same optimizer, options and loss
 */
export function tfjsTraining(compile: JsonObject): JsonObject | undefined {
  const { optimizer, loss, metrics } = compile;
  const config = writeOptimizer(optimizer);
  if (config === undefined || !losses.has(loss) || (compile["loss_weights"] ?? null) !== null) return undefined;
  const known = Array.isArray(metrics) && metrics.every((metric) => metric === "accuracy" || metric === "acc");
  return { optimizer_config: config, loss, metrics: known ? metrics : [] };
}

/** A `trainingConfig` with the learning rate that an optimizer has come to. */
export function withRate(training: JsonObject, rate: number): JsonObject {
  const { class_name: className, config } = isObject(training["optimizer_config"]) ? training["optimizer_config"] : {};
  const { learning_rate: given, ...others } = isObject(config) ? config : {};
  // What is the same in 32 bits stays as it was written.
  const learning_rate = typeof given === "number" && Math.fround(given) === Math.fround(rate) ? given : rate;
  return { ...training, optimizer_config: { class_name: className, config: { learning_rate, ...others } } };
}

function writeOptimizer(value: unknown): JsonObject | undefined {
  const { class_name: className, config } = isObject(value) ? value : {};
  if (!isObject(config) || typeof config["learning_rate"] !== "number") return undefined;
  const { learning_rate: rate, momentum } = config;
  const isMoved = className === "SGD" && typeof momentum === "number" && momentum > 0;
  const own = typeof className === "string" && Object.hasOwn(optimizers, className) ? optimizers[className] : undefined;
  const known: KnownOptimizer | undefined = isMoved ? withMomentum : own;
  if (known === undefined) return undefined;
  const { options, fixed = {} } = known;
  const isTold = ([key, option]: readonly [string, unknown]): boolean => {
    if (Object.hasOwn(fixed, key)) return fixed[key] === option;
    const isKnown = Object.hasOwn(options, key) || key === "learning_rate" || idle.has(key);
    return isKnown || neutral[key]?.includes(option) === true;
  };
  if (!Object.entries(config).every(isTold)) return undefined;
  const written = Object.entries(options).map(([key, [name, usual]]) => [name, config[key] ?? usual] as const);
  return { class_name: known.className, config: { learning_rate: rate, ...Object.fromEntries(written) } };
}
