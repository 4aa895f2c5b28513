import {
  type FixedShape,
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  type RandomState,
  RandomStream,
  type Shape,
  ShapeError,
  checkOptions,
  formatShape,
  sizeOf,
} from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { activationOf } from "../parts/activations.ts";
import { type GraphNode, GraphTensor, createNode } from "./graph-tensor.ts";
import { type InputValues, callWithValues, listValues } from "./input-values.ts";
import type { Initializer } from "../parts/initializers/initializer.ts";
import { type KerasObject, float32Policy, serializePart, snakeCase } from "../config/keras-object.ts";
import type { LayerConfig } from "./layer-config.ts";
import { requireBoolean, requireShape, requireShapes } from "../config/options.ts";
import { requireName } from "../config/paths.ts";
import { readTraining } from "./read-training.ts";
import { isOwnLayer } from "./own-layers.ts";
import type { InnerWork } from "@featuremap/operations";
import { type PassShapes, layerPass } from "./pass-shapes.ts";
import { registeredNameOf } from "../config/registered-names.ts";
import { type Regularizer, resolveRegularizer } from "../parts/regularizers.ts";
import { Weight, type WeightOptions } from "./weight.ts";

/** A tensor that a graph will compute: its shape and the layer it comes from, without values. */
export type SymbolicTensor = GraphTensor<Layer>;

/** One use of a layer in a graph. */
export type LayerNode = GraphNode<Layer>;

/** What a layer needs to know about the pass it takes part in. */
export interface CallContext {
  /** Whether the pass is a training step: dropout drops then, and normalisation uses the batch. */
  readonly training: boolean;
  /** Takes the scalars that activity regularizers add to the loss; absent where nobody asks for them. */
  readonly losses?: tf.Tensor[] | undefined;
}

/** How a layer is used. */
export interface ApplyOptions {
  /**
   * Whether the layer trains in this use: with `false` a `BatchNormalization` keeps to its moving moments, as one does in a part
   * that is not to change while the rest learns. On values `false` unless said otherwise; in a graph what the pass does.
   */
  readonly training?: boolean | undefined;
}

/** Elements of a weight that devices can count in 32 bits with a sign. */
const mostElements = 2 ** 31;

const noWork: InnerWork = { operations: 0, elements: 0 };

interface LayerClass {
  readonly className: string;
  readonly options?: Readonly<Record<string, true>>;
}

/**
 * One step of a network: shapes, weights and what it computes.
 *
 * Life of a layer: constructed from a checked config; applied to symbolic tensors, which works out shapes; built once,
 * when a model takes it, which creates its weights; then called with tensors.
 * A subclass says `static className` and `options`, `outputShape`, `call`, `getConfig`, and `createWeights` where it has any.
 */
export abstract class Layer<Config extends LayerConfig = LayerConfig> {
  /** Keras's class name; part of saved models. */
  static readonly className: string = "Layer";
  /** The options that the class takes; others are refused. A class that does not say them takes any. */
  static readonly options?: Readonly<Record<string, true>>;
  readonly config: Config;
  readonly activityRegularizer: Regularizer | null;
  /** Every use of the layer, in order. */
  readonly nodes: readonly LayerNode[] = [];
  #name: string | undefined;
  #trainable: boolean;
  #buildShape: Shape | null = null;
  #random: RandomStream | null = null;
  readonly #weights: Weight[] = [];
  readonly #initializers = new Map<Weight, Initializer>();

  /** @throws {InvalidConfigError} an option is unknown, or has a value that the layer cannot work with. */
  constructor(config: Config) {
    // What a subclass adds is not in the list that it inherits.
    const { className, options } = this.constructor as unknown as LayerClass;
    checkOptions(className, config, Object.hasOwn(this.constructor, "options") ? options : undefined);
    this.config = config;
    this.#name = (config.name ?? undefined) === undefined ? undefined : requireName(className, config.name);
    this.#trainable = requireBoolean(className, "trainable", config.trainable, true);
    if (config.dtype !== undefined && config.dtype !== "float32") {
      throw new InvalidConfigError(className, "dtype", '"float32"', config.dtype);
    }
    for (const option of ["inputShape", "batchInputShape"] as const) {
      if (config[option] !== undefined) requireShape(className, config[option], option);
    }
    this.activityRegularizer = resolveRegularizer(className, "activityRegularizer", config.activityRegularizer);
  }

  get className(): string {
    return (this.constructor as unknown as LayerClass).className;
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
    this.#trainable = requireBoolean(this.name, "trainable", value, value);
  }

  /** Whether the layer knows its input and has its weights. */
  get built(): boolean {
    return this.#buildShape !== null || !this.buildsFromShape;
  }

