import { sizeOf } from "@featuremap/tensor";
import { transpose } from "../../../tensors/fill-from-store.ts";
import { activated } from "../activations.ts";
import type { Value } from "../graph-builder.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { channelsFirst, isPlain, plainOrder } from "../../layouts.ts";

/** `x kernel + bias` over the last axis. */
const dense: LayerWriter = (use) => activated(use.builder, product(use), use.options["activation"]);

function product(use: LayerUse): Value {
  const { builder, input } = use;
  const bias = use.weight("bias");
  const biases = bias === undefined ? [] : [bias];
  if (input.shape.length === 2) {
    const { flatOf } = input;
    if (flatOf === undefined) {
      return use.plainly(builder.node("Gemm", [builder.plain(input), use.weight("kernel") ?? "", ...biases]));
    }
    // Rows of the kernel follow the order in which the file has the elements, so that nothing has to be moved there.
    const flat = builder.node("Flatten", [flatOf.name], { axis: 1 });
    return use.plainly(builder.node("Gemm", [flat, turnedKernel(use, flatOf) ?? "", ...biases]));
  }
  const rank = input.shape.length;
  const order = channelsFirst(rank);
  if (rank <= 5 && input.order.every((axis, index) => axis === order[index])) {
    const shape = [use.number("units"), input.shape.at(-1) ?? 0, ...Array.from({ length: rank - 2 }, () => 1)];
    const kernel = use.weight("kernel", "pointwise", { axes: [1, 0], shape }) ?? "";
    return use.like(input, builder.node("Conv", [input.name, kernel, ...biases], { kernel_shape: shape.slice(2) }));
  }
  const projected = builder.node("MatMul", [builder.plain(input), use.weight("kernel") ?? ""]);
  return use.plainly(bias === undefined ? projected : builder.node("Add", [projected, bias]));
}

/** The kernel for elements in the file's order. */
function turnedKernel(use: LayerUse, { shape, order }: Value): string | undefined {
  const values = use.weightValues("kernel");
  if (values === undefined || isPlain(order)) return use.weight("kernel");
  const lengths = shape.slice(1).map((length) => length ?? 1);
  const places = Float32Array.from({ length: sizeOf(lengths) }, (_, index) => index);
  const rows = transpose(
    places,
    lengths,
    order.slice(1).map((axis) => axis - 1),
  );
  return use.weight("kernel", `rows ${order.join()} ${lengths.join()}`, { rows: [...rows] });
}

const flatten: LayerWriter = (use) => {
  const { input, builder } = use;
  const settled = builder.settled(input);
  if (settled.shape.length === 2) return settled;
  // With channels first, Keras moves them last before it flattens.
  const isFirst = use.options["data_format"] === "channels_first" && settled.shape.length > 2;
  const turned = isFirst ? seenAsLast(settled) : settled;
  if (turned.shape.length < 2 || turned.order[0] !== 0)
    return use.plainly(builder.node("Flatten", [builder.plain(turned)], { axis: 1 }));
  return { name: "", shape: use.shape, order: plainOrder(2), flatOf: turned };
};

/** The same tensor, with its second axis called the last. */
function seenAsLast({ name, shape, order }: Value): Value {
  const renamed = (axis: number): number => (axis === 0 ? 0 : axis === 1 ? shape.length - 1 : axis - 1);
  return { name, shape: [shape[0] ?? null, ...shape.slice(2), shape[1] ?? null], order: order.map(renamed) };
}

export const denseLayers: Readonly<Record<string, LayerWriter>> = { Dense: dense, Flatten: flatten };
