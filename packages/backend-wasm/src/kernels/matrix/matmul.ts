import {
  type BatchMatMulAttrs,
  type BatchMatMulInputs,
  type KernelConfig,
  type TensorInfo,
  type _FusedMatMulAttrs,
  type _FusedMatMulInputs,
  BatchMatMul,
  Tile,
  _FusedMatMul,
  broadcast_util,
  util,
} from "@tensorflow/tfjs-core";
import { applyActivation, epilogueCode, optional } from "./activation.ts";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel, runKernel } from "../../engine/kernel.ts";
import { roundToPanel } from "./panels.ts";
import { TILE_COLUMNS } from "../../codes/tile.ts";

export const matmulKernels: readonly KernelConfig[] = [
  kernel<BatchMatMulInputs, BatchMatMulAttrs>(BatchMatMul, ({ inputs: { a, b }, attrs, backend }) =>
    product(a, b, undefined, 0, attrs, backend),
  ),

  kernel<_FusedMatMulInputs, _FusedMatMulAttrs>(_FusedMatMul, ({ inputs, attrs, backend }) => {
    const { a, b } = inputs;
    const { bias, preluActivationWeights } = optional(inputs);
    const columns = b.shape.at(attrs.transposeB ? -2 : -1);
    const biasFits =
      bias === undefined || (bias.shape.at(-1) === columns && util.sizeFromShape(bias.shape) === columns);
    if (!biasFits) return undefined;
    const output = product(a, b, bias, epilogueCode(attrs.activation), attrs, backend);
    if (output === undefined) return undefined;
    return applyActivation(output, attrs.activation, preluActivationWeights, attrs.leakyreluAlpha, backend);
  }),
];

/** The matrices, repeated along the axes of the batch that they lack. */
function repeated(matrices: TensorInfo, batchShape: readonly number[], backend: WasmBackend): TensorInfo {
  const own = matrices.shape.slice(0, -2);
  const batch = [...new Array<number>(batchShape.length - own.length).fill(1), ...own];
  const reps = [...batchShape.map((length, axis) => length / (batch[axis] ?? 1)), 1, 1];
  const x = { ...matrices, shape: [...batch, ...matrices.shape.slice(-2)] };
  return runKernel(Tile, { x }, { reps }, backend);
}

/** `a * b` over the last two axes, other axes broadcast; `undefined` for what is not float32, or no product at all. */
function product(
  a: TensorInfo,
  b: TensorInfo,
  bias: TensorInfo | undefined,
  activation: number,
  { transposeA, transposeB }: BatchMatMulAttrs,
  backend: WasmBackend,
): TensorInfo | undefined {
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const [aRows = 0, aColumns = 0] = a.shape.slice(-2);
  const [bRows = 0, bColumns = 0] = b.shape.slice(-2);
  const rows = transposeA ? aColumns : aRows;
  const depth = transposeA ? aRows : aColumns;
  const columns = transposeB ? bRows : bColumns;
  // The CPU backend's kernel says what is wrong with such shapes.
  if (a.shape.length < 2 || b.shape.length < 2 || depth !== (transposeB ? bColumns : bRows)) return undefined;
  const aBatch = util.sizeFromShape(a.shape.slice(0, -2));
  const bBatch = util.sizeFromShape(b.shape.slice(0, -2));
  const batchShape = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batch = util.sizeFromShape(batchShape);
  // A batch that is broadcast along some axes only has no single stride: it is repeated first.
  const repeats = (tensor: TensorInfo, size: number): TensorInfo =>
    size === batch || size === 1 ? backend.share(tensor) : repeated(tensor, batchShape, backend);
  if ((aBatch !== batch && aBatch !== 1) || (bBatch !== batch && bBatch !== 1)) {
    const [left, right] = [repeats(a, aBatch), repeats(b, bBatch)];
    const result = product(left, right, bias, activation, { transposeA, transposeB }, backend);
    for (const tensor of [left, right]) backend.disposeIntermediateTensorInfo(tensor);
    return result;
  }
  const { info, pointer } = backend.output([...batchShape, rows, columns]);
  const [aPointer, bPointer] = [backend.pointer(a), backend.pointer(b)];
  const biasPointer = bias === undefined ? 0 : backend.pointer(bias);
  const packs = transposeB || columns % TILE_COLUMNS !== 0 || rows > 64;
  const run = (panels: number): void =>
    backend.kernels.matrixProduct(
      batch,
      rows,
      columns,
      depth,
      aPointer,
      transposeA ? 4 : 4 * aColumns,
      transposeA ? 4 * aColumns : 4,
      aBatch === 1 ? 0 : 4 * aRows * aColumns,
      bPointer,
      transposeB ? 4 : 4 * bColumns,
      transposeB ? 4 * bColumns : 4,
      bBatch === 1 ? 0 : 4 * bRows * bColumns,
      pointer,
      biasPointer,
      activation,
      panels,
    );
  if (packs) backend.withWorkspace(4 * bBatch * depth * roundToPanel(columns), run);
  else run(0);
  return info;
}
