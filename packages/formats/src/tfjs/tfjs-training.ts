import { describeValue } from "@featuremap/tensor";
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

/** What losses and metrics may be told, by Keras's defaults; `mean` is the same as `sum_over_batch_size`. */
const usualOptions: Readonly<Record<string, readonly unknown[]>> = {
  reduction: ["sum_over_batch_size", "mean", "auto"],
  from_logits: [false],
  label_smoothing: [0],
  axis: [-1],
  ignore_class: [null],
  threshold: [0.5],
  dtype: [null, "float32"],
};

/** Losses of TensorFlow.js by Keras's names in lower case and without underscores. */
const losses: ReadonlyMap<string, string> = new Map(
  Object.entries({
    binary_crossentropy: ["bce"],
    categorical_crossentropy: [],
    categorical_hinge: [],
    cosine_proximity: ["cosinesimilarity"],
    hinge: [],
    kullback_leibler_divergence: ["kld", "kldivergence"],
    logcosh: [],
    mean_absolute_error: ["mae"],
    mean_absolute_percentage_error: ["mape"],
    mean_squared_error: ["mse"],
    mean_squared_logarithmic_error: ["msle"],
    poisson: [],
    sparse_categorical_crossentropy: [],
    squared_hinge: [],
  }).flatMap(([name, others]) => [keyOf(name), ...others].map((key) => [key, name] as const)),
);

/** Metrics that TensorFlow.js finds by name when it loads a model; it knows short names alone. */
const metrics: ReadonlyMap<string, string> = new Map([
  ["binaryaccuracy", "binary_accuracy"],
  ["categoricalaccuracy", "categorical_accuracy"],
  ["categoricalcrossentropy", "categorical_crossentropy"],
  ["sparsecategoricalcrossentropy", "sparse_categorical_crossentropy"],
  ["mse", "mse"],
  ["meansquarederror", "mse"],
  ["mae", "mae"],
  ["meanabsoluteerror", "mae"],
  ["mape", "mape"],
  ["meanabsolutepercentageerror", "mape"],
]);

/** Names that choose what suits labels and outputs; objects of such classes are something else. */
const suitable: ReadonlySet<string> = new Set(["accuracy", "acc", "crossentropy", "ce"]);

/** How TensorFlow.js compiles a model again when it loads it. */
interface ToldTraining {
  /** Nothing where TensorFlow.js has not the same optimizer, options and loss. */
  readonly config?: JsonObject;
  /** What is left out, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * How a model was compiled, as `trainingConfig` of TensorFlow.js.
 *
 * @param compile Keras 3's `compile_config`
 * @param outputs what the model calls its outputs
 */
export function tfjsTraining(compile: JsonObject, outputs: readonly string[]): ToldTraining {
  const { optimizer, loss, loss_weights: lossWeights } = compile;
  const lacking: string[] = [];
  const optimizerConfig = writeOptimizer(optimizer, lacking);
  const written = writeLosses(loss, outputs, lacking);
  if (!isNeutralWeight(lossWeights)) lacking.push("weights of losses");
  if (lacking.length > 0) {
    const reason = `TensorFlow.js has nothing that does the same as ${lacking.join(", and ")}`;
    return { notes: [`How the model was compiled is left out: ${reason}.`] };
  }
  const told = writeMetrics(compile, outputs);
  return { config: { optimizer_config: optimizerConfig, loss: written, metrics: told.names }, notes: told.notes };
}

/** `trainingConfig` with Keras's name for the loss that TensorFlow.js calls after Keras 1. */
export function withKerasLosses(training: JsonObject): JsonObject {
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (isObject(value) && "class_name" in value) return value;
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rename(each)]));
    return typeof value === "string" && keyOf(value) === "cosineproximity" ? "cosine_similarity" : value;
  };
  return { ...training, loss: rename(training["loss"]) };
}

