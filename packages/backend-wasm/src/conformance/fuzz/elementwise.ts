import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import { type NumericType, anyShape, broadcastShapes, chance, draw, pick } from "./draw.ts";
import { type Operation, inputOf } from "./operation.ts";

const UNARY = (
  "Abs Atan Ceil Cos Elu Erf Exp Expm1 Floor Identity IsFinite IsInf IsNan Log Log1p Neg OnesLike Reciprocal Relu " +
  "Relu6 Round Rsqrt Selu Sigmoid Sign Sin Softplus Sqrt Square Tanh ZerosLike"
).split(" ");

const BINARY = "Add Sub Multiply RealDiv Maximum Minimum SquaredDifference Prelu Mod".split(" ");
const COMPARISONS = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"];
const LOGICAL = ["LogicalAnd", "LogicalOr"];

/** Slopes of activations by their output, as the gradient kernels define them. */
const SLOPES_BY_OUTPUT: Readonly<Record<string, (dy: number, y: number) => number>> = {
  ReluGrad: (dy, y) => (y > 0 ? dy : 0),
  Relu6Grad: (dy, y) => (y > 0 && y < 6 ? dy : 0),
  SigmoidGrad: (dy, y) => dy * y * (1 - y),
  TanhGrad: (dy, y) => dy * (1 - y * y),
};

/** Slope of leaky ReLU below 0, in all its calls. */
const ALPHA = 0.2;

/** Slopes by the activation's input. */
const SLOPES_BY_INPUT: Readonly<Record<string, (dy: number, x: number) => number>> = {
  LeakyReluGrad: (dy, x) => (x > 0 ? dy : dy * ALPHA),
  SeluGrad: (dy, x) => (x >= 0 ? dy * backend_util.SELU_SCALE : dy * backend_util.SELU_SCALEALPHA * Math.exp(x)),
  SoftplusGrad: (dy, x) => dy * sigmoid(x),
  GeluGrad: (dy, x) => dy * (normal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)),
  SiluGrad: (dy, x) => dy * sigmoid(x) * (1 + x * (1 - sigmoid(x))),
};

/** Activations that TensorFlow.js composes of several kernels. */
const ACTIVATIONS: Readonly<Record<string, (x: number) => number>> = {
  Gelu: (x) => x * normal(x),
  Silu: (x) => x * sigmoid(x),
};

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The normal distribution's `F(x)`, by Taylor's series; to 1e-9 for |x| below 6. */
function normal(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

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
      // The CPU backend rounds products of integers past 2^53, where this one keeps their last 32 bits.
      const extremes = name === "Multiply" && type === "int32" ? "finite" : "any";
      const inputs = { a: draw(random, a, type, extremes), b: draw(random, b, type, extremes) };
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

/** A kernel of float32 values, each from those at the same place of its inputs. */
function byFormula(
  name: string,
  inputNames: readonly string[],
  formula: (...values: number[]) => number,
  attrs: Record<string, number> = {},
): Operation {
  return {
    name,
    by: "element",
    generate(random) {
      const shape = anyShape(random);
      const inputs = Object.fromEntries(inputNames.map((input) => [input, draw(random, shape)]));
      return { kernel: name, inputs, attrs };
    },
    reference(call) {
      const inputs = inputNames.map((input) => inputOf(call, input));
      const { shape, values } = inputs[0] ?? { shape: [], values: new Float32Array() };
      const result = Float32Array.from(values, (_, index) =>
        formula(...inputs.map((input) => input.values[index] ?? 0)),
      );
      return [{ shape, dtype: "float32", values: result }];
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
  ...Object.entries(SLOPES_BY_OUTPUT).map(([name, slope]) => byFormula(name, ["dy", "y"], slope)),
  ...Object.entries(SLOPES_BY_INPUT).map(([name, slope]) => byFormula(name, ["dy", "x"], slope, { alpha: ALPHA })),
  ...Object.entries(ACTIVATIONS).map(([name, activation]) => byFormula(name, ["x"], activation)),
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
