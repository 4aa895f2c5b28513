import type { RandomStream } from "@featuremap/tensor";
import { type HostTensor, between, chance, draw, pick } from "./draw.ts";
import type { Operation } from "./operation.ts";

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

export const product: readonly Operation[] = [
  {
    name: "BatchMatMul",
    generate(random) {
      const { a, b, transposeA, transposeB } = matrices(random);
      return { kernel: "BatchMatMul", inputs: { a, b }, attrs: { transposeA, transposeB } };
    },
  },
  {
    name: "_FusedMatMul",
    // The activation may leave results that are small beside the sums they come from.
    tolerance: 2e-5,
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
  },
];