  /** Whether anything in the layer depends on the shape of its input; Keras saves that shape then. */
  protected get buildsFromShape(): boolean {
    return true;
  }

  /**
   * Creates the weights for inputs of this shape; a second time it only checks the shape.
   *
   * @param random where first values and dropout masks come from
   * @throws {ShapeError} the layer cannot take such inputs.
   */
  build(input: Shape, random: RandomStream = new RandomStream()): void {
    this.outputShape(requireShape(this.name, input));
    if (this.#buildShape !== null) return;
    this.#random = random;
    this.createWeights(input);
    this.#buildShape = input;
  }

  /** {@link build} for layers of several inputs. */
  buildAll(inputs: readonly Shape[], random?: RandomStream): void {
    this.build(this.#only(requireShapes(this.name, inputs)), random);
  }

  /** Creates the weights through {@link addWeight}. */
  protected createWeights(_input: Shape): void {}

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

  /** The stream that a training call draws from. */
  protected get draws(): RandomStream {
    return this.random;
  }

  /** Where that stream stands, so that training can go on with the same draws another time. */
  saveRandomState(): RandomState {
    return this.draws.save();
  }

  /** Goes on with the draws after a state of {@link saveRandomState}. @throws {FormatError} it is none. */
  restoreRandomState(state: RandomState): void {
    this.draws.assign(state);
  }

  /**
   * Shape of the output for an input shape with the batch axis first.
   *
   * @throws {ShapeError} the layer cannot take such inputs.
   */
  abstract outputShape(input: Shape): Shape;

  /** {@link outputShape} under Keras's name. */
  computeOutputShape(input: Shape): Shape {
    return this.outputShape(requireShape(this.name, input));
  }

  /** Shapes of all outputs; layers of several inputs or outputs say more here than in {@link outputShape}. */
  inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    return [this.outputShape(this.#only(requireShapes(this.name, inputs)))];
  }

  /** Shapes of what a prediction gives, where that is not what {@link inferShapes} promises. */
  protected predictedShapes(inputs: readonly Shape[]): readonly Shape[] {
    return this.inferShapes(inputs);
  }

  /** The shapes that one call gives, and what work that is; lengths that only data will tell count as 1. */
  measure(inputs: readonly Shape[], { training = false }: ApplyOptions = {}): PassShapes {
    const outputs = training ? this.inferShapes(inputs) : this.predictedShapes(inputs);
    const { operations, elements } = this.innerWork(inputs, outputs);
    const activating = activationOf(this)?.innerWork?.(outputs[0] ?? []) ?? noWork;
    return layerPass(this.name, inputs, outputs, {
      operations: operations + activating.operations,
      elements: elements + activating.elements,
    });
  }

  /** What a prediction does besides reading inputs and writing outputs once: the products of a kernel, the reads of a window. */
  protected innerWork(_inputs: readonly Shape[], _outputs: readonly Shape[]): InnerWork {
    return noWork;
  }

  /** Whether only this package's code sees the values that pass through; a model then frees each after its last use. */
  get isOwn(): boolean {
    return isOwnLayer(this);
  }

  /** The layers that this one is made of, which have the weights and the random streams then; `null` for most. */
  get innerLayers(): readonly Layer[] | null {
    return null;
  }

  /** Calls of layers that one use makes: more than one for a model. */
  get callCount(): number {
    return 1;
  }

  /**
   * The output for one batch, which may be the input itself.
   *
   * Intermediate tensors are left to the tidy around the call.
   */
  abstract call(input: tf.Tensor, context: CallContext): tf.Tensor;

  /** All outputs for all inputs; layers of several inputs or outputs say more here than in {@link call}. */
  callAll(inputs: readonly tf.Tensor[], context: CallContext): readonly tf.Tensor[] {
    return [this.call(this.#only(inputs), context)];
  }

  /** Whether the layer takes a list of inputs, which Keras's saved models then write as a list even of one. */
  get takesList(): boolean {
    return false;
  }

  /** Whether Keras's layer takes a mask, of which its saved models then tell that there is none. */
  get takesMask(): boolean {
    return false;
  }

  /**
   * Uses the layer: in a graph, which works out shapes, or on values, which computes them. Keras writes `layer(x)`.
   *
   * @param input one tensor of a graph, or values with the batch axis first: a tensor, a host array, numbers in nested lists;
   *   a list of them for a layer of several inputs
   * @returns a tensor of the graph, or a float32 tensor, which the caller owns
   * @throws {ShapeError} the layer cannot take such inputs.
   * @throws {NotReadyError} there are values, and no device is open to compute with.
   */
  apply(input: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  apply(input: InputValues | readonly InputValues[], options?: ApplyOptions): tf.Tensor;
  apply(input: unknown, options: ApplyOptions = {}): SymbolicTensor | tf.Tensor {
    const list: readonly unknown[] = Array.isArray(input) && input.some(isGraphTensor) ? input : [input];
    if (list.some(isGraphTensor)) return this.#only(this.applyAll(list as readonly SymbolicTensor[], options));
    const training = readTraining(this.name, options) ?? false;
    const values =
      this.takesList && Array.isArray(input) ? (input as unknown[]) : listValues(this.name, input, this.inputCount);
    return this.#only(callWithValues(this, values, { training }));
  }

  /** Number of inputs of a layer that does not take a list of any length. */
  protected get inputCount(): number {
    return 1;
  }

  /** {@link apply} for a layer of several inputs or outputs. @throws {ShapeError} the layer cannot take such inputs. */
  applyAll(inputs: readonly SymbolicTensor[], options?: ApplyOptions): readonly SymbolicTensor[];
  applyAll(inputs: readonly InputValues[], options?: ApplyOptions): readonly tf.Tensor[];
  applyAll(
    inputs: readonly SymbolicTensor[] | readonly InputValues[],
    options: ApplyOptions = {},
  ): readonly SymbolicTensor[] | readonly tf.Tensor[] {
    const training = readTraining(this.name, options);
    if (Array.isArray(inputs) && inputs.length > 0 && !inputs.some(isGraphTensor)) {
      return callWithValues(this, inputs, { training: training ?? false });
    }
    if (!Array.isArray(inputs) || !inputs.every(isGraphTensor)) {
      throw new InvalidConfigError(this.name, "inputs", "tensors of Input or of other layers, or values alone", inputs);
    }
    const shapes = this.inferShapes(inputs.map((input) => input.shape));
    return this.addNode(inputs, shapes, training).outputs;
  }

  /** Records one use. */
  protected addNode(inputs: readonly SymbolicTensor[], outputShapes: readonly Shape[], training?: boolean): LayerNode {
    const node = createNode<Layer>(this, inputs, outputShapes, training);
    (this.nodes as LayerNode[]).push(node);
    return node;
  }

  /** What the layer's first use takes in. @throws {InvalidConfigError} it is not in a graph, or takes several. */
  get input(): SymbolicTensor {
    return this.#only(this.#firstNode().inputs);
  }

  /** What the layer's first use gives out. @throws {InvalidConfigError} it is not in a graph, or gives several. */
  get output(): SymbolicTensor {
    return this.#only(this.#firstNode().outputs);
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

  /** Keras's own keys and values: what makes an equal layer again. */
  getConfig(): Record<string, unknown> {
    return {
      name: this.name,
      trainable: this.trainable,
      dtype: float32Policy,
      ...(this.activityRegularizer !== null && { activity_regularizer: serializePart(this.activityRegularizer) }),
    };
  }

  /** The arguments of one use in Keras 3's JSON, of which these are the tensors. */
  serializeArguments(tensors: readonly unknown[]): readonly unknown[] {
    return tensors.length === 1 && !this.takesList ? tensors : [tensors];
  }

  /** The layer in Keras 3's JSON. */
  serialize(): KerasObject & Record<string, unknown> {
    const registered = registeredNameOf(this.constructor);
    return {
      module: registered === null ? "keras.layers" : null,
      class_name: this.className,
      config: this.getConfig(),
      registered_name: registered,
      ...(this.#buildShape !== null && this.buildsFromShape && { build_config: { input_shape: this.#buildShape } }),
    };
  }

  /** Frees the weights' memory; the layer, and every model that shares it, cannot be used afterwards. */
  dispose(): void {
    for (const weight of this.weights) weight.dispose();
  }

  #firstNode(): LayerNode {
    const [node] = this.nodes;
    if (node === undefined)
      throw new InvalidConfigError(this.name, "layer", "part of a graph", "a layer never applied");
    return node;
  }

  #only<Item>(items: readonly Item[]): Item {
    const [item] = items;
    if (item === undefined || items.length > 1) {
      throw new InvalidConfigError(this.name, "inputs and outputs", "one each", `${items.length}`);
    }
    return item;
  }
}

/** @throws {InvalidConfigError} it is not a stream. */
export function requireStream(owner: string, random: unknown): RandomStream {
  if (random instanceof RandomStream) return random;
  throw new InvalidConfigError(owner, "random", "a RandomStream", random);
}

function isGraphTensor(value: unknown): value is SymbolicTensor {
  return value instanceof GraphTensor;
}
