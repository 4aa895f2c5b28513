import { Model, isAlwaysOne } from "@featuremap/layers";
import { type Preprocessing, channelCount, requirePreprocessing } from "@featuremap/images";
import { InvalidConfigError, checkOptions, formatShape, shapeAccepts } from "@featuremap/tensor";
import { type ModelBundle, labelCount } from "./bundle.ts";

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
    throw new InvalidConfigError(owner, `${prefix}labels`, "a list of strings", labels);
  }
  const checked = requirePreprocessing(preprocessing, owner);
  checkClassifier(model, checked, labels, (what, expected, found) => {
    throw new InvalidConfigError(owner, prefix + what, expected, found);
  });
  return checked;
}

/** Throws the error: which part does not fit, what it must be, what it is. */
export type Refuse = (what: string, expected: string, found: string) => never;

/**
 * Checks that preprocessing and labels fit a classifier: pictures of the described size enter it, its answer can vary, and
 * each class has a name of its own.
 */
export function checkClassifier(
  model: Model,
  preprocessing: Preprocessing,
  labels: readonly string[],
  refuse: Refuse,
): void {
  checkEnds(model, refuse);
  checkPictures(model, preprocessing, refuse);
  checkLabels(model, labels, refuse);
}

function checkEnds(model: Model, refuse: Refuse): void {
  const ends = [model.inputs.length, model.outputs.length];
  if (ends.some((count) => count !== 1))
    refuse("model", "one with a single input and a single output", ends.join(" and "));
}

/** Checks that pictures of the described size enter the model. */
export function checkPictures(model: Model, preprocessing: Preprocessing, refuse: Refuse): void {
  if (model.inputs.length !== 1) refuse("model", "one with a single input", `${model.inputs.length}`);
  const { inputShape } = model;
  const [height, width] = preprocessing.size;
  const picture = [null, height, width, channelCount(preprocessing.channels)];
  if (!shapeAccepts(inputShape, picture)) {
    refuse("preprocessing", `for the model's input ${formatShape(inputShape)}`, formatShape(picture));
  }
}

/** Checks that each class of the model has a name of its own. */
export function checkLabels(model: Model, labels: readonly string[], refuse: Refuse): void {
  if (model.outputs.length !== 1) refuse("model", "one with a single output", `${model.outputs.length}`);
  const { shape: output } = model.output;
  const [, units] = output;
  if (output.length !== 2 || typeof units !== "number") {
    return refuse("model", "a classifier with output (None, classes)", formatShape(output));
  }
  if (labels.length !== labelCount(units)) {
    const expected = `${labelCount(units)} for the model's ${units} ${units === 1 ? "output" : "outputs"}`;
    refuse("labels", expected, `${labels.length}`);
  }
  if (isAlwaysOne(model)) {
    const expected = 'one whose only unit has activation "sigmoid", for softmax over one unit is always 1';
    refuse("model", expected, formatShape(output));
  }
  // Who reads an answer must know which class it names. Some classes may share a label, as "crane", a bird and a machine,
  // does among ImageNet's.
  const nameless = labels.findIndex((label) => label.trim() === "");
  if (nameless !== -1) refuse("labels", "a name for each class", `no name for class ${nameless}`);
  if (labels.length > 1 && new Set(labels).size === 1) {
    refuse("labels", "at least two different names", `${labels[0]} for every class`);
  }
}
