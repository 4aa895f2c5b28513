import type { RandomStream } from "@featuremap/tensor";
import { type HostTensor, type NumericType, anyShape, broadcastShapes, chance, draw, pick } from "./draw.ts";
import { type Operation, inputOf } from "./operation.ts";

const UNARY = (
  "Abs Atan Ceil Cos Elu Erf Exp Expm1 Floor Identity IsFinite IsInf IsNan Log Log1p Neg OnesLike Reciprocal Relu " +
  "Relu6 Round Rsqrt Selu Sigmoid Sign Sin Softplus Sqrt Square Tanh ZerosLike"
).split(" ");

const BINARY = ["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference", "Prelu"];
const COMPARISONS = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"];
const LOGICAL = ["LogicalAnd", "LogicalOr"];

/** Slopes of activations by their output, as the gradient kernels define them. */
const SLOPES: Readonly<Record<string, (dy: number, y: number) => number>> = {
  ReluGrad: (dy, y) => (y > 0 ? dy : 0),
  Relu6Grad: (dy, y) => (y > 0 && y < 6 ? dy : 0),
  SigmoidGrad: (dy, y) => dy * y * (1 - y),
  TanhGrad: (dy, y) => dy * (1 - y * y),
};

function floatOrInteger(random: RandomStream): NumericType {
  return chance(random, 0.8) ? "float32" : "int32";
}

function binary(name: string, dtype: (random: RandomStream) => NumericType): Operation {
  return {
    name,
    by: "element",
    generate(random) {
      const [a, b] = broadcastShapes(random);
      const type = dtype(random);
      const inputs = { a: draw(random, a, type, "any"), b: draw(random, b, type, "any") };
      return { kernel: name, inputs: name === "Prelu" ? { x: inputs.a, alpha: inputs.b } : inputs, attrs: {} };
    },
  };
}

function parametric(name: string, parameters: (random: RandomStream) => Record<string, number>): Operation {
  return {
    name,
    by: "element",
    generate: (random) => ({
      kernel: name,
      inputs: { x: draw(random, anyShape(random), floatOrInteger(random), "any") },
      attrs: parameters(random),
    }),
  };
}

function activationGradient(name: string, slope: (dy: number, y: number) => number): Operation {
  return {
    name,
    by: "element",
    generate(random) {
      const shape = anyShape(random);
      return { kernel: name, inputs: { dy: draw(random, shape), y: draw(random, shape) }, attrs: {} };
    },
    reference(call) {
      const { values, shape } = inputOf(call, "dy");
      const y = inputOf(call, "y").values;
      const gradient: HostTensor = { shape, dtype: "float32", values: new Float32Array(values.length) };
      for (const [index, dy] of values.entries()) gradient.values[index] = slope(dy, y[index] ?? 0);
      return [gradient];
    },
  };
}

export const elementwise: readonly Operation[] = [
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
  ...Object.entries(SLOPES).map(([name, slope]) => activationGradient(name, slope)),
  { ...binary("Pow", floatOrInteger), tolerance: 1e-5 },
  {
    name: "LogicalNot",
    generate: (random) => ({ kernel: "LogicalNot", inputs: { x: draw(random, anyShape(random), "bool") }, attrs: {} }),
  },
  {
    name: "EluGrad",
    by: "element",
    generate(random) {
      const shape = anyShape(random);
      return { kernel: "EluGrad", inputs: { dy: draw(random, shape), y: draw(random, shape) }, attrs: {} };
    },
  },
  {
    name: "Cast",
    by: "element",
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
