import { type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { kernel } from "../../engine/kernel.ts";

interface DenseInputs {
  /** Distributions, float32 in the shape of the logits. */
  readonly target: TensorInfo;
  readonly logits: TensorInfo;
}

interface SparseInputs {
  /** Class indices, int32 in the shape of the logits without their last axis. */
  readonly labels: TensorInfo;
  readonly logits: TensorInfo;
}

/** Cross-entropy of logits: each row's loss, and its gradient by the logits. */
export const crossentropyKernels: readonly KernelConfig[] = [
  kernel<DenseInputs, object>("SoftmaxCrossentropy", ({ inputs: { target, logits }, backend }) =>
    crossentropy(logits, target, false, backend),
  ),
  kernel<SparseInputs, object>("SparseSoftmaxCrossentropy", ({ inputs: { labels, logits }, backend }) =>
    crossentropy(logits, labels, true, backend),
  ),
];

function crossentropy(logits: TensorInfo, labels: TensorInfo, sparse: boolean, backend: WasmBackend): TensorInfo[] {
  const rowShape = logits.shape.slice(0, -1);
  const rows = util.sizeFromShape(rowShape);
  const loss = backend.output(rowShape);
  const gradient = backend.output(logits.shape);
  const [scores, wanted] = [backend.pointer(logits), backend.pointer(labels)];
  const length = logits.shape.at(-1) ?? 1;
  backend.kernels.softmaxCrossentropy(scores, wanted, sparse, loss.pointer, gradient.pointer, rows, length);
  return [loss.info, gradient.info];
}
