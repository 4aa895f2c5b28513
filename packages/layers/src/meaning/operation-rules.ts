import { type Shape, shapesEqual } from "@featuremap/tensor";
import type { OperationLayer } from "../model/operation-layer.ts";
import { resolveAxis } from "../config/resolve-axis.ts";
import { type Claim, activated, logarithmOf, onlyScores, softmaxOver, unknown, weighedSum } from "./claims.ts";

/** One use of an operation: what is known of the tensors among its operands, and all shapes. */
interface OperationUse {
  readonly layer: OperationLayer;
  readonly inputs: readonly Claim[];
  readonly input: Claim;
  readonly inputShapes: readonly Shape[];
  readonly to: Shape;
}

/** What is known of the output of an operation of `keras.ops`: of softmax, sigmoid, and sums and multiples of what is known. */
export function claimOfOperation({ layer, inputs, input, inputShapes, to }: OperationUse): Claim {
  const { className, operands } = layer;
  switch (className) {
    case "Softmax":
      return softmaxOver(axesOf(layer, to), to);
    case "LogSoftmax":
      return logarithmOf(softmaxOver(axesOf(layer, to), to), to);
    case "Sigmoid":
      return activated("sigmoid", input, to);
    case "HardSigmoid":
      return activated("hard_sigmoid", input, to);
    case "Add":
    case "Subtract": {
      const claim = weighedSum(inputs.map((each) => ({ claim: each, factor: 1 })));
      // Numbers among the operands move scores, and nothing else may be moved.
      const isSum = className === "Add" && inputs.length === operands.length;
      return isSum && inputShapes.every((shape) => shapesEqual(shape, to)) ? claim : onlyScores(claim);
    }
    case "Multiply":
    case "Divide":
    case "TrueDivide": {
      const value = operands.find((operand) => operand !== null)?.value;
      const isDivisor = operands[0] === null;
      if (className !== "Multiply" && !isDivisor) return unknown;
      if (typeof value !== "number") return value === undefined ? unknown : onlyScores(input);
      return weighedSum([{ claim: input, factor: className === "Multiply" ? value : 1 / value }]);
    }
    default:
      return unknown;
  }
}

function axesOf(layer: OperationLayer, shape: Shape): readonly number[] {
  const { axis = -1 } = layer.getConfig() as { readonly axis?: number | readonly number[] };
  return resolveAxis(layer.className, [axis].flat(), shape);
}
