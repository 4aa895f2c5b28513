import { InvalidConfigError, RandomStream, type Shape } from "@featuremap/tensor";
import type { InnerWork } from "@featuremap/operations";
import type * as tf from "@tensorflow/tfjs-core";
import { readsDeclared } from "../config/configured.ts";
import type { KerasObject } from "../config/keras-object.ts";
import { requireShape, requireShapes } from "../config/options.ts";
import { registeredNameOf } from "../config/registered-names.ts";
import { activationOf } from "../parts/activations.ts";
import { type GraphNode, GraphTensor, createNode } from "./graph-tensor.ts";
import { type InputValues, callWithValues, listValues } from "./input-values.ts";
import type { LayerConfig } from "./layer-config.ts";
import { LayerState } from "./layer-state.ts";
import { onlyOne } from "./only-one.ts";
import { isOwnLayer } from "./reading/own-layers.ts";
import { type PassShapes, layerPass } from "./pass-shapes.ts";
import { readTraining } from "./read-training.ts";

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
   * that is not to change while the rest learns. On values it is `false` by default; in a graph what the pass does.
   */
  readonly training?: boolean | undefined;
}

const noWork: InnerWork = { operations: 0, elements: 0 };

/**
 * One step of a network: shapes, weights and what it computes.
 *
 * A model calls the methods for lists, `buildAll`, `inferShapes`, `callAll` and `applyAll`. Here they pass on the only input, as
 * most layers take one; `MultiInputLayer` turns that round.
 * Life of a layer: constructed from a checked config; applied to symbolic tensors, which works out shapes; built once,
 * when a model takes it, which creates its weights; then called with tensors.
 * A subclass says `static className` and `options`, `outputShape`, `call`, `getConfig`, and `createWeights` where it has any.
 */
export abstract class Layer<Config extends LayerConfig = LayerConfig> extends LayerState<Config> {
  /** Every use of the layer, in order. */
  readonly nodes: readonly LayerNode[] = [];
  /** What the layer was built for: the shape of its input, or a list of those of several. */
  #builtFor: Shape | readonly Shape[] | null = null;

  /** Whether the layer knows its input and has its weights. */
  get built(): boolean {
    return this.#builtFor !== null || !this.buildsFromShape;
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
    this.buildOnce(input, random, () => this.createWeights(input));
  }

  /** {@link build} for layers of several inputs. */
  buildAll(inputs: readonly Shape[], random?: RandomStream): void {
    this.build(onlyOne(this.name, "input", requireShapes(this.name, inputs)), random);
  }

  /** Creates the weights through {@link addWeight}. */
  protected createWeights(_input: Shape): void {}

  /** Runs `create` with the stream in place, unless the layer is built already. */
  protected buildOnce(shapes: Shape | readonly Shape[], random: RandomStream, create: () => void): void {
    if (this.#builtFor !== null) return;
    this.random = random;
    create();
    this.#builtFor = shapes;
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

  /** {@link outputShape} for layers of several inputs or outputs. */
  inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    return [this.outputShape(onlyOne(this.name, "input", requireShapes(this.name, inputs)))];
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

  /** {@link call} for layers of several inputs or outputs. */
  callAll(inputs: readonly tf.Tensor[], context: CallContext): readonly tf.Tensor[] {
    return [this.call(onlyOne(this.name, "input", inputs), context)];
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
   * What Keras's layer takes for `training` where nobody says it, which Keras's saved models then hold, and which leaves it to the
   * pass all the same; `null` where they hold nothing.
   *
   * @param inputs how many tensors the use takes in
   */
  usualTraining(_inputs: number): boolean | null {
    return null;
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
    if (list.some(isGraphTensor)) {
      return onlyOne(this.name, "output", this.applyAll(list as readonly SymbolicTensor[], options));
    }
    const training = readTraining(this.name, options) ?? false;
    const values =
      this.takesList && Array.isArray(input) ? (input as unknown[]) : listValues(this.name, input, this.inputCount);
    return onlyOne(this.name, "output", callWithValues(this, values, { training }));
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
    return onlyOne(this.name, "input", this.#firstNode().inputs);
  }

  /** What the layer's first use gives out. @throws {InvalidConfigError} it is not in a graph, or gives several. */
  get output(): SymbolicTensor {
    return onlyOne(this.name, "output", this.#firstNode().outputs);
  }

  /** The arguments of one use in Keras 3's JSON, of which these are the tensors. */
  serializeArguments(tensors: readonly unknown[]): readonly unknown[] {
    return tensors.length === 1 && !this.takesList ? tensors : [tensors];
  }

  /** As `Configured.fromConfig`. */
  static override fromConfig(config: object): Layer {
    return super.fromConfig(config) as Layer;
  }
  static {
    readsDeclared.add(this);
  }

  /** Where Keras keeps the class, if that is not among its public layers. */
  protected get privateModule(): string | null {
    return null;
  }

  /** The layer in Keras 3's JSON. */
  serialize(): KerasObject & Record<string, unknown> {
    const registered = registeredNameOf(this.constructor);
    const { privateModule, className } = this;
    return {
      module: registered === null ? (privateModule ?? "keras.layers") : null,
      class_name: className,
      config: this.getConfig(),
      registered_name: registered ?? (privateModule === null ? null : className),
      ...(this.#builtFor !== null && this.buildsFromShape && { build_config: { input_shape: this.#builtFor } }),
    };
  }

  #firstNode(): LayerNode {
    const [node] = this.nodes;
    if (node === undefined)
      throw new InvalidConfigError(this.name, "layer", "part of a graph", "a layer never applied");
    return node;
  }
}

function isGraphTensor(value: unknown): value is SymbolicTensor {
  return value instanceof GraphTensor;
}
