import {
  type FixedShape,
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  Option,
  type RandomState,
  RandomStream,
  ShapeError,
  formatShape,
  sizeOf,
} from "@featuremap/tensor";
import { Configured } from "../config/configured.ts";
import { float32Policy, serializePart, snakeCase } from "../config/keras-object.ts";
import { requireName } from "../config/paths.ts";
import type { Initializer } from "../parts/initializers/initializer.ts";
import type { Regularizer } from "../parts/regularizers.ts";
import { type LayerConfig, layerOptions, settleLayerConfig } from "./layer-config.ts";
import { Weight, type WeightOptions } from "./weights/weight.ts";

/** Elements of a weight that devices can count in 32 bits with a sign. */
const mostElements = 2 ** 31;

/** What a layer is called and what it holds: its config, weights and random stream. What it computes is for `Layer`. */
export abstract class LayerState<Config extends LayerConfig = LayerConfig> extends Configured {
  static override readonly className: string = "Layer";
  readonly config: Config;
  readonly activityRegularizer: Regularizer | null;
  #name: string | undefined;
  #trainable: boolean;
  #random: RandomStream | null = null;
  readonly #weights: Weight[] = [];
  readonly #initializers = new Map<Weight, Initializer>();

  /** @throws {InvalidConfigError} an option is unknown, or has a value that the layer cannot work with. */
  constructor(config: Config) {
    super(config);
    this.config = config;
    const { className } = this.constructor as typeof LayerState;
    const { name, trainable, activityRegularizer } = settleLayerConfig(className, config);
    this.#name = name;
    this.#trainable = trainable;
    this.activityRegularizer = activityRegularizer;
  }

  /** The config's name, or the one a model gave, or Keras's default for the class. */
  get name(): string {
    return this.#name ?? snakeCase(this.className);
  }

  /** Whether the name is settled, so that no model may choose another. */
  get isNamed(): boolean {
    return this.#name !== undefined;
  }

  /** Settles the name of a layer whose config has none; models do this. */
  settleName(name: string): void {
    this.#name ??= requireName(this.className, name);
  }

  /** Whether optimizers may change the layer's weights. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(value: boolean) {
    this.#trainable = Option.flag().check(this.name, "trainable", value);
  }

  /** Adds a weight whose first values come from the initializer, with a random stream of its own. */
  protected addWeight(name: string, shape: FixedShape, initializer: Initializer, options: WeightOptions = {}): Weight {
    requireName(this.name, name, "weight name");
    if (this.#weights.some((weight) => weight.name === name)) {
      throw new InvalidConfigError(this.name, "weight name", "unique in the layer", name);
    }
    if (!(sizeOf(shape) < mostElements)) {
      throw new ShapeError(this.name, `weight ${name}`, "of fewer than 2^31 elements", formatShape(shape));
    }
    const weight = new Weight(name, shape, this.#initial(name, shape, initializer), options);
    this.#weights.push(weight);
    this.#initializers.set(weight, initializer);
    return weight;
  }

  #initial(name: string, shape: FixedShape, initializer: Initializer): () => Float32Array {
    const random = this.random.fork(name);
    return () => initializer.initialize(shape, random);
  }

  /** Takes random values from another stream from now on; weights that were read or written keep their values. */
  reseed(random: RandomStream): void {
    this.#random = requireStream(this.name, random);
    for (const [weight, initializer] of this.#initializers) {
      weight.replaceInitial(this.#initial(weight.name, weight.shape, initializer));
    }
  }

  /** The stream that the layer was built with. */
  protected get random(): RandomStream {
    this.#random ??= new RandomStream();
    return this.#random;
  }

  protected set random(random: RandomStream) {
    this.#random = random;
  }

  /** The stream that a training call draws from. */
  protected get draws(): RandomStream {
    return this.random;
  }

  /** Where that stream stands, so that training can go on with the same draws another time. */
  saveRandomState(): RandomState {
    return this.draws.save();
  }

  /** Goes on with the draws after a state of {@link saveRandomState}. @throws {FormatError} it is not such a state. */
  restoreRandomState(state: RandomState): void {
    this.draws.assign(state);
  }

  /** All weights, in Keras's order. */
  get weights(): readonly Weight[] {
    return this.#weights;
  }

  /** The weights that optimizers may change now. */
  get trainableWeights(): readonly Weight[] {
    return this.trainable ? this.weights.filter((weight) => weight.trainable) : [];
  }

  get nonTrainableWeights(): readonly Weight[] {
    const trainable = new Set(this.trainableWeights);
    return this.weights.filter((weight) => !trainable.has(weight));
  }

  /** Number of elements in all weights. */
  countParams(): number {
    return this.weights.reduce((count, { size }) => count + size, 0);
  }

  /** Copies of all weights' values, in the order of {@link weights}. */
  async getWeights(): Promise<HostArray<Float32Array>[]> {
    return Promise.all(this.weights.map((weight) => weight.read()));
  }

  /**
   * Replaces all weights' values, in the order of {@link weights}.
   *
   * @param values host arrays, or numbers in nested lists
   * @throws {ShapeError} number or shapes differ; then nothing was replaced.
   */
  setWeights(values: readonly (HostArray | NestedNumbers)[]): void {
    const { weights } = this;
    if (!Array.isArray(values))
      throw new InvalidConfigError(this.name, "weights", "a list of HostArrays or nested lists", values);
    if (values.length !== weights.length) {
      throw new ShapeError(this.name, "weights", `${weights.length} arrays`, `${values.length}`);
    }
    const arrays = values.map((value: unknown) =>
      Array.isArray(value) || typeof value === "number" ? HostArray.from(value as NestedNumbers) : (value as HostArray),
    );
    arrays.forEach((value, index) => weights[index]?.check(value));
    arrays.forEach((value, index) => weights[index]?.assign(value));
  }

  protected override get writtenOptions(): readonly string[] {
    return Object.keys(layerOptions);
  }

  override getConfig(): Record<string, unknown> {
    return {
      name: this.name,
      trainable: this.trainable,
      dtype: float32Policy,
      ...(this.activityRegularizer !== null && { activity_regularizer: serializePart(this.activityRegularizer) }),
      ...super.getConfig(),
    };
  }

  /** Frees the weights' memory; the layer, and every model that shares it, cannot be used afterwards. */
  dispose(): void {
    for (const weight of this.weights) weight.dispose();
  }
}

/** @throws {InvalidConfigError} it is not a stream. */
export function requireStream(owner: string, random: unknown): RandomStream {
  if (random instanceof RandomStream) return random;
  throw new InvalidConfigError(owner, "random", "a RandomStream", random);
}
