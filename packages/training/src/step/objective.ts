import type { Model, Weight } from "@featuremap/layers";
import {
  type FixedShape,
  type HostArray,
  InvalidConfigError,
  type Shape,
  ShapeError,
  formatShape,
  shapesEqual,
} from "@featuremap/tensor";
import { type Rank, type Scalar, type Tensor, addN, mul, reshape } from "@tensorflow/tfjs-core";
import { yesOrNo } from "../losses/check-labels.ts";
import type { Loss } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";
import { checkWeighedClasses } from "../data/class-weights.ts";
import { findLogits } from "./find-logits.ts";
import type { OutputPlan } from "./output-plan.ts";
import type { TrainingBatch } from "../data/training-batch.ts";
import { warnOfEnding } from "./warn-of-logits.ts";

/** One output of a model, once a batch has shown what its labels look like. */
export interface JudgedOutput {
  readonly prefix: string;
  /** Absent for an output that adds nothing to the loss. */
  readonly loss: Loss | undefined;
  readonly weight: number;
  readonly metrics: readonly JudgedMetric[];
}

/** A metric of an output. */
export interface JudgedMetric {
  readonly metric: Metric;
  /** Before its own keys in logs. */
  readonly prefix: string;
  /** Whether it takes sample weights. */
  readonly weighted: boolean;
}

/** What one batch comes to, on the device. */
export interface Evaluated {
  readonly outputs: readonly Tensor[];
  /** With what regularizers add. */
  readonly loss: Scalar;
  /** Of each output that has one, unweighted. */
  readonly losses: readonly Scalar[];
}

/** A weight to train and its path in the model. */
export interface NamedWeight {
  readonly name: string;
  readonly weight: Weight;
}

/** A model and what it is judged by, once a batch has shown what the data look like. */
export class Objective {
  readonly model: Model;
  readonly outputs: readonly JudgedOutput[];
  readonly #inputShapes: readonly FixedShape[];
  readonly #outputShapes: readonly Shape[];
  #weights: readonly NamedWeight[] | undefined;

  /**
   * Builds the model if it waits for the shape of its input.
   *
   * @throws {ShapeError} the batch does not fit the model.
   * @throws {InvalidConfigError} a weight is given for a class that the model does not have.
   */
  constructor(model: Model, plans: readonly OutputPlan[], { inputs, targets, classWeight }: TrainingBatch) {
    this.#inputShapes = inputs.map((x) => x.shape.slice(1));
    const shapes = this.#inputShapes.map((shape) => [null, ...shape]);
    if (!model.built) model.buildAll(shapes);
    this.model = model;
    this.#outputShapes = model.inferShapes(shapes);
    if (this.#outputShapes.length !== plans.length || targets.length !== plans.length) {
      const expected = `${this.#outputShapes.length}, one for each output`;
      throw new ShapeError("Trainer", "losses and labels", expected, `${plans.length} and ${targets.length}`);
    }
    const outputs = this.outputShapes(inputs);
    this.outputs = plans.map(({ prefix, loss, weight, metrics }, index) => ({
      prefix,
      loss: loss?.suiting(targets[index]?.shape ?? [], outputs[index] ?? []),
      weight,
      metrics: metrics.map((request) => ({
        metric: request.resolve(targets[index]?.shape ?? [], outputs[index] ?? []),
        prefix: request.prefix,
        weighted: request.weighted,
      })),
    }));
    const binary = this.outputs[0]?.loss?.activation === "sigmoid";
    if (classWeight) checkWeighedClasses(classWeight, outputs[0]?.at(-1) ?? 1, binary);
  }

  /** The weights to train. @throws {InvalidConfigError} there is none. */
  get trainableWeights(): readonly NamedWeight[] {
    if (this.#weights === undefined) {
      const names = new Map([...this.model.namedWeights()].map(([name, weight]) => [weight, name]));
      this.#weights = this.model.trainableWeights.map((weight) => ({ name: names.get(weight) ?? weight.name, weight }));
    }
    if (this.#weights.length > 0) return this.#weights;
    throw new InvalidConfigError("Trainer.fit", "model", "one with trainable weights", this.model.name);
  }

  /** Shapes of the model's outputs for these inputs. */
  outputShapes(inputs: readonly HostArray[]): readonly FixedShape[] {
    const usual = inputs.every((x, index) => shapesEqual(x.shape.slice(1), this.#inputShapes[index] ?? []));
    const shapes = usual ? this.#outputShapes : this.model.inferShapes(inputs.map((x) => x.shape));
    return shapes.map((shape) => shape.map((length) => length ?? inputs[0]?.shape[0] ?? 0));
  }

  /** @throws {ShapeError} labels and outputs do not fit. @throws {InvalidConfigError} a loss cannot take a label. */
  checkTargets({ inputs, targets }: TrainingBatch): void {
    const shapes = this.outputShapes(inputs);
    for (const [index, target] of targets.entries()) {
      if (target) this.outputs[index]?.loss?.checkTarget(target, shapes[index] ?? []);
    }
  }

  /**
   * Outputs and loss of one batch, with what regularizers add. To be called while a gradient is recorded: only then are
   * the logits of a final softmax or sigmoid found.
   */
  evaluate(
    inputs: readonly Tensor[],
    targets: readonly (Tensor | undefined)[],
    sampleWeights: readonly (Tensor | undefined)[],
    training: boolean,
  ): Evaluated {
    const activityLosses: Scalar[] = [];
    const outputs = this.model.callAll(inputs, { training, losses: activityLosses });
    const judged = this.outputs.flatMap(({ loss, weight }, index) => (loss ? [{ loss, weight, index }] : []));
    const losses = judged.map(({ loss, index }) => {
      const [target, output] = [targets[index] as Tensor, outputs[index] as Tensor];
      if (training) refuseConstant(output);
      const logits = loss.activation && findLogits(output, loss.activation);
      if (training && !logits) warnOfEnding(this.model, loss, output);
      return reshape<Rank.R0>(loss.apply(target, output, { logits, sampleWeight: ofOutput(sampleWeights, index) }), []);
    });
    const weighted = losses.map((loss, index): Scalar => {
      const { weight = 1 } = judged[index] ?? {};
      return weight === 1 ? loss : mul(loss, weight);
    });
    const parts = [...weighted, ...activityLosses, ...this.model.regularizationLosses()];
    return { outputs, losses, loss: parts.length === 1 ? (parts[0] as Scalar) : addN<Scalar>(parts) };
  }
}

/**
 * A softmax over one unit is 1 whatever goes in. Keras 3 warns of it.
 *
 * @throws {ShapeError} that is what made the output.
 */
function refuseConstant(output: Tensor): void {
  if (output.shape.at(-1) !== 1 || findLogits(output, "softmax") === undefined) return;
  throw new ShapeError("Trainer", "outputs of a softmax", `of 2 units or more (${yesOrNo})`, formatShape(output.shape));
}

/** An output's weights: its own, or those of all outputs. */
export function ofOutput<Item>(sampleWeights: readonly Item[], index: number): Item | undefined {
  return sampleWeights.length === 1 ? sampleWeights[0] : sampleWeights[index];
}
