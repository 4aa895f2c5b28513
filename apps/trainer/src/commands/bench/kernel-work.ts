import { type Conv2DAttrs, type NamedAttrMap, type TensorInfo, backend_util, util } from "@tensorflow/tfjs-core";

/** One run of a kernel, as far as its shapes go. */
export interface KernelRun {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, TensorInfo | readonly TensorInfo[] | undefined>>;
  readonly attributes: NamedAttrMap;
  readonly outputs: readonly TensorInfo[];
}

/** What a run has to do. */
export interface KernelWork {
  /** Multiplications and additions, a pair counting two; undefined where the shapes do not tell. */
  readonly operations?: number;
  /** The shapes that those follow from: "64x28x28x1 * 3x3x1x32". */
  readonly shapes?: string;
  /** Read from the inputs and written to the outputs, each once. */
  readonly bytes: number;
}

type Count = (run: KernelRun) => Pick<KernelWork, "operations" | "shapes"> | undefined;

/**
 * The kernels whose work their shapes tell. Convolutions count as the direct algorithm does them, borders included,
 * whatever a kernel does in its place.
 */
const counts: ReadonlyMap<string, Count> = new Map<string, Count>([
  ["Conv2D", ({ inputs, outputs }) => convolution(inputs["x"], inputs["filter"], outputs[0])],
  ["FusedConv2D", ({ inputs, outputs }) => convolution(inputs["x"], inputs["filter"], outputs[0])],
  ["Conv2DBackpropInput", ({ inputs }) => convolution(inputs["dy"], inputs["filter"], inputs["dy"])],
  ["FusedConv2DBackpropInput", ({ inputs }) => convolution(inputs["dy"], inputs["filter"], inputs["dy"])],
  ["Conv2DBackpropFilter", ({ inputs, outputs }) => convolution(inputs["x"], outputs[0], inputs["dy"])],
  ["FusedConv2DBackpropFilter", ({ inputs, outputs }) => convolution(inputs["x"], outputs[0], inputs["dy"])],
  ["FusedConv2DMaxPool", (run) => pooledConvolution(run, run.inputs["x"], run.inputs["filter"])],
  ["FusedConv2DMaxPoolBackpropInput", (run) => pooledConvolution(run, run.outputs[0], run.inputs["filter"])],
  ["FusedConv2DMaxPoolBackpropFilter", (run) => pooledConvolution(run, run.inputs["x"], run.outputs[0])],
  ["DepthwiseConv2dNative", ({ inputs, outputs }) => depthwise(inputs["x"], inputs["filter"], outputs[0])],
  ["FusedDepthwiseConv2D", ({ inputs, outputs }) => depthwise(inputs["x"], inputs["filter"], outputs[0])],
  ["DepthwiseConv2dNativeBackpropInput", ({ inputs }) => depthwise(inputs["dy"], inputs["filter"], inputs["dy"])],
  ["DepthwiseConv2dNativeBackpropFilter", ({ inputs, outputs }) => depthwise(inputs["x"], outputs[0], inputs["dy"])],
  ["BatchMatMul", matrixProduct],
  ["_FusedMatMul", matrixProduct],
]);

/** What a kernel's run has to do, by its inputs and outputs. */
export function kernelWork(run: KernelRun): KernelWork {
  return { ...counts.get(run.kernel)?.(run), bytes: bytesMoved(run) };
}

type Operand = KernelRun["inputs"][string];

/** Every element of the map takes a kernel's height x width x input channels products. */
function convolution(from: Operand, filter: Operand, map: Operand): ReturnType<Count> {
  if (!isTensor(from) || !isTensor(filter) || !isTensor(map)) return undefined;
  const outChannels = filter.shape[3] ?? 1;
  const products = (sizeOf(map) * sizeOf(filter)) / outChannels;
  return { operations: 2 * products, shapes: shapesOf(from, filter) };
}

/** The map before its pooling is none of the tensors; it counts whole, though its gradient is zero but for the maxima. */
function pooledConvolution({ attributes }: KernelRun, from: Operand, filter: Operand): ReturnType<Count> {
  if (!isTensor(from) || !isTensor(filter)) return undefined;
  // A kernel's attributes are of its own type, which the profiler does not know.
  const { strides, dilations, pad } = attributes as Pick<Conv2DAttrs, "strides" | "dilations" | "pad">;
  const { outShape } = backend_util.computeConv2DInfo(fourOf(from), fourOf(filter), strides, dilations, pad);
  return convolution(from, filter, { ...from, shape: outShape });
}

function fourOf({
  shape: [first = 1, second = 1, third = 1, fourth = 1],
}: TensorInfo): [number, number, number, number] {
  return [first, second, third, fourth];
}

/** Every element of the map takes a kernel's height x width products. */
function depthwise(from: Operand, filter: Operand, map: Operand): ReturnType<Count> {
  if (!isTensor(from) || !isTensor(filter) || !isTensor(map)) return undefined;
  const [height = 0, width = 0] = filter.shape;
  return { operations: 2 * sizeOf(map) * height * width, shapes: shapesOf(from, filter) };
}

function matrixProduct({ inputs: { a, b }, attributes, outputs: [product] }: KernelRun): ReturnType<Count> {
  if (!isTensor(a) || !isTensor(b) || !isTensor(product)) return undefined;
  const inner = a.shape.at(attributes["transposeA"] === true ? -2 : -1) ?? 0;
  return { operations: 2 * sizeOf(product) * inner, shapes: shapesOf(a, b) };
}

function bytesMoved({ inputs, outputs }: KernelRun): number {
  const read = Object.values(inputs).flatMap<TensorInfo>((input) => input ?? []);
  // A kernel whose output is its input's memory, as Reshape's is, moves nothing.
  const isView = outputs.every(({ dataId }) => read.some((input) => input.dataId === dataId));
  return isView ? 0 : [...read, ...outputs].reduce((sum, tensor) => sum + bytesOf(tensor), 0);
}

function bytesOf(tensor: TensorInfo): number {
  return tensor.dtype === "string" ? 0 : sizeOf(tensor) * util.bytesPerElement(tensor.dtype);
}

function sizeOf({ shape }: TensorInfo): number {
  return util.sizeFromShape(shape);
}

function shapesOf(...operands: readonly TensorInfo[]): string {
  return operands.map(({ shape }) => shape.join("x")).join(" * ");
}

function isTensor(operand: Operand): operand is TensorInfo {
  return operand !== undefined && "shape" in operand;
}
