import type { Batch } from "@featuremap/datasets";
import type { Model, Weight } from "@featuremap/layers";
import { type FixedShape, type HostArray, InvalidConfigError, type Shape, shapesEqual } from "@featuremap/tensor";
import { type Rank, type Scalar, type Tensor, addN, reshape } from "@tensorflow/tfjs-core";
import type { Loss } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";
import type { MetricRequest } from "../metrics/resolve-metric.ts";
import { findLogits } from "./find-logits.ts";

/** A model and what it is judged by, once a batch has shown what the data look like. */
export class Objective {
  readonly model: Model;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  readonly #inputShape: FixedShape;
  readonly #outputShape: Shape;
  #weights: readonly Weight[] | undefined;

  /**
   * Builds the model if it waits for the shape of its input.
   *
   * @throws {ShapeError} the batch does not fit the model.
   */
  constructor(model: Model, loss: Loss, requests: readonly MetricRequest[], { x, y }: Batch) {
    this.#inputShape = x.shape.slice(1);
    const input = [null, ...this.#inputShape];
    if (!model.built) model.build(input);
    this.model = model;
    this.loss = loss;
    this.#outputShape = model.outputShape(input);
    const output = this.outputShape(x);
    this.metrics = requests.map((request) => request.resolve(y.shape, output));
  }

  /** The weights to train. @throws {InvalidConfigError} there is none. */
  get trainableWeights(): readonly Weight[] {
    this.#weights ??= this.model.trainableWeights;
    if (this.#weights.length > 0) return this.#weights;
    throw new InvalidConfigError("Trainer.fit", "model", "one with trainable weights", this.model.name);
  }

  /** Shape of the model's output for these inputs. */
  outputShape(x: HostArray): FixedShape {
    const usual = shapesEqual(x.shape.slice(1), this.#inputShape);
    const shape = usual ? this.#outputShape : this.model.outputShape(x.shape);
    return shape.map((length) => length ?? x.shape[0] ?? 0);
  }

  /**
   * Output and loss of one batch, with what regularizers add. To be called while a gradient is recorded: only then are
   * the logits of a final softmax or sigmoid found.
   */
  evaluate(x: Tensor, y: Tensor, training: boolean): { output: Tensor; loss: Scalar } {
    const activityLosses: Scalar[] = [];
    const output = this.model.call(x, { training, losses: activityLosses });
    const { activation } = this.loss;
    const logits = activation && findLogits(output, activation);
    const loss = reshape<Rank.R0>(this.loss.apply(y, output, { logits }), []);
    const penalties = [...activityLosses, ...this.model.regularizationLosses()];
    return { output, loss: penalties.length === 0 ? loss : addN<Scalar>([loss, ...penalties] as Scalar[]) };
  }
}
