import { type JsonObject, isObject } from "../reading/json.ts";

/** Options of optimizers that Keras 3 calls differently. */
const newNames: Readonly<Record<string, string>> = {
  lr: "learning_rate",
  learningRate: "learning_rate",
  beta1: "beta_1",
  beta2: "beta_2",
  use_nesterov: "nesterov",
  useNesterov: "nesterov",
  initialAccumulatorValue: "initial_accumulator_value",
};

/** Classes of TensorFlow.js that Keras has by another name. */
const newClasses: Readonly<Record<string, string>> = { RMSProp: "RMSprop", Momentum: "SGD" };

/** Options that say nothing about training here. */
const idle: ReadonlySet<string> = new Set(["is_legacy_optimizer", "jit_compile", "initial_accumulator"]);

/**
 * How a model was compiled, in Keras 3's JSON, from `training_config` of Keras 2 or TensorFlow.js.
 *
 * @returns undefined where there is no optimizer
 */
export function compileConfigFromKeras2(training: JsonObject): JsonObject | undefined {
  const { optimizer_config: optimizer, loss = null, metrics = null, loss_weights: lossWeights = null } = training;
  if (!isObject(optimizer) || typeof optimizer["class_name"] !== "string") return undefined;
  // Keras 2.11 and 2.12 say `Custom>Adam`.
  const className = optimizer["class_name"].replace(/^Custom>/, "");
  const given = isObject(optimizer["config"]) ? optimizer["config"] : {};
  // RMSProp of TensorFlow.js calls its rho so; a share of the rate per step is a schedule in Keras 3.
  const { decay = 0 } = className === "RMSProp" ? {} : given;
  const entries = Object.entries(given).flatMap(([key, value]): (readonly [string, unknown])[] => {
    if (key === "decay") return className === "RMSProp" ? [["rho", value]] : [];
    return idle.has(key) ? [] : [[newNames[key] ?? key, value]];
  });
  const { learning_rate: rate, ...options } = Object.fromEntries(entries);
  const config = { ...(rate === undefined ? {} : { learning_rate: readRate(rate, decay) }), ...options };
  return {
    optimizer: {
      module: "keras.optimizers",
      class_name: newClasses[className] ?? className,
      config,
      registered_name: null,
    },
    loss: readNamed(loss, "keras.losses"),
    loss_weights: lossWeights,
    metrics: readMetrics(metrics),
    weighted_metrics: null,
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

/** The learning rate: a number, or a schedule. */
function readRate(rate: unknown, decay: unknown): unknown {
  const module = "keras.optimizers.schedules";
  if (isObject(rate) && "class_name" in rate) return { ...rate, module, registered_name: null };
  if (decay === 0 || decay === null) return rate;
  const config = { initial_learning_rate: rate, decay_steps: 1, decay_rate: decay, staircase: false };
  return { module, class_name: "InverseTimeDecay", config, registered_name: null };
}

/** Losses by name or as objects; several by output. */
function readNamed(value: unknown, module: string): unknown {
  if (Array.isArray(value)) return value.map((each) => readNamed(each, module));
  if (!isObject(value)) return value;
  const { class_name: className, config } = value;
  if (typeof className !== "string" || !isObject(config)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readNamed(each, module)]));
  }
  const { fn, ...options } = config;
  // Metrics that are functions stand in a wrapper.
  if (className === "MeanMetricWrapper" && typeof fn === "string") return options["name"] ?? fn;
  const reduction = options["reduction"] === "auto" ? { reduction: "sum_over_batch_size" } : {};
  return { module, class_name: className, config: { ...options, ...reduction }, registered_name: null };
}

/** TensorFlow nests the metrics of one output in a list. */
function readMetrics(value: unknown): unknown {
  const inner: unknown = Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
  return readNamed(inner, "keras.metrics");
}
