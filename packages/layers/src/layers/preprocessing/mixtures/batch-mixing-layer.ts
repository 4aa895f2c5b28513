import { HostArray, type RandomStream, type Shape, ShapeError, checkOptions, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { InputValues } from "../../../layer/input-values.ts";
import type { ApplyOptions, CallContext, SymbolicTensor } from "../../../layer/layer.ts";
import { type AugmentationConfig, AugmentationLayer } from "../augmentation-layer.ts";
import { formatShapes } from "../../../layer/merging-layer.ts";
import { requireShapes } from "../../../config/options.ts";

/** The other image of the batch that each image is mixed with, and its own share of the mixed label. */
export interface BatchMix {
  readonly permutationOrder: readonly number[];
  readonly mixWeight: readonly number[];
}

/** Images of a batch with their labels, one-hot or as shares. */
export interface LabelledBatch<Values> {
  readonly images: Values;
  readonly labels: Values;
}

/**
 * A layer that mixes each image of a batch with another one while training, and their labels in the same way.
 *
 * It takes images alone, `{ images, labels }`, or both in a list with `applyAll`, and returns the same form. Labels that do not
 * pass through it stay as they are, such as those that a model of images alone is trained on.
 */
export abstract class BatchMixingLayer<
  Config extends AugmentationConfig,
  Transformation extends BatchMix,
> extends AugmentationLayer<Config, Transformation> {
  /** Keras 3.15 writes nothing for images with labels. */
  override usualTraining(inputs: number): boolean | null {
    return inputs === 1 ? super.usualTraining(inputs) : null;
  }

  override apply(input: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  override apply(input: InputValues | readonly InputValues[], options?: ApplyOptions): tf.Tensor;
  override apply(input: LabelledBatch<InputValues>, options?: ApplyOptions): LabelledBatch<tf.Tensor>;
  override apply(input: unknown, options: ApplyOptions = {}): SymbolicTensor | tf.Tensor | LabelledBatch<tf.Tensor> {
    if (!isRecord(input)) return super.apply(input as InputValues, options);
    const { images, labels } = input;
    checkOptions(`${this.name}.apply`, input, { images: true, labels: true });
    const outputs = this.applyAll([images, labels], options);
    return { images: outputs[0] as tf.Tensor, labels: outputs[1] as tf.Tensor };
  }

  override applyAll(inputs: readonly SymbolicTensor[], options?: ApplyOptions): readonly SymbolicTensor[];
  override applyAll(inputs: readonly InputValues[], options?: ApplyOptions): readonly tf.Tensor[];
  override applyAll(
    inputs: readonly unknown[],
    options?: ApplyOptions,
  ): readonly SymbolicTensor[] | readonly tf.Tensor[] {
    const labels = Array.isArray(inputs) ? (inputs[1] as unknown) : undefined;
    // A column may hold shares of one class, but integers are class indices.
    if ((labels instanceof HostArray || labels instanceof tf.Tensor) && labels.dtype === "int32") {
      if (labels.rank === 2 && labels.shape[1] === 1) {
        const found = `${formatShape(labels.shape)} of class indices`;
        throw new ShapeError(this.name, "labels", `(${labels.shape[0]}, classes), one-hot`, found);
      }
    }
    return super.applyAll(inputs as readonly InputValues[], options);
  }

  /**
   * Mixes the labels of the same images. Source: Keras `transform_labels`.
   *
   * @param labels `[batch, classes]`, one-hot or shares
   */
  transformLabels(labels: tf.Tensor, { permutationOrder, mixWeight }: Transformation): tf.Tensor {
    const weight = tf.tensor([...mixWeight], [mixWeight.length, ...labels.shape.slice(1).map(() => 1)]);
    return tf.add(tf.mul(weight, labels), tf.mul(tf.sub(1, weight), inOrder(labels, permutationOrder)));
  }

  override inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    const [images = [], labels, ...more] = requireShapes(this.name, inputs);
    const output = this.outputShape(images);
    if (labels === undefined) return [output];
    if (more.length > 0) throw new ShapeError(this.name, "inputs", "images and labels", formatShapes(inputs));
    const [count = null, size = null] = [images[0], labels[0]];
    const fits = count === null || size === null || count === size;
    if (images.length === 4 && !(labels.length > 1 && fits)) {
      const wanted = `(${count === null ? "batch" : count}, classes), one-hot`;
      throw new ShapeError(this.name, "labels", wanted, formatShape(labels));
    }
    return [output, labels];
  }

  override buildAll(inputs: readonly Shape[], random?: RandomStream): void {
    this.inferShapes(inputs);
    this.build(inputs[0] ?? [], random);
  }

  override callAll(inputs: readonly tf.Tensor[], context: CallContext): readonly tf.Tensor[] {
    const [images, labels] = inputs;
    // A single image has no other to be mixed with.
    if (images === undefined || labels === undefined || images.rank !== 4 || !this.isActive(context)) {
      return images === undefined || labels === undefined ? super.callAll(inputs, context) : [images, labels];
    }
    const transformation = this.getRandomTransformation(images.shape);
    return [this.transformImages(images, transformation), this.transformLabels(labels, transformation)];
  }

  /** Images and labels as Keras's layer takes them. */
  override serializeArguments(tensors: readonly unknown[]): readonly unknown[] {
    const [images, labels] = tensors;
    return labels === undefined ? tensors : [{ images, labels }];
  }
}

function isRecord(input: unknown): input is LabelledBatch<InputValues> {
  return typeof input === "object" && input !== null && Object.getPrototypeOf(input) === Object.prototype;
}

/** The examples of a batch in another order. */
export function inOrder(batch: tf.Tensor, order: readonly number[]): tf.Tensor {
  return tf.gather(batch, tf.tensor1d([...order], "int32"));
}