function keyOf(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function isNeutralWeight(value: unknown): boolean {
  if (value === null || value === undefined || value === 1) return true;
  return typeof value === "object" && Object.values(value).every((each) => each === null || each === 1);
}

/** One loss for all outputs, or one for each in their order. */
function writeLosses(loss: unknown, outputs: readonly string[], lacking: string[]): unknown {
  const each = isObject(loss) && !("class_name" in loss) ? outputs.map((name) => loss[name] ?? null) : loss;
  if (!Array.isArray(each)) return writeLoss(each, lacking);
  if (each.length !== outputs.length) lacking.push("losses that are not as many as the outputs");
  const [first, ...others] = each.map((one: unknown) => writeLoss(one, lacking));
  return others.length === 0 ? first : [first, ...others];
}

function writeLoss(value: unknown, lacking: string[]): string | undefined {
  if (value === null || value === undefined) {
    lacking.push("an output without a loss");
    return undefined;
  }
  const { name, odd } = readNamed(value);
  const known = losses.get(keyOf(name));
  if (known === undefined || odd.length > 0)
    lacking.push(`the loss ${describeNamed(name, known === undefined ? [] : odd)}`);
  return known;
}

function writeMetrics(
  { metrics: given, weighted_metrics: weighted }: JsonObject,
  outputs: readonly string[],
): { readonly names: readonly string[]; readonly notes: readonly string[] } {
  const notes = flatten(weighted).length > 0 ? ["Weighted metrics are left out: TensorFlow.js loads none."] : [];
  const choices = flatten(given);
  if (choices.length > 0 && outputs.length > 1) {
    return {
      names: [],
      notes: ["Metrics are left out: TensorFlow.js loads no lists of them for several outputs.", ...notes],
    };
  }
  const names: string[] = [];
  const lacking: string[] = [];
  for (const choice of choices) {
    const { name, odd } = readNamed(choice);
    const isSuitable = typeof choice === "string" && suitable.has(keyOf(name));
    const known = isSuitable ? keyOf(name) : metrics.get(keyOf(name));
    if (known === undefined || odd.length > 0) lacking.push(describeNamed(name, known === undefined ? [] : odd));
    else names.push(known);
  }
  if (lacking.length > 0) {
    notes.unshift(`Metrics are left out for which TensorFlow.js has no name: ${lacking.join(", ")}.`);
  }
  return { names: [...new Set(names)], notes };
}

/** Metrics of one output, which may stand in a list or by its name. */
function flatten(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(flatten);
  return isObject(value) && !("class_name" in value) ? Object.values(value).flatMap(flatten) : [value];
}

/** A loss or metric as Keras writes it: a name, a function by its name, or an object, whose unusual options matter. */
function readNamed(value: unknown): { readonly name: string; readonly odd: readonly (readonly [string, unknown])[] } {
  if (typeof value === "string") return { name: value, odd: [] };
  const { module, class_name: className, config } = isObject(value) ? value : {};
  const isOwn = typeof module === "string" && !/^(builtins|(tf_)?keras(\..*)?)$/.test(module);
  const odd = Object.entries(isObject(config) ? config : {}).filter(
    ([key, option]) => key !== "name" && !(Object.hasOwn(usualOptions, key) && usualOptions[key]?.includes(option)),
  );
  const isFunction = className === "function" && typeof config === "string";
  const name = isFunction ? config : String(className);
  return { name: isOwn ? `${module}.${name}` : name, odd };
}

function describeNamed(name: string, odd: readonly (readonly [string, unknown])[]): string {
  const options = odd.map(
    ([key, option]) => `${key} ${describeValue(isObject(option) ? option["class_name"] : option)}`,
  );
  return `${describeValue(name)}${options.length === 0 ? "" : ` with ${options.join(", ")}`}`;
}

/** A `trainingConfig` with the learning rate that an optimizer has come to. */
export function withRate(training: JsonObject, rate: number): JsonObject {
  const { class_name: className, config } = isObject(training["optimizer_config"]) ? training["optimizer_config"] : {};
  const { learning_rate: given, ...others } = isObject(config) ? config : {};
  // What is the same in 32 bits stays as it was written.
  const learning_rate = typeof given === "number" && Math.fround(given) === Math.fround(rate) ? given : rate;
  return { ...training, optimizer_config: { class_name: className, config: { learning_rate, ...others } } };
}

function writeOptimizer(value: unknown, lacking: string[]): JsonObject | undefined {
  const { class_name: className, config } = isObject(value) ? value : {};
  const { learning_rate: rate, momentum, ...others } = isObject(config) ? config : {};
  const isMoved = className === "SGD" && typeof momentum === "number" && momentum > 0;
  const own = typeof className === "string" && Object.hasOwn(optimizers, className) ? optimizers[className] : undefined;
  const known: KnownOptimizer | undefined = isMoved ? withMomentum : own;
  if (known === undefined || !isObject(config)) {
    lacking.push(`the optimizer ${describeValue(className ?? value)}`);
    return undefined;
  }
  const { options, fixed = {} } = known;
  const isTold = ([key, option]: readonly [string, unknown]): boolean => {
    if (Object.hasOwn(fixed, key)) return fixed[key] === option;
    return Object.hasOwn(options, key) || idle.has(key) || neutral[key]?.includes(option) === true;
  };
  const odd = Object.entries(momentum === undefined ? others : { momentum, ...others }).filter(
    (entry) => !isTold(entry),
  );
  if (typeof rate !== "number") odd.unshift(["learning_rate", rate]);
  if (odd.length > 0) lacking.push(`the optimizer ${describeNamed(String(className), odd)}`);
  const written = Object.entries(options).map(([key, [name, usual]]) => [name, config[key] ?? usual] as const);
  return { class_name: known.className, config: { learning_rate: rate, ...Object.fromEntries(written) } };
}
