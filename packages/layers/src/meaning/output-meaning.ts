import { InvalidConfigError } from "@featuremap/tensor";
import type { SymbolicTensor } from "../layer/layer.ts";
import { Model } from "../model/model.ts";
import { Sequential } from "../model/sequential.ts";
import { type Claim, areProbabilities, unknown } from "./claims.ts";
import { computingClass } from "./computing-class.ts";
import { claimOf } from "./rules.ts";

/**
 * How a classifier's outputs become probabilities of its classes.
 *
 * - `probabilities`: they are that already, whether they add up to 1 or each class stands by itself
 * - `logits`: by softmax, or by sigmoid where there is a single output
 * - `binaryLogits`: by sigmoid, one class independent of the others
 */
export type OutputMeaning = "probabilities" | "logits" | "binaryLogits";

const meanings: readonly unknown[] = ["probabilities", "logits", "binaryLogits"] satisfies OutputMeaning[];

/** Whether a value that came from a file or from plain JavaScript is one of them. */
export function isOutputMeaning(value: unknown): value is OutputMeaning {
  return meanings.includes(value);
}

/**
 * What the outputs of a classifier mean, as far as its graph says.
 *
 * Layers that make scores, softmax and sigmoid are followed through what comes after them: reshaping, pooling, dropout,
 * weighted means of several heads, nested models, and the same as operations of Keras between layers. A linear output counts as `logits`; that of a multi-label classifier, which
 * looks the same, has to be told apart by who trained it.
 *
 * @param model of one output, of shape `[batch, classes]`
 * @returns `unknown` where neither can be said: after other activations, and after layers of the user's own
 * @throws {InvalidConfigError} the model has several outputs, or does not know its input shape yet.
 */
export function outputMeaning(model: Model): OutputMeaning | "unknown" {
  if (!(model instanceof Model)) throw new InvalidConfigError("outputMeaning", "model", "a Model", model);
  const { shape } = model.output;
  const claim = claimOfOutput(model);
  if (areProbabilities(claim, shape)) return "probabilities";
  return claim.kind === "scores" ? "logits" : "unknown";
}

/**
 * Whether a model's only number is 1 for every input, as softmax over one unit is: a sigmoid was meant.
 *
 * @param model of one output, of shape `[batch, classes]`
 * @throws {InvalidConfigError} the model has several outputs, or does not know its input shape yet.
 */
export function isAlwaysOne(model: Model): boolean {
  if (!(model instanceof Model)) throw new InvalidConfigError("isAlwaysOne", "model", "a Model", model);
  const { shape } = model.output;
  const claim = claimOfOutput(model);
  return shape.slice(1).every((length) => length === 1) && claim.kind === "shares" && areProbabilities(claim, shape);
}

function claimOfOutput(model: Model): Claim {
  const given = model.inputs.map(() => unknown);
  return new GraphReader().outputsOf(model, given)[0] ?? unknown;
}

const models: ReadonlySet<unknown> = new Set([Model, Sequential]);

/** Follows claims through graphs; the same model under the same claims is read once, however often it is used. */
class GraphReader {
  readonly #known = new Map<Model, Map<string, readonly Claim[]>>();

  outputsOf(model: Model, inputs: readonly Claim[]): readonly Claim[] {
    // A class of the user's own may call its layers in another way than its graph says.
    if (!model.connected || computingClass(model, models) === undefined) return [];
    const key = JSON.stringify(inputs);
    const known = this.#known.get(model) ?? new Map<string, readonly Claim[]>();
    this.#known.set(model, known);
    const outputs = known.get(key) ?? this.#read(model, inputs);
    known.set(key, outputs);
    return outputs;
  }

  #read(model: Model, inputs: readonly Claim[]): readonly Claim[] {
    const { graph } = model;
    const claims = new Map<SymbolicTensor, Claim>();
    const claimFor = (tensor: SymbolicTensor): Claim => claims.get(tensor) ?? unknown;
    graph.inputs.forEach((tensor, index) => claims.set(tensor, inputs[index] ?? unknown));
    for (const { layer, inputs: taken, outputs } of graph.levels.flat()) {
      if (taken.length === 0) continue;
      const given = taken.map(claimFor);
      const shapes = taken.map(({ shape }) => shape);
      const results = layer instanceof Model ? this.outputsOf(layer, given) : [];
      for (const [index, output] of outputs.entries()) {
        claims.set(
          output,
          layer instanceof Model ? (results[index] ?? unknown) : claimOf(layer, given, shapes, output.shape),
        );
      }
    }
    return graph.outputs.map(claimFor);
  }
}
