import {
  type Conv2D,
  type Dense,
  type Layer,
  type LayerNode,
  Model,
  type SeparableConv2D,
  type SymbolicTensor,
} from "@featuremap/layers";

/** A use of the layer with which a head begins. */
export interface Scoring {
  readonly layer: Dense | Conv2D | SeparableConv2D;
  readonly input: SymbolicTensor;
  readonly node: LayerNode;
}

/** Layers that drop some of the features while a network learns. */
const dropping: ReadonlySet<string> = new Set(["AlphaDropout", "Dropout", "GaussianDropout", "SpatialDropout2D"]);

/** The layers at a classifier's end that make answers of features. */
export class Head {
  /** The layer with a kernel that makes a number for each class. */
  readonly first: Scoring["layer"];
  /** What `first` takes, in the model that it belongs to. */
  readonly input: SymbolicTensor;
  /** The layers behind it, from the model's end. */
  readonly behind: readonly Layer[];
  /** Whether it belongs to a model within. */
  readonly isWithin: boolean;
  readonly #within: readonly LayerNode[];

  /** @param within the uses of models to which the first layer belongs, from the outermost */
  constructor({ layer, input }: Scoring, behind: readonly Layer[], within: readonly LayerNode[]) {
    this.first = layer;
    this.input = input;
    this.behind = behind;
    this.isWithin = within.length > 0;
    this.#within = within;
  }

  /** Whether there is a layer before it. */
  get hasBase(): boolean {
    return this.#end(true).tensor.node.inputs.length > 0;
  }

  /**
   * What is before the head, as a tensor of the whole model; of a model within that part is a model of its own then, with the
   * same layers.
   *
   * @param drops whether dropout in front of the head belongs to it
   */
  features(drops: boolean): SymbolicTensor {
    const end = this.#end(drops);
    let { tensor } = end;
    for (const { layer, inputs } of end.within.toReversed()) {
      if (!(layer instanceof Model)) continue;
      const { name, trainable } = layer;
      const [output] = new Model({ inputs: [...layer.inputs], outputs: tensor, name, trainable }).applyAll(inputs);
      if (output !== undefined) tensor = output;
    }
    return tensor;
  }

  /** In the innermost model that has a layer before the head. */
  #end(drops: boolean): { readonly tensor: SymbolicTensor; readonly within: readonly LayerNode[] } {
    let tensor = this.input;
    for (let depth = this.#within.length; ; depth--) {
      if (drops) tensor = beforeDropout(tensor);
      const use = this.#within[depth - 1];
      const place = use?.layer instanceof Model ? use.layer.inputs.indexOf(tensor) : -1;
      const outer = use?.inputs[place];
      if (outer === undefined) return { tensor, within: this.#within.slice(0, depth) };
      tensor = outer;
    }
  }
}

function beforeDropout(tensor: SymbolicTensor): SymbolicTensor {
  const { layer, inputs } = tensor.node;
  const [input] = inputs;
  return input !== undefined && dropping.has(layer.className) ? beforeDropout(input) : tensor;
}
