import { isObject } from "../reading/json.ts";

/**
 * Options that are floats in Keras, whatever their values. JavaScript has one kind of number: without this list 1.0 would be written as 1,
 * which Keras refuses as a momentum and takes for an integer as a learning rate.
 *
 * Source: the defaults in the signatures of Keras 3.15's layers, parts, optimizers, schedules, losses and metrics.
 */
const floatOptions: ReadonlySet<string> = new Set(
  (
    "addition_factor alpha beta beta_1 beta_2 brightness_factor clip_limit clipnorm clipvalue contrast_factor decay_rate delta " +
    "ema_momentum end_learning_rate epsilon factor fill_value gain gamma global_clipnorm height_factor hue_factor " +
    "initial_accumulator_value initial_learning_rate l1 l2 label_smoothing learning_rate loss_scale_factor loss_weights m_mul " +
    "max_value maxval mean min_value minval momentum negative_slope offset power rate renorm_momentum rho " +
    "saturation_factor scale sigma stddev t_mul threshold threshold_factor thresholds value values variance warmup_target " +
    "weight_decay width_factor x_factor y_factor"
  ).split(" "),
);

/** Classes whose options of these names are integers all the same. */
const integerClasses: ReadonlySet<string> = new Set(["RandomPosterization"]);

/** Options whose keys are names of the user's, which may be those of other options. */
const keyedByNames: ReadonlySet<string> = new Set(["input_layers", "output_layers"]);

/** JSON as Python's `json.dumps` would write the same configuration: with floats where Keras has floats. */
export function pythonJson(value: unknown): string {
  return write(value, false, true);
}

/**
 * @param isFloat whether numbers here are floats
 * @param hasFloats whether options here may be
 */
function write(value: unknown, isFloat: boolean, hasFloats: boolean): string {
  if (Array.isArray(value)) return `[${value.map((entry: unknown) => write(entry, isFloat, hasFloats)).join(", ")}]`;
  if (isObject(value)) {
    const { class_name: className } = value;
    const isClass = typeof className === "string";
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => {
        if (keyedByNames.has(key)) return `${JSON.stringify(key)}: ${write(member, false, false)}`;
        const within = isClass ? !integerClasses.has(className) : hasFloats;
        // Weights of losses stand by the names of outputs.
        const isOption = within && (floatOptions.has(key) || (isFloat && !isClass));
        return `${JSON.stringify(key)}: ${write(member, isOption, within)}`;
      });
    return `{${members.join(", ")}}`;
  }
  // `Infinity`, `-Infinity` and `NaN` are Python's words, too.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  const isWhole = typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e21;
  return isFloat && isWhole ? `${value}.0` : (JSON.stringify(value) ?? "null");
}
