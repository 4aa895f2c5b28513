/**
 * A network as a list of nodes in the order in which they are computed, for every peer to build from.
 *
 * "same" is Keras's padding: with stride 2 and an even size, one row below and one column on the right.
 *
 * @typedef {{
 *   kind: "convolution", filters: number, size: number, stride: number, padding: "valid" | "same", bias: boolean,
 *   activation: "relu" | "linear" }} Convolution
 * @typedef {{ kind: "depthwise", size: number, stride: number }} Depthwise "same", without a bias.
 * @typedef {{ kind: "normalization", epsilon: number, momentum: number }} Normalization Of a batch, with Keras's momentum.
 * @typedef {{ kind: "relu", max: number | null }} Relu
 * @typedef {{ kind: "pooling" }} Pooling The largest of 2x2.
 * @typedef {{ kind: "average" }} Average Over all positions.
 * @typedef {{ kind: "flatten" }} Flatten
 * @typedef {{ kind: "add" }} Add
 * @typedef {{ kind: "dense", units: number, activation: "softmax" | "relu" | "linear" }} Dense
 * @typedef {Convolution | Depthwise | Normalization | Relu | Pooling | Average | Flatten | Add | Dense} Operation
 */

/** Height, width and channels of one image. @typedef {readonly [number, number, number]} ImageShape */

/**
 * @typedef {object} Placement
 * @property {string} name
 * @property {readonly string[]} inputs Names of nodes; "input" is the image.
 * @property {ImageShape} from Shape of the first input.
 * @property {ImageShape} to Shape of the result; of a dense layer or flattened ones, [1, 1, units].
 * @property {readonly (readonly number[])[]} weights Shapes, as Keras orders and lays them out.
 */

/** @typedef {Operation & Placement} Node */

/** Strings operations together and keeps count of their shapes. */
export class GraphBuilder {
  /** @type {Node[]} */
  nodes = [];
  /** @type {Map<string, ImageShape>} */
  #shapes;
  /** The node whose result comes next. */
  #last = "input";

  /** @param {ImageShape} input */
  constructor(input) {
    this.#shapes = new Map([["input", input]]);
  }

  /** Name of the last node added. */
  get last() {
    return this.#last;
  }

  /** Channels of the last node's result. */
  get channels() {
    return this.#shapeOf(this.#last)[2];
  }

  /**
   * Adds a node behind the last one, or behind those that are named.
   *
   * @param {Operation} operation
   * @param {readonly string[]} [inputs]
   * @returns {string} Its name.
   */
  add(operation, inputs = [this.#last]) {
    const from = this.#shapeOf(inputs[0] ?? "input");
    const name = `${operation.kind}${this.nodes.length}`;
    const to = resultShape(operation, from);
    this.nodes.push({ ...operation, name, inputs, from, to, weights: weightShapes(operation, from) });
    this.#shapes.set(name, to);
    this.#last = name;
    return name;
  }

  /** @param {string} name */
  #shapeOf(name) {
    const shape = this.#shapes.get(name);
    if (shape === undefined) throw new Error(`there is no node ${name}`);
    return shape;
  }
}

/** @param {Operation} operation @param {ImageShape} from @returns {ImageShape} */
function resultShape(operation, [height, width, channels]) {
  switch (operation.kind) {
    case "convolution": {
      const lost = operation.padding === "valid" ? operation.size - 1 : 0;
      const along = (/** @type {number} */ length) => Math.ceil((length - lost) / operation.stride);
      return [along(height), along(width), operation.filters];
    }
    case "depthwise":
      return [Math.ceil(height / operation.stride), Math.ceil(width / operation.stride), channels];
    case "pooling":
      return [Math.floor(height / 2), Math.floor(width / 2), channels];
    case "average":
      return [1, 1, channels];
    case "flatten":
      return [1, 1, height * width * channels];
    case "dense":
      return [1, 1, operation.units];
    default:
      return [height, width, channels];
  }
}

/** @param {Operation} operation @param {ImageShape} from @returns {number[][]} */
function weightShapes(operation, [, , channels]) {
  switch (operation.kind) {
    case "convolution": {
      const { size, filters, bias } = operation;
      return [[size, size, channels, filters], ...(bias ? [[filters]] : [])];
    }
    case "depthwise":
      return [[operation.size, operation.size, channels, 1]];
    case "normalization":
      // Scale, offset, moving mean, moving variance.
      return [[channels], [channels], [channels], [channels]];
    case "dense":
      return [[channels, operation.units], [operation.units]];
    default:
      return [];
  }
}
