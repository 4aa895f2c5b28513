import { InvalidConfigError, Option, type Options, type RandomStream, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { spectrallyNormalized } from "@featuremap/operations";
import { collectActivityLosses } from "../../layer/activity-losses.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { type CallContext, Layer } from "../../layer/layer.ts";
import type { PassShapes } from "../../layer/pass-shapes.ts";
import { requireBuilt } from "../../layer/weights/require-built.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { TruncatedNormal } from "../../parts/initializers/random.ts";

export interface SpectralNormalizationConfig extends LayerConfig {
  /** The layer whose kernel is normalised, used nowhere else: `Dense`, or a convolution. */
  readonly layer: Layer;
  /** Steps towards the largest singular value at each step of training. Default: 1. */
  readonly powerIterations?: number | undefined;
}

const declared = {
  layer: new Option<Layer, Layer>({
    check: (owner, name, layer: Layer) => {
      if (layer instanceof Layer && layer.innerLayers === null) return layer;
      throw new InvalidConfigError(owner, name, "a layer that has a kernel", layer);
    },
    // Stays JSON: the reader of a document makes the layers, and counts them.
    read: (saved, key) => saved.take(key),
    write: (layer) => layer.serialize(),
  }),
  powerIterations: Option.integer().notNull().default(1),
};

/**
 * Keeps the largest singular value of a layer's kernel at 1, as in discriminators of generative adversarial networks.
 *
 * Training: the kernel, as a matrix with a column for each of its last axis, is divided by an estimate of that value before the
 * layer is called; the weight `vector_u` holds the estimate's vector from step to step. Prediction: the layer's own output.
 * Shape: as that of the layer.
 * Source: Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018; Keras `SpectralNormalization`.
 *
 * @throws {InvalidConfigError} `layer` is not a layer, is made of others, or has no kernel, or `powerIterations` is not an integer
 * of at least 1.
 */
export class SpectralNormalization extends Layer<SpectralNormalizationConfig> {
  static override readonly className: string = "SpectralNormalization";
  static override readonly options: Options<SpectralNormalizationConfig> = { ...declared, ...commonOptions };
  readonly layer: Layer;
  readonly powerIterations: number;
  #vector: Weight | null = null;

  constructor(config: SpectralNormalizationConfig) {
    super(config);
    const { layer, powerIterations } = this.settle(declared);
    this.layer = layer;
    this.powerIterations = powerIterations;
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

  override usualTraining(): boolean {
    return false;
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
}
