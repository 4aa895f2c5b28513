import type { PartActivation, StraightActivation } from "../contract/activations.ts";
import { type HostTensor, floats } from "./host-tensor.ts";

const formulas: Readonly<Record<PartActivation, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  elu: (x) => (x >= 0 ? x : Math.expm1(x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

/** `activation(sums + bias)`. */
export function activate(sums: HostTensor, bias: HostTensor | undefined, activation: PartActivation): HostTensor {
  const formula = formulas[activation];
  const channels = sums.shape.at(-1) ?? 1;
  const values = Float64Array.from(sums.values, (sum, index) => formula(sum + (bias?.values[index % channels] ?? 0)));
  return floats(values, sums.shape);
}

/** `dy` where the activation let its output `y` through, 0 elsewhere. */
export function throughActivation(dy: HostTensor, y: HostTensor, activation: StraightActivation): HostTensor {
  const limit = activation === "relu6" ? 6 : Number.POSITIVE_INFINITY;
  const passes = (value: number): boolean => activation === "linear" || (value > 0 && value < limit);
  return floats(
    Float32Array.from(dy.values, (value, index) => (passes(y.values[index] ?? 0) ? value : 0)),
    dy.shape,
  );
}
