import { expect, test } from "vitest";
import { keras2Slots, tfjsSlots } from "./named-slots.ts";
import { type Slot, slotLists } from "./slots.ts";

const adam: readonly Slot[] = slotLists({ class_name: "Adam", config: { learning_rate: 0.1 } })?.flat() ?? [];
const names = (weight: string, find: ReturnType<typeof keras2Slots>): readonly (string | undefined)[] =>
  adam.map((slot) => find(weight, slot));

test.for([
  ["from 2.11 on", "iteration:0", ["Adam/m/dense/kernel:0", "Adam/v/dense/kernel:0"]],
  ["after loading", "iteration:0", ["m/dense/kernel:0", "v/dense/kernel:0"]],
  ["before 2.11", "Adam/iter:0", ["Adam/dense/kernel/m:0", "Adam/dense/kernel/v:0"]],
  ["of a graph", "training/Adam/iter:0", ["training/Adam/dense/kernel/m:0", "training/Adam/dense/kernel/v:0"]],
] as const)("slots of Keras 2 are found by name: %s", ([, count, slots]) => {
  expect(names("dense/kernel:0", keras2Slots([count, ...slots]))).toEqual(slots);
});

test("a name that ends like another is not taken for it", () => {
  const inner = ["Adam/block/dense/kernel/m:0", "Adam/block/dense/kernel/v:0"];
  const outer = ["Adam/dense/kernel/m:0", "Adam/dense/kernel/v:0"];
  const find = keras2Slots(["Adam/iter:0", ...inner, ...outer]);
  expect(names("block/dense/kernel:0", find)).toEqual(inner);
  expect(names("dense/kernel:0", find)).toEqual(outer);
  expect(names("kernel:0", find)).toEqual([undefined, undefined]);
  expect(names("dense/kernel:0", keras2Slots(["training/Adam/Variable:0", "training/Adam/Variable_1:0"]))).toEqual([
    undefined,
    undefined,
  ]);
});

test("slots of TensorFlow.js are found where the page numbered the variables", () => {
  const first = ["dense/kernel/m", "dense/kernel/v"];
  const second = ["dense/kernel_1/m", "dense/kernel_1/v"];
  expect(names("dense/kernel", tfjsSlots(["iter", ...first]))).toEqual(first);
  expect(names("dense/kernel", tfjsSlots(["iter", ...second]))).toEqual(second);
  expect(names("dense/kernel", tfjsSlots(["iter", ...first, ...second]))).toEqual(first);
  expect(names("dense/kernel", tfjsSlots([...second, "dense/kernel_2/m"]))).toEqual([undefined, "dense/kernel_1/v"]);
});
