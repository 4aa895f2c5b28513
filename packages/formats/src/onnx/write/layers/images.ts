import { farEnd } from "../graph-builder.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { orderedLengths } from "../../layouts.ts";
import { spatialInput } from "./convolutions.ts";

/** How ONNX's Resize says what an interpolation is here. */
function interpolation(use: LayerUse, name: string, grows: boolean): Record<string, string | number> {
  const half = { coordinate_transformation_mode: "half_pixel" };
  if (name === "nearest") {
    return grows
      ? { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" }
      : { mode: "nearest", ...half, nearest_mode: "round_prefer_ceil" };
  }
  if (name === "bilinear") return { mode: "linear", ...half };
  if (name === "bicubic") return { mode: "cubic", ...half, cubic_coeff_a: -0.5, exclude_outside: 1 };
  return use.refuse(`interpolation ${name}`);
}

/** Enlarges by whole factors. */
const upSampling: LayerWriter = (use) => {
  const { name, order } = spatialInput(use);
  const rank = use.input.shape.length - 2;
  const given = use.numbers("size");
  const factors = Array.from({ length: rank }, (_, axis) => given[axis] ?? given[0] ?? 1);
  const method = rank === 2 ? use.text("interpolation") : "nearest";
  const isExact = factors.every((factor) => Number.isInteger(Math.log2(factor)));
  if (method === "bicubic" && !isExact) use.refuse("interpolation bicubic by other factors than powers of 2");
  const scales = use.builder.floats([1, 1, ...factors], [rank + 2]);
  const output = use.builder.node("Resize", [name, "", scales], interpolation(use, method, true));
  return { name: output, shape: use.shape, order };
};

const resizing: LayerWriter = (use) => {
  const { builder } = use;
  const { name, order } = spatialInput(use);
  const [height, width] = [use.number("height"), use.number("width")];
  for (const option of ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"]) {
    if (use.isOn(option)) use.refuse(`${option}: true`);
  }
  const shape = builder.node("Shape", [name]);
  const kept = builder.node("Slice", [shape, builder.integers([0]), builder.integers([2])]);
  const sizes = builder.node("Concat", [kept, builder.integers([height, width])], {
    axis: 0,
  });
  const word = use.text("interpolation");
  // TensorFlow, and so Keras, rounds the weights of bicubic interpolation to 1/1024 of a pixel, which ONNX does not.
  if (word === "bicubic") use.refuse("interpolation bicubic");
  const method = interpolation(use, word, false);
  return { name: builder.node("Resize", [name, "", "", sizes], method), shape: use.shape, order };
};

const rescaling: LayerWriter = (use) => {
  const { builder } = use;
  const input = builder.settled(use.input);
  const operand = (option: string): string => {
    const values = use.numbers(option);
    if (values.length === 1) return builder.number(values[0] ?? 0);
    const last = input.shape.length - 1;
    return builder.floats(
      values,
      input.order.map((axis) => (axis === last ? values.length : 1)),
    );
  };
  const scaled = builder.node("Mul", [input.name, operand("scale")]);
  const moves = use.numbers("offset").some((offset) => offset !== 0);
  return use.like(input, moves ? builder.node("Add", [scaled, operand("offset")]) : scaled);
};

const centerCrop: LayerWriter = (use) => {
  const { builder } = use;
  const { name, order, lengths } = spatialInput(use);
  const target = orderedLengths(use.shape, order).slice(2);
  const starts = lengths.map((length, axis) => {
    const surplus = (length ?? use.refuse("cropping of open lengths")) - (target[axis] ?? 0);
    return surplus >= 0 ? Math.floor(surplus / 2) : use.refuse("images smaller than the part that is cut out");
  });
  const ends = starts.map((start, axis) => Math.min(start + (target[axis] ?? 0), farEnd));
  const limits = [starts, ends, starts.map((_, axis) => axis + 2)].map((numbers) => builder.integers(numbers));
  return { name: builder.node("Slice", [name, ...limits]), shape: use.shape, order };
};

export const imageLayers: Readonly<Record<string, LayerWriter>> = {
  UpSampling1D: upSampling,
  UpSampling2D: upSampling,
  UpSampling3D: upSampling,
  Resizing: resizing,
  Rescaling: rescaling,
  CenterCrop: centerCrop,
};
