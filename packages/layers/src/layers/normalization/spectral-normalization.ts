import { InvalidConfigError, type OptionNames, type RandomStream, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { TruncatedNormal } from "../../parts/initializers/random.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { type CallContext, Layer } from "../../layer/layer.ts";
import { spectrallyNormalized } from "@featuremap/operations";
import type { PassShapes } from "../../layer/pass-shapes.ts";
import { collectActivityLosses } from "../../layer/activity-losses.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { requirePositiveInteger } from "../../config/options.ts";
import { requireBuilt } from "../../layer/weights/require-built.ts";

export interface SpectralNormalizationConfig extends LayerConfig {
  /** The layer whose kernel is normalised, used nowhere else: `Dense`, or a convolution. */
  readonly layer: Layer;
  /** Steps towards the largest singular value at each step of training. Default: 1. */
  readonly powerIterations?: number | undefined;
}

/**
 * Keeps the largest singular value of a layer's kernel at 1, as discriminators are trained with.
 *
 * Training: the kernel, as a matrix with a column for each of its last axis, is divided by an estimate of that value before the
 * layer is called; the weight `vector_u` holds the estimate's vector from step to step. Prediction: what the layer gives.
 * Shape: as the layer has it.
 * Source: Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018; Keras `SpectralNormalization`.
 *
 * @throws {InvalidConfigError} `layer` is not a layer, is made of others, or has no kernel, or `powerIterations` is not an integer
 * of at least 1.
 */
export class SpectralNormalization extends Layer<SpectralNormalizationConfig> {
  static override readonly className = "SpectralNormalization";
  static override readonly options: OptionNames<SpectralNormalizationConfig> = {
    layer: true,
    powerIterations: true,
    ...layerOptions,
  };
  readonly layer: Layer;
  readonly powerIterations: number;
  #vector: Weight | null = null;

  constructor(config: SpectralNormalizationConfig) {
    super(config);
    const { layer, powerIterations = 1 } = config;
    if (!(layer instanceof Layer) || layer.innerLayers !== null) {
      throw new InvalidConfigError("SpectralNormalization", "layer", "a layer that has a kernel", layer);
    }
    this.layer = layer;
    this.powerIterations = requirePositiveInteger("SpectralNormalization", "powerIterations", powerIterations);
    layer.settleName(layer.name);
    if (config.trainable !== undefined) layer.trainable = this.trainable;
  }

  override get trainable(): boolean {
    return super.trainable;
  }

  /** Freezes or frees the layer inside. */
  override set trainable(value: boolean) {
    super.trainable = value;
    this.layer.trainable = value;
  }

  override get isOwn(): boolean {
    return super.isOwn && this.layer.isOwn;
  }

  /** In Keras's order: the kernel, `vector_u`, and the bias. */
  override get weights(): readonly Weight[] {
    const [kernel, ...others] = this.layer.weights.toSorted(
      (a, b) => Number(b.name === "kernel") - Number(a.name === "kernel"),
    );
    return kernel === undefined ? super.weights : [kernel, ...super.weights, ...others];
  }

  override get trainableWeights(): readonly Weight[] {
    return this.trainable ? this.layer.trainableWeights : [];
  }

  protected override createWeights(input: Shape): void {
    this.layer.build(input, this.random.fork(this.layer.name));
    const columns = this.#kernel.shape.at(-1) ?? 1;
    const initializer = new TruncatedNormal({ stddev: 0.02 });
    this.#vector = this.addWeight("vector_u", [1, columns], initializer, { trainable: false });
  }

  get #kernel(): Weight {
    const kernel = this.layer.weights.find(({ name }) => name === "kernel");
    if (kernel !== undefined) return kernel;
    throw new InvalidConfigError(this.name, "layer", "a layer that has a kernel", this.layer.className);
  }

  override reseed(random: RandomStream): void {
    super.reseed(random);
    this.layer.reseed(random.fork(this.layer.name));
  }

  override outputShape(input: Shape): Shape {
    return this.layer.outputShape(input);
  }

  override measure(inputs: readonly Shape[]): PassShapes {
    return this.layer.measure(inputs);
  }

  override call(input: tf.Tensor, context: CallContext): tf.Tensor {
    if (context.training) this.#normalize();
    const output = this.layer.call(input, context);
    if (context.losses !== undefined) collectActivityLosses(this.layer, [output], context.losses);
    return output;
  }

  /** Changes the kernel itself, as Keras does; the gradient is that of the kernel as it is then. */
  #normalize(): void {
    const vector = requireBuilt(this.name, this.#vector).variable;
    const kernel = this.#kernel.variable;
    const next = spectrallyNormalized(kernel, vector as tf.Tensor as tf.Tensor2D, this.powerIterations);
    vector.assign(next.vector);
    kernel.assign(next.kernel);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), layer: this.layer.serialize(), power_iterations: this.powerIterations };
  }
}
