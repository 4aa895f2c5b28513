import { InvalidConfigError, type RandomStream, type Shape, checkOptions } from "@featuremap/tensor";
import { requireShapes } from "../config/options.ts";
import type * as tf from "@tensorflow/tfjs-core";
import { GraphTensor } from "../layer/graph-tensor.ts";
import { type KerasObject, float32Policy } from "../config/keras-object.ts";
import { type ApplyOptions, type CallContext, Layer, type SymbolicTensor } from "../layer/layer.ts";
import { InputLayer } from "./input-layer.ts";
import { type PassShapes, emptyPass, joinPasses, passWithin } from "../layer/pass-shapes.ts";
import { type SequentialConfig, sequentialOptions } from "./model-config.ts";
import { Model } from "./model.ts";

/**
 * A network of layers one after another.
 *
 * Its weights are created as soon as the input shape is known: from `Input` as the first entry, from the first
 * layer's `inputShape`, or from the first `build`, `call` or `predict`.
 * Source: Keras `Sequential`.
 * @differs `trainable: false` freezes every inner layer, just like setting it later; Keras 3.15's option does not
 *
 * @throws {InvalidConfigError} two layers have one name.
 * @throws {ShapeError} a layer cannot take what the one before gives.
 */
export class Sequential extends Model {
  static override readonly className: string = "Sequential";
  readonly #layers: Layer[] = [];
  #inputLayer: InputLayer | null = null;

  constructor(layers: readonly (Layer | SymbolicTensor)[] = [], config: SequentialConfig = {}) {
    if (!Array.isArray(layers)) {
      throw new InvalidConfigError("Sequential", "layers", "a list of layers: new Sequential([first, second])", layers);
    }
    checkOptions("Sequential", config, sequentialOptions);
    super({ ...config, inputs: [], outputs: [] });
    for (const layer of layers) this.#append(layer);
    this.#connectStack();
  }

  /** Puts a layer on top. */
  add(layer: Layer | SymbolicTensor): void {
    this.#append(layer);
    this.#connectStack();
  }

  /** Takes the top layer off. @throws {InvalidConfigError} there is none. */
  pop(): Layer {
    const layer = this.#layers.pop();
    if (layer === undefined) throw new InvalidConfigError(this.name, "layers", "one or more", "none");
    this.disconnect();
    this.#connectStack();
    return layer;
  }

  #append(entry: Layer | SymbolicTensor): void {
    const layer = entry instanceof GraphTensor ? entry.layer : entry;
    if (!(layer instanceof Layer)) {
      throw new InvalidConfigError(this.name, "layers", "layers, or a tensor of Input in the first place", entry);
    }
    if (layer instanceof InputLayer) {
      if (this.#inputLayer !== null || this.#layers.length > 0) {
        throw new InvalidConfigError(this.name, "layers", "an input in the first place only", layer.name);
      }
      this.#inputLayer = layer;
      return;
    }
    if (this.#layers.includes(layer)) {
      throw new InvalidConfigError(this.name, "layers", "all different", `${layer.name} twice`);
    }
    const shape = this.#layers.length === 0 ? declaredInput(layer) : null;
    if (shape !== null && this.#inputLayer === null) this.#inputLayer = new InputLayer({ batchShape: shape });
    if (!this.trainable) layer.trainable = false;
    this.#layers.push(layer);
  }

  #connectStack(): void {
    if (this.#inputLayer === null || this.#layers.length === 0) return;
    let tensor = this.#inputLayer.output;
    for (const layer of this.#layers) {
      // A layer that already stands on this tensor is not applied again when another is put on top.
      const node = layer.nodes.find(
        ({ inputs, training }) => inputs.length === 1 && inputs[0] === tensor && training === undefined,
      );
      tensor = node?.outputs[0] ?? layer.apply(tensor);
    }
    this.connect([this.#inputLayer.output], [tensor]);
  }

  /** The layers, without the input layer. */
  override get layers(): readonly Layer[] {
    return this.#layers;
  }

  override get innerLayers(): readonly Layer[] {
    return this.#layers;
  }

  protected override get summaryGraph(): null {
    return null;
  }

  override buildAll(inputs: readonly Shape[], random?: RandomStream): void {
    const [input] = requireShapes(this.name, inputs);
    if (this.connected || input === undefined || inputs.length > 1) return super.buildAll(inputs, random);
    if (this.#layers.length === 0) throw new InvalidConfigError(this.name, "layers", "one or more", "none");
    this.#inputLayer = new InputLayer({ batchShape: input });
    if (random !== undefined) this.reseed(random);
    this.#connectStack();
  }

  override inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    if (this.connected || requireShapes(this.name, inputs).length !== 1) return super.inferShapes(inputs);
    return this.measure(inputs, { training: true }).outputs;
  }

  override measure(inputs: readonly Shape[], options: ApplyOptions = {}): PassShapes {
    if (this.connected || requireShapes(this.name, inputs).length !== 1) return super.measure(inputs, options);
    const pass = this.#layers.reduce(
      (before, layer) => joinPasses(before, layer.measure(before.outputs, options)),
      emptyPass(inputs),
    );
    return passWithin(this.name, pass);
  }

  override get isOwn(): boolean {
    return Object.getPrototypeOf(this) === Sequential.prototype && this.containsOnlyOwn;
  }

  override callAll(inputs: readonly tf.Tensor[], context: CallContext): readonly tf.Tensor[] {
    if (!this.connected) this.build([null, ...(inputs[0]?.shape.slice(1) ?? [])]);
    return super.callAll(inputs, context);
  }

  override getConfig(): Record<string, unknown> {
    const stack = this.#inputLayer === null ? this.#layers : [this.#inputLayer, ...this.#layers];
    return {
      name: this.name,
      trainable: this.trainable,
      dtype: float32Policy,
      layers: stack.map((layer) => layer.serialize()),
      ...(this.connected && { build_input_shape: this.inputShape }),
    };
  }

  override serialize(): KerasObject & Record<string, unknown> {
    return {
      module: "keras",
      class_name: this.className,
      config: this.getConfig(),
      registered_name: null,
      ...(this.connected && { build_config: { input_shape: this.inputShape } }),
      compile_config: {},
    };
  }
}

/** The input shape that a first layer brings along. */
function declaredInput(layer: Layer): Shape | null {
  const { inputShape, batchInputShape } = layer.config;
  if (batchInputShape !== undefined) return batchInputShape;
  if (inputShape !== undefined) return [null, ...inputShape];
  return layer instanceof Model && layer.connected ? layer.inputShape : null;
}
