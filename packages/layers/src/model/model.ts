import {
  type HostArray,
  InvalidConfigError,
  NotReadyError,
  type OptionNames,
  type RandomState,
  RandomStream,
  type Shape,
  checkOptions,
  refuseMethods,
} from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KerasObject } from "../config/keras-object.ts";
import { CompositeLayer } from "../layer/composite-layer.ts";
import {
  type InputValues,
  type NamedValues,
  callWithValues,
  listValues,
  requireCount,
  valuesInOrder,
} from "../layer/input-values.ts";
import { settleNames } from "../layer/layer-names.ts";
import { requireStream } from "../layer/layer-state.ts";
import type { ApplyOptions, CallContext, Layer, SymbolicTensor } from "../layer/layer.ts";
import { onlyOne } from "../layer/only-one.ts";
import { type PassShapes, callsOf, passWithin } from "../layer/pass-shapes.ts";
import type { Weight } from "../layer/weights/weight.ts";
import { type CompiledGraph, compileGraph } from "./graph/compiled-graph.ts";
import { graphConfig } from "./graph/graph-config.ts";
import { type Graph, cutGraph, traceGraph } from "./graph/graph.ts";
import { runPlan } from "./graph/plan.ts";
import { InputLayer } from "./input-layer.ts";
import { findLayer } from "./find-layer.ts";
import { randomStatesByPath, restoreRandomStates, weightsByPath } from "./layer-paths.ts";
import { methodsElsewhere, refuseOptions } from "./methods-elsewhere.ts";
import { type ModelConfig, modelOptions } from "./model-config.ts";
import { checkInputs, endNames, listTensors } from "./model-ends.ts";
import { OperationLayer } from "./operation-layer.ts";
import { type SummaryOptions, summarize } from "./summary/summary.ts";

const prediction: CallContext = { training: false };

/**
 * A network given by its inputs and outputs: every layer between them, in any directed graph without cycles.
 *
 * A model is a layer too, and may stand inside another. Source: Keras `Model` (functional API).
 * @differs `trainable: false` freezes every inner layer, just like setting it later; Keras 3.15's option does not
 *
 * @throws {InvalidConfigError} an output cannot be computed from the inputs, or two layers have one name.
 */
export class Model extends CompositeLayer<ModelConfig> {
  static override readonly className: string = "Functional";
  static override readonly options: OptionNames<ModelConfig> = modelOptions;
  #compiled: CompiledGraph | null = null;
  #seed: number;

  static {
    refuseMethods("Model", this.prototype, methodsElsewhere);
  }

