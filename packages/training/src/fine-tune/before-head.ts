import {
  Activation,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  type Layer,
  Model,
  Reshape,
  Softmax,
  type SymbolicTensor,
} from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";

/** What makes answers of scores. */
const answering: ReadonlySet<string> = new Set(["softmax", "logSoftmax", "log_softmax", "sigmoid"]);

/** A classifier's features, and its last layer with weights, which makes scores of them. */
export interface BeforeHead {
  readonly features: SymbolicTensor;
  readonly scoring: Layer;
}

/**
 * Where the head of a classifier begins that gives probabilities: before the last Dense or Conv2D, and the Dropout in front of it.
 * Undefined for a base, which gives features.
 *
 * @throws {InvalidConfigError} it gives probabilities, and nothing shows where its head begins.
 */
export function beforeHead(model: Model): BeforeHead | undefined {
  const { outputs } = model;
  const [output] = outputs;
  if (outputs.length !== 1 || output === undefined || output.shape.length !== 2) return undefined;
  if (!givesAnswers(output)) return undefined;
  const scoring = scoringTensor(output);
  let [features] = scoring?.node.inputs ?? [];
  while (features?.node.layer instanceof Dropout) [features] = features.node.inputs;
  if (scoring !== undefined && features !== undefined && features.node.inputs.length > 0) {
    return { features, scoring: scoring.node.layer };
  }
  const { layer } = output.node;
  const whole = layer instanceof Model ? layer.name : "whole";
  const cut = `new Model({ inputs: ${whole}.inputs, outputs: ${whole}.getLayer(NAME).output }) without its head`;
  throw new InvalidConfigError("fineTune", "model", `a base with classes, as ${cut}`, `one that ends in ${layer.name}`);
}

/** Whether what comes last is a softmax or a sigmoid over classes. */
function givesAnswers({ node }: SymbolicTensor): boolean {
  const { layer } = node;
  if (layer instanceof Model) return layer.outputs.length === 1 && givesAnswers(layer.output);
  if (layer instanceof Softmax) return true;
  if (layer instanceof Dense || layer instanceof Activation) return answering.has(layer.activation.name);
  const [input] = node.inputs;
  return (layer instanceof Flatten || layer instanceof Reshape) && input !== undefined && givesAnswers(input);
}

/** Scores of classes behind these answers, if nothing else lies between. */
function scoringTensor(answers: SymbolicTensor): SymbolicTensor | undefined {
  const { layer, inputs } = answers.node;
  if (layer instanceof Dense || layer instanceof Conv2D) return answers;
  const [input] = inputs;
  const isPlain = [Activation, Softmax, Flatten, Reshape, Dropout].some((kind) => layer instanceof kind);
  return isPlain && input !== undefined ? scoringTensor(input) : undefined;
}
