import { Model, isAlwaysOne } from "@featuremap/layers";
import { type Preprocessing, channelCount, requirePreprocessing } from "@featuremap/images";
import { InvalidConfigError, checkOptions, formatShape, shapeAccepts } from "@featuremap/tensor";
import { type ModelBundle, labelCount } from "./bundle.ts";

/** What does not fit: a part, what it must be, what it is. */
export interface Misfit {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Refuses a bundle whose parts do not fit each other, as plain JavaScript may put it together.
 *
 * @param owner who takes it, for the error
 * @param prefix before the names of its parts, for the error
 * @returns the preprocessing, now known to be one
 * @throws {InvalidConfigError} a part is none, or does not fit the model.
 */
export function checkFit(
  bundle: Pick<ModelBundle, "model" | "preprocessing" | "labels">,
  owner = "checkFit",
  prefix = "",
): Preprocessing {
  for (const text of [owner, prefix]) {
    if (typeof text !== "string") throw new InvalidConfigError("checkFit", "owner and prefix", "texts", text);
  }
  checkOptions(owner, bundle);
  const { model, preprocessing, labels } = bundle;
  if (!(model instanceof Model)) {
    throw new InvalidConfigError(owner, `${prefix}model`, "a Model of @featuremap/layers", model);
  }
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === "string")) {
    throw new InvalidConfigError(owner, `${prefix}labels`, "a list of texts", labels);
  }
  const checked = requirePreprocessing(preprocessing, owner);
  const misfit = findMisfit(model, checked, labels);
  if (misfit === undefined) return checked;
  throw new InvalidConfigError(owner, prefix + misfit.what, misfit.expected, misfit.found);
}

/**
 * Whether preprocessing and labels fit the model: pictures of the described size enter it, its answer can vary, and each
 * class has a name of its own.
 *
 * @returns the first part that does not fit, or undefined
 */
export function findMisfit(model: Model, preprocessing: Preprocessing, labels: readonly string[]): Misfit | undefined {
  const ends = [model.inputs.length, model.outputs.length];
  if (ends.some((count) => count !== 1)) {
    return { what: "model", expected: "of one input and one output", found: ends.join(" and ") };
  }
  const { inputShape } = model;
  const [height, width] = preprocessing.size;
  const picture = [null, height, width, channelCount(preprocessing.channels)];
  if (!shapeAccepts(inputShape, picture)) {
    return {
      what: "preprocessing",
      expected: `for the model's input ${formatShape(inputShape)}`,
      found: formatShape(picture),
    };
  }
  const { shape: output } = model.output;
  const [, units] = output;
  if (output.length !== 2 || typeof units !== "number") {
    return { what: "model", expected: "a classifier with output (None, classes)", found: formatShape(output) };
  }
  if (labels.length !== labelCount(units)) {
    return {
      what: "labels",
      expected: `${labelCount(units)} for the model's ${units} ${units === 1 ? "output" : "outputs"}`,
      found: `${labels.length}`,
    };
  }
  if (isAlwaysOne(model)) {
    const expected = 'one whose only unit has activation "sigmoid", for softmax over one unit is always 1';
    return { what: "model", expected, found: formatShape(output) };
  }
  return misnamed(labels);
}

/**
 * Who reads an answer must know which class it names. Some classes may share a label, as "crane", a bird and a machine,
 * does among ImageNet's.
 */
function misnamed(labels: readonly string[]): Misfit | undefined {
  const nameless = labels.findIndex((label) => label.trim() === "");
  if (nameless !== -1)
    return { what: "labels", expected: "a text for each class", found: `no text for class ${nameless}` };
  if (labels.length === 1 || new Set(labels).size > 1) return undefined;
  return { what: "labels", expected: "at least two different texts", found: `${labels[0]} for every class` };
}