  constructor(config: ModelConfig) {
    // By the name that was typed, and not by Keras's.
    if (new.target === Model) checkOptions("Model", config, modelOptions);
    super(config);
    this.#seed = config.seed ?? new RandomStream().uint32();
    // Refuses what is not a seed now, and not when the first weight is made.
    void new RandomStream(this.#seed);
    const inputs = listTensors(config.name ?? "Model", "inputs", config.inputs);
    const outputs = listTensors(config.name ?? "Model", "outputs", config.outputs);
    // A Sequential starts without tensors and connects once it knows its input.
    if (new.target === Model || inputs.length > 0) this.connect(inputs, outputs);
    // Layers keep their own flags otherwise; those of a Sequential come later.
    if (!super.trainable && this.connected) this.trainable = false;
  }

  /** Makes the tensors this model's, names its layers and builds those that are new. */
  protected connect(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): void {
    if (inputs.length === 0 || outputs.length === 0) {
      throw new InvalidConfigError(this.name, "inputs and outputs", "one or more each", "none");
    }
    const cut = cutGraph(inputs, outputs, (tensor) => new InputLayer({ batchShape: tensor.shape }).output);
    const graph = traceGraph(cut.inputs, cut.outputs);
    settleNames(graph.layers, this.name);
    for (const node of graph.levels.flat()) {
      if (node.inputs.length === 0) continue;
      const shapes = node.inputs.map(({ shape }) => shape);
      node.layer.buildAll(shapes, this.#streamFor(node.layer));
      if (this.config.seed !== undefined && node.layer instanceof Model) {
        node.layer.reseed(this.#streamFor(node.layer));
      }
    }
    this.#compiled = compileGraph(graph);
  }

  /** Depends on seed and name alone, so that a layer starts alike however the model around it was put together. */
  #streamFor(layer: Layer): RandomStream {
    return new RandomStream(this.#seed).fork(layer.name);
  }

  /** Takes its seed from a stream, as from the model around it, unless it has its own. */
  override reseed(random: RandomStream): void {
    if (this.config.seed !== undefined) return;
    this.#seed = requireStream(this.name, random).uint32();
    for (const layer of this.innerLayers) layer.reseed(this.#streamFor(layer));
  }

  /** Forgets the graph; layers keep their weights. */
  protected disconnect(): void {
    this.#compiled = null;
  }

  /** Whether inputs and outputs are known. */
  get connected(): boolean {
    return this.#compiled !== null;
  }

  /** The tensors between which this model stands. @throws {NotReadyError} its input shape is not known yet. */
  get graph(): Graph {
    return this.#known.graph;
  }

  get #known(): CompiledGraph {
    if (this.#compiled !== null) return this.#compiled;
    const remedy = "Give the first layer inputShape, or call build.";
    throw new NotReadyError(this.name, "the shape of its input is not known yet", remedy);
  }

  override get takesMask(): boolean {
    return true;
  }

  override get built(): boolean {
    return this.connected;
  }

  get inputs(): readonly SymbolicTensor[] {
    return this.graph.inputs;
  }

  get outputs(): readonly SymbolicTensor[] {
    return this.graph.outputs;
  }

  /** What inputs are called in records of values: by the names given to the constructor, else as their layers. */
  get inputNames(): readonly string[] {
    return endNames(this.config.inputs, this.inputs);
  }

  /** What outputs are called in records of losses, metrics and targets: by the names given to the constructor, else as their layers. */
  get outputNames(): readonly string[] {
    return endNames(this.config.outputs, this.outputs);
  }

  override get input(): SymbolicTensor {
    return onlyOne(this.name, "input", this.inputs);
  }

  override get output(): SymbolicTensor {
    return onlyOne(this.name, "output", this.outputs);
  }

  /** Shape of the only input, batch axis first. */
  get inputShape(): Shape {
    return this.input.shape;
  }

  /** Shapes of all outputs, batch axis first. */
  get outputShapes(): readonly Shape[] {
    return this.outputs.map((output) => output.shape);
  }

  /** Every layer once, input layers too, in Keras's order; operations that stand between them are not layers. */
  get layers(): readonly Layer[] {
    return this.graph.layers.filter((layer) => !(layer instanceof OperationLayer));
  }

  /** {@link layers} as far as they are known before the input shape is, with what stands between them. */
  override get innerLayers(): readonly Layer[] {
    return this.#compiled?.graph.layers ?? [];
  }

  /** The layer of that name or at that index. @throws {InvalidConfigError} there is none. */
  getLayer(nameOrIndex: string | number): Layer {
    return findLayer(this, nameOrIndex);
  }

  /**
   * All weights by path, `<layer>/<weight>`, nested models' as `<model>/<layer>/<weight>`.
   *
   * @throws {InvalidConfigError} two weights have one path, as only layers that rename themselves bring about.
   */
  namedWeights(): ReadonlyMap<string, Weight> {
    return weightsByPath(this.name, this.innerLayers);
  }

  /** Where every layer's random stream stands, by its path: what training needs to go on with the same draws. */
  randomStates(): ReadonlyMap<string, RandomState> {
    return randomStatesByPath(this.name, this.innerLayers);
  }

  /** Goes on with the draws after those of {@link randomStates}. @throws {FormatError} a layer's state is missing. */
  restoreRandomStates(states: ReadonlyMap<string, RandomState>): void {
    restoreRandomStates(this.name, this.innerLayers, states);
  }

  override buildAll(inputs: readonly Shape[], _random?: RandomStream): void {
    this.inferShapes(inputs);
  }

  override inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    checkInputs(this, inputs);
    // Those that the graph was made with are known without a walk.
    return this.#known.shapes.isOwn(inputs) ? this.outputShapes : this.measure(inputs, { training: true }).outputs;
  }

  override measure(inputs: readonly Shape[], { training = false }: ApplyOptions = {}): PassShapes {
    checkInputs(this, inputs);
    return passWithin(this.name, this.#known.shapes.measure(inputs, training));
  }

  /** A class that derives from it may look at values. */
  override get isOwn(): boolean {
    return Object.getPrototypeOf(this) === Model.prototype && this.containsOnlyOwn;
  }

  override get callCount(): number {
    return this.#compiled?.shapes.callCount ?? callsOf(this.innerLayers);
  }

  /** Tensors of other types are taken as float32. @throws {ShapeError} a tensor does not fit its input. */
  override callAll(inputs: readonly tf.Tensor[], context: CallContext): readonly tf.Tensor[] {
    checkInputs(
      this,
      inputs.map((input) => input.shape),
    );
    const numbers = inputs.map((input) => (input.dtype === "float32" ? input : tf.cast(input, "float32")));
    const { plan, shapes } = this.#known;
    const freesEarly = shapes.makesMuch(numbers[0]?.shape[0]) && this.containsOnlyOwn;
    return runPlan(plan, numbers, context, freesEarly);
  }

  /**
   * The output for one batch, as at prediction time; intermediate tensors are freed.
   *
   * @param input values with the batch axis first: a tensor, a host array, numbers in nested lists; a list of them for several
   *   inputs, or a record by their names
   * @returns a tensor that the caller owns
   * @throws {ShapeError} the values do not fit the input.
   * @throws {InvalidConfigError} they are of another kind, or the model has several outputs, or options follow.
   * @throws {NotReadyError} no device is open.
   */
  predict(input: InputValues | readonly InputValues[] | NamedValues, ...options: readonly never[]): tf.Tensor {
    refuseOptions(this.name, "predict", options);
    const values = listValues(
      this.name,
      valuesInOrder(this.name, input, this.connected ? this.inputNames : undefined),
      this.inputCount,
    );
    if (this.connected) onlyOne(this.name, "output (predictAll gives several)", this.outputs);
    return onlyOne(this.name, "output", callWithValues(this, values, prediction));
  }

  /** {@link predict} for several inputs or outputs; numbers in nested lists are in a list of inputs also if there is one. */
  predictAll(
    inputs: tf.Tensor | HostArray | readonly InputValues[] | NamedValues,
    ...options: readonly never[]
  ): tf.Tensor[] {
    refuseOptions(this.name, "predictAll", options);
    const values = valuesInOrder(this.name, inputs, this.connected ? this.inputNames : undefined);
    const list = Array.isArray(values) ? values : [values];
    return callWithValues(this, requireCount(this.name, list, this.inputCount), prediction);
  }

  protected override get inputCount(): number {
    return this.#compiled?.graph.inputs.length ?? 1;
  }

  /** What the regularizers of trainable weights add to the loss: scalars that the caller owns. */
  regularizationLosses(): tf.Scalar[] {
    return this.trainableWeights.flatMap(({ regularizer, variable }) =>
      regularizer === null ? [] : [regularizer.loss(variable)],
    );
  }

  /** What the summary shows connections of; `null` for layers one after another. */
  protected get summaryGraph(): Graph | null {
    return this.graph;
  }

  /** The model as a table: layers, output shapes, parameters; character for character as Keras 3 prints it. */
  summary(options: SummaryOptions = {}): string {
    return summarize(this, this.summaryGraph, options);
  }

  override getConfig(): Record<string, unknown> {
    const { inputs, outputs } = this.config;
    return { name: this.name, trainable: this.trainable, ...graphConfig(this.graph, { inputs, outputs }) };
  }

  override serialize(): KerasObject & Record<string, unknown> {
    return {
      module: "keras.src.models.functional",
      class_name: this.className,
      config: this.getConfig(),
      registered_name: "Functional",
      build_config: { input_shape: null },
      compile_config: {},
    };
  }
}
