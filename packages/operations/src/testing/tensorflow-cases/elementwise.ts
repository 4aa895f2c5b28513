import type { RandomStream } from "@featuremap/tensor";
import type { NumericType } from "../../references/host-tensor.ts";
import { anyShape, broadcastShapes, chance, draw, pick } from "../draw.ts";
import type { KernelCheck } from "../check-kernel.ts";

const UNARY = (
  "Abs Atan Ceil Cos Elu Erf Exp Expm1 Floor Identity IsFinite IsInf IsNan Log Log1p Neg OnesLike Reciprocal Relu " +
  "Relu6 Round Rsqrt Selu Sigmoid Sign Sin Softplus Sqrt Square Tanh ZerosLike"
).split(" ");

const BINARY = "Add Sub Multiply RealDiv Maximum Minimum SquaredDifference Prelu Mod".split(" ");
const COMPARISONS = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"];
const LOGICAL = ["LogicalAnd", "LogicalOr"];

function floatOrInteger(random: RandomStream): NumericType {
  return chance(random, 0.8) ? "float32" : "int32";
}

function binary(name: string, dtype: (random: RandomStream) => NumericType): KernelCheck {
  return {
    name,
    tolerance: { error: 4e-6, of: "number" },
    generate(random) {
      const [a, b] = broadcastShapes(random);
      const type = dtype(random);
      // The CPU backend rounds products of integers past 2^53, where this one keeps their last 32 bits.
      const extremes = name === "Multiply" && type === "int32" ? "finite" : "any";
      const inputs = { a: draw(random, a, type, extremes), b: draw(random, b, type, extremes) };
      return { kernel: name, inputs: name === "Prelu" ? { x: inputs.a, alpha: inputs.b } : inputs, attrs: {} };
    },
  };
}

function parametric(name: string, parameters: (random: RandomStream) => Record<string, number>): KernelCheck {
  return {
    name,
    tolerance: { error: 4e-6, of: "number" },
    generate: (random) => ({
      kernel: name,
      inputs: { x: draw(random, anyShape(random), floatOrInteger(random), "any") },
      attrs: parameters(random),
    }),
  };
}

export const elementwise: readonly KernelCheck[] = [
  ...UNARY.map((name) => parametric(name, () => ({}))),
  parametric("LeakyRelu", (random) => ({ alpha: random.uniform(0, 0.9) })),
  parametric("Step", (random) => ({ alpha: random.uniform(-1, 1) })),
  parametric("ClipByValue", (random) => {
    const clipValueMin = random.normal();
    return { clipValueMin, clipValueMax: clipValueMin + random.uniform(0, 2) };
  }),
  ...BINARY.map((name) => binary(name, floatOrInteger)),
  ...COMPARISONS.map((name) => binary(name, (random) => pick(random, ["float32", "int32", "bool"]))),
  ...LOGICAL.map((name) => binary(name, () => "bool")),
  { ...binary("Pow", floatOrInteger), tolerance: { error: 1e-5, of: "number" } },
  {
    name: "LogicalNot",
    generate: (random) => ({ kernel: "LogicalNot", inputs: { x: draw(random, anyShape(random), "bool") }, attrs: {} }),
  },
  {
    name: "EluGrad",
    tolerance: { error: 4e-6, of: "number" },
    generate(random) {
      const shape = anyShape(random);
      return { kernel: "EluGrad", inputs: { dy: draw(random, shape), y: draw(random, shape) }, attrs: {} };
    },
  },
  {
    name: "Cast",
    tolerance: { error: 4e-6, of: "number" },
    generate: (random) => ({
      kernel: "Cast",
      inputs: { x: draw(random, anyShape(random), pick(random, ["float32", "int32", "bool"]), "any") },
      attrs: { dtype: pick(random, ["float32", "int32", "bool"]) },
    }),
  },
  {
    name: "Select",
    generate(random) {
      const shape = anyShape(random, 4);
      const type = floatOrInteger(random);
      const condition = chance(random, 0.3) ? shape.slice(0, 1) : shape;
      return {
        kernel: "Select",
        inputs: {
          condition: draw(random, condition, "bool"),
          t: draw(random, shape, type, "any"),
          e: draw(random, shape, type, "any"),
        },
        attrs: {},
      };
    },
  },
  {
    name: "AddN",
    generate(random) {
      const shape = anyShape(random, 4);
      const type = floatOrInteger(random);
      const inputs = Array.from({ length: 1 + random.integer(4) }, () => draw(random, shape, type, "non-finite"));
      return { kernel: "AddN", inputs, attrs: {} };
    },
  },
];
