import { type Shape, sizeOf } from "@featuremap/tensor";
import { plainOrder } from "../../layouts.ts";
import { transposed } from "../constant-arrays.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";

/** Labels of the axes, by what becomes of them. */
interface Labels {
  /** Of both operands and the output, the batch first. */
  readonly shared: readonly string[];
  /** Of both operands, summed over. */
  readonly summed: readonly string[];
  /** Of one operand and the output. */
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** Of two operands, as a product of matrices. */
const einsum: NodeReader = (use) => {
  const [inputs = "", output = ""] = use.text("equation", "").replaceAll(" ", "").split("->");
  const [first = "", second = "", third] = inputs.split(",");
  const isPlain = [first, second, output].every(
    (text) => /^[A-Za-z]+$/.test(text) && new Set(text).size === text.length,
  );
  if (!isPlain || third !== undefined) return use.refuse(`equation ${use.text("equation", "")}`);
  const [a, b] = use.inputs;
  const isTurned = a?.kind === "constant";
  const [x, y] = isTurned ? [second, first] : [first, second];
  const labels = labelsOf(use, x, y, output);
  const tensor = use.tensor(isTurned ? 1 : 0);
  const other = isTurned ? a : b;
  const left = matrices(use, tensor, x, [labels.shared, labels.left, labels.summed]);
  if (other?.kind === "constant") {
    if (labels.shared.length > 1) return use.refuse(`equation ${use.text("equation", "")} with a constant`);
    const columns = transposed(
      other,
      [...labels.summed, ...labels.right].map((label) => y.indexOf(label)),
    );
    const rows = sizeOf(columns.shape.slice(0, labels.summed.length));
    const units = sizeOf(columns.shape.slice(labels.summed.length));
    const kernel = { ...columns, shape: [rows, units] };
    const product = use.layer("Dense", { units, use_bias: false }, [left], plainOrder(3), { kernel });
    return apart(use, product, labels, output, lengthsOf(use, tensor.shape, x, other.shape, y));
  }
  const given = use.tensor(isTurned ? 0 : 1);
  const right = matrices(use, given, y, [labels.shared, labels.summed, labels.right]);
  const product = use.operation("Matmul", [left.keras, right.keras], plainOrder(left.shape.length));
  return apart(use, product, labels, output, lengthsOf(use, tensor.shape, x, given.shape, y));
};

function labelsOf(use: NodeUse, x: string, y: string, output: string): Labels {
  const [batch = ""] = x;
  const has =
    (text: string): ((label: string) => boolean) =>
    (label) =>
      text.includes(label);
  // A constant has no batch.
  const shared = output.split("").filter((label) => x.includes(label) && (y.includes(label) || label === batch));
  const summed = x.split("").filter((label) => y.includes(label) && !output.includes(label));
  const left = x.split("").filter((label) => !y.includes(label) && label !== batch);
  const right = y.split("").filter((label) => !x.includes(label));
  if (shared[0] !== batch || ![...left, ...right].every(has(output)))
    return use.refuse("sums of one operand, or of examples");
  return { shared, summed, left, right };
}

/** The tensor as matrices: its axes of the second and of the third group are one each. */
function matrices(use: NodeUse, tensor: Tensor, text: string, groups: readonly (readonly string[])[]): Tensor {
  if (tensor.shape.length !== text.length) return use.refuse(`${text} for ${tensor.shape.length} axes`);
  const turned = use.turned(
    tensor,
    groups.flat().map((label) => text.indexOf(label)),
  );
  const [shared = [], rows = [], columns = []] = groups.map((group) =>
    group.map((label) => tensor.shape[text.indexOf(label)] ?? (label === text[0] ? -1 : use.refuse("open lengths"))),
  );
  const target = [...shared.slice(1), sizeOf(rows), sizeOf(columns)];
  return use.layer("Reshape", { target_shape: target }, [turned], plainOrder(target.length + 1), {}, "_matrices");
}

function lengthsOf(use: NodeUse, a: Shape, x: string, b: Shape, y: string): (label: string) => number {
  return (label) => a[x.indexOf(label)] ?? b[y.indexOf(label)] ?? use.refuse("open lengths");
}

/** The product with its axes apart again. */
function apart(
  use: NodeUse,
  product: Tensor,
  labels: Labels,
  output: string,
  length: (label: string) => number,
): Tensor {
  const all = [...labels.shared, ...labels.left, ...labels.right];
  const order = all.map((label) => output.indexOf(label));
  return use.layer("Reshape", { target_shape: all.slice(1).map(length) }, [product], order, {}, "_apart");
}

export const einsums: Readonly<Record<string, NodeReader>> = { Einsum: einsum };
