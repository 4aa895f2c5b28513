import { type JsonObject, isObject } from "../reading/json.ts";

/** What TensorFlow.js calls an optimizer's option, and Keras's default: TensorFlow.js must be told all. */
type OptionNames = Readonly<Record<string, readonly [name: string, usual: unknown]>>;

const moments: OptionNames = {
  beta_1: ["beta1", 0.9],
  beta_2: ["beta2", 0.999],
  epsilon: ["epsilon", 1e-7],
};

/** Optimizers of TensorFlow.js by Keras's names. */
const optimizers: Readonly<Record<string, { readonly className: string; readonly options: OptionNames }>> = {
  SGD: { className: "SGD", options: {} },
  Adam: { className: "Adam", options: moments },
  Adamax: { className: "Adamax", options: moments },
  RMSprop: {
    className: "RMSProp",
    options: {
      rho: ["decay", 0.9],
      momentum: ["momentum", 0],
      epsilon: ["epsilon", 1e-7],
      centered: ["centered", false],
    },
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

function writeOptimizer(value: unknown): JsonObject | undefined {
  const { class_name: className, config } = isObject(value) ? value : {};
  if (!isObject(config) || typeof config["learning_rate"] !== "number") return undefined;
  const { learning_rate: rate, momentum } = config;
  const isMoved = className === "SGD" && typeof momentum === "number" && momentum > 0;
  const own = typeof className === "string" && Object.hasOwn(optimizers, className) ? optimizers[className] : undefined;
  const known: { readonly className: string; readonly options: OptionNames } | undefined = isMoved ? withMomentum : own;
  if (known === undefined) return undefined;
  const { options } = known;
  const isTold = ([key, option]: readonly [string, unknown]): boolean =>
    Object.hasOwn(options, key) || key === "learning_rate" || idle.has(key) || neutral[key]?.includes(option) === true;
  if (!Object.entries(config).every(isTold)) return undefined;
  const written = Object.entries(options).map(([key, [name, usual]]) => [name, config[key] ?? usual] as const);
  return { class_name: known.className, config: { learning_rate: rate, ...Object.fromEntries(written) } };
}
