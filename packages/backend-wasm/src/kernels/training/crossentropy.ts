import type {
  softmaxCrossentropyWithSlope,
  sparseSoftmaxCrossentropyWithSlope,
} from "@featuremap/operations/contract/softmax-crossentropy";
import { type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { offeredKernel } from "../../engine/kernel.ts";

/** Cross-entropy of logits: each row's loss, and its gradient by the logits. */
export const crossentropyKernels: readonly KernelConfig[] = [
  offeredKernel<typeof softmaxCrossentropyWithSlope>("SoftmaxCrossentropy", ({ inputs: { target, logits }, backend }) =>
    crossentropy(logits, target, false, backend),
  ),
  offeredKernel<typeof sparseSoftmaxCrossentropyWithSlope>(
    "SparseSoftmaxCrossentropy",
    ({ inputs: { labels, logits }, backend }) => crossentropy(logits, labels, true, backend),
  ),
];

function crossentropy(
  logits: TensorInfo,
  labels: TensorInfo,
  sparse: boolean,
  backend: WasmBackend,
): [loss: TensorInfo, slope: TensorInfo] {
  const rowShape = logits.shape.slice(0, -1);
  const rows = util.sizeFromShape(rowShape);
  const loss = backend.output(rowShape);
  const gradient = backend.output(logits.shape);
  const [scores, wanted] = [backend.pointer(logits), backend.pointer(labels)];
  const length = logits.shape.at(-1) ?? 1;
  backend.kernels.softmaxCrossentropy(scores, wanted, sparse, loss.pointer, gradient.pointer, rows, length);
  return [loss.info, gradient.info];
}
