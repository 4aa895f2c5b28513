import type { RandomStream } from "@featuremap/tensor";
import { broadcast_util } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../../references/host-tensor.ts";
import { between, chance, draw, pick } from "../draw.ts";
import { type KernelCase, type KernelCheck, type RunOnCpu, inputOf } from "../check-kernel.ts";

/** Activations that fused kernels take, each with what it needs. */
export function activation(random: RandomStream): { activation: string; leakyreluAlpha: number } {
  const names = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"];
  return { activation: pick(random, names), leakyreluAlpha: random.uniform(0, 0.5) };
}

function matrices(random: RandomStream): { a: HostTensor; b: HostTensor; transposeA: boolean; transposeB: boolean } {
  const long = chance(random, 0.15);
  const length = (): number => (chance(random, 0.02) ? 0 : between(random, 1, long ? 70 : 20));
  const [rows, depth, columns] = [length(), chance(random, 0.05) ? between(random, 630, 1300) : length(), length()];
  const [transposeA, transposeB] = [chance(random, 0.5), chance(random, 0.5)];
  const batch = Array.from({ length: random.integer(3) }, () => between(random, 1, 4));
  const narrowed = (): number[] => (chance(random, 0.3) ? batch.map((n) => (chance(random, 0.5) ? 1 : n)) : batch);
  const [first, second] = chance(random, 0.5) ? [narrowed(), batch] : [batch, narrowed()];
  const extremes = chance(random, 0.3) ? "non-finite" : "finite";
  return {
    a: draw(random, [...first, ...(transposeA ? [depth, rows] : [rows, depth])], "float32", extremes),
    b: draw(random, [...second, ...(transposeB ? [columns, depth] : [depth, columns])], "float32", extremes),
    transposeA,
    transposeB,
  };
}

/** The matrices, repeated along the axes of the batch that they lack. */
function repeated({ shape, dtype, values }: HostTensor, batch: readonly number[]): HostTensor {
  const [own, matrix] = [shape.slice(0, -2), shape.slice(-2)];
  const size = matrix.reduce((product, length) => product * length, 1);
  const count = batch.reduce((product, length) => product * length, 1);
  const result = new Float32Array(count * size);
  for (let index = 0; index < count; index++) {
    let [rest, from, stride] = [index, 0, 1];
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const length = batch[axis] ?? 1;
      const kept = own[axis - batch.length + own.length] ?? 1;
      from += (kept === 1 ? 0 : rest % length) * stride;
      stride *= kept;
      rest = Math.floor(rest / length);
    }
    result.set(values.subarray(from * size, (from + 1) * size), index * size);
  }
  return { shape: [...batch, ...matrix], dtype, values: result };
}

/** The CPU backend repeats a batch as a whole, which is wrong where only some of its axes are to be repeated. */
function withWholeBatch(call: KernelCase, runOnCpu: RunOnCpu): Promise<HostTensor[]> {
  const [a, b] = [inputOf(call, "a"), inputOf(call, "b")];
  const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const inputs = { ...(call.inputs as object), a: repeated(a, batch), b: repeated(b, batch) };
  return runOnCpu({ ...call, inputs });
}

export const product: readonly KernelCheck[] = [
  {
    name: "BatchMatMul",
    generate(random) {
      const { a, b, transposeA, transposeB } = matrices(random);
      return { kernel: "BatchMatMul", inputs: { a, b }, attrs: { transposeA, transposeB } };
    },
    expected: withWholeBatch,
  },
  {
    name: "_FusedMatMul",
    // The activation may leave results that are small beside the sums they come from.
    tolerance: { error: 2e-5, of: "tensor" },
    generate(random) {
      const { a, b, transposeA, transposeB } = matrices(random);
      const columns = b.shape.at(transposeB ? -2 : -1) ?? 0;
      const bias = pick<number[] | undefined>(random, [[columns], [columns], [1, columns], [1], [], undefined]);
      return {
        kernel: "_FusedMatMul",
        inputs: { a, b, ...(bias === undefined ? {} : { bias: draw(random, bias) }) },
        attrs: { transposeA, transposeB, ...activation(random) },
      };
    },
    expected: withWholeBatch,
  },
];
