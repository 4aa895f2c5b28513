import type { NumericType } from "../../references/host-tensor.ts";
import { between, chance, draw, pick, shapeOfRank, someAxes } from "../draw.ts";
import type { KernelCheck } from "../check-kernel.ts";

const SUMS = ["Sum", "Mean", "Max", "Min"];
/** What the CPU backend expects already brought to the last axes. */
const INNERMOST = ["ArgMax", "ArgMin"];
const TRUTHS = ["All", "Any"];

export const reduction: readonly KernelCheck[] = [
  ...[...SUMS, ...TRUTHS].map((name): KernelCheck => ({
    name,
    generate(random) {
      const shape = shapeOfRank(random, between(random, 0, 5));
      const types: NumericType[] = TRUTHS.includes(name) ? ["bool"] : ["float32", "float32", "float32", "int32"];
      const x = draw(random, shape, pick(random, types), "non-finite");
      // The one kernel whose axes have another name.
      const axis = name === "Max" ? "reductionIndices" : "axis";
      const attrs = { [axis]: someAxes(random, shape.length), keepDims: chance(random, 0.5) };
      return { kernel: name, inputs: { x }, attrs };
    },
  })),
  ...INNERMOST.map((name): KernelCheck => ({
    name,
    generate(random) {
      const shape = shapeOfRank(random, between(random, 1, 4)).map((length) => Math.max(1, length));
      const x = draw(random, shape, pick(random, ["float32", "float32", "int32"]), "non-finite");
      return { kernel: name, inputs: { x }, attrs: { axis: random.integer(shape.length) } };
    },
  })),
  {
    name: "Prod",
    tolerance: { error: 1e-5, of: "number" },
    generate(random) {
      const shape = Array.from({ length: between(random, 1, 4) }, () => between(random, 1, 6));
      const x = draw(random, shape, pick(random, ["float32", "float32", "int32"]));
      return {
        kernel: "Prod",
        inputs: { x },
        attrs: { axis: [random.integer(shape.length)], keepDims: chance(random, 0.5) },
      };
    },
  },
  {
    name: "Softmax",
    generate(random) {
      const shape = shapeOfRank(random, between(random, 1, 4));
      const logits = draw(random, shape, "float32", "non-finite");
      const scale = pick(random, [1, 10, 1000]);
      for (const [index, value] of logits.values.entries()) logits.values[index] = value * scale;
      return { kernel: "Softmax", inputs: { logits }, attrs: { dim: shape.length - 1 } };
    },
  },
];
