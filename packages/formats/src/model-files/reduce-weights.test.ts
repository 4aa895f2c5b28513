import {
  BatchNormalization,
  Conv2D,
  Conv2DTranspose,
  Dense,
  DepthwiseConv2D,
  GlobalAveragePooling2D,
  SeparableConv2D,
  Sequential,
} from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { decodeSafetensors } from "../safetensors/decode-safetensors.ts";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";
import { decodeWeights } from "./decode-weights.ts";
import { loadModel } from "./load-model.ts";
import { encodeModel } from "./save-model.ts";

const network = (): Sequential =>
  new Sequential(
    [
      new Conv2D({ filters: 4, kernelSize: 3, name: "plain", inputShape: [8, 8, 3] }),
      new BatchNormalization({ name: "norm" }),
      new DepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2, name: "depth" }),
      new SeparableConv2D({ filters: 5, kernelSize: 2, name: "apart" }),
      new Conv2DTranspose({ filters: 3, kernelSize: 2, name: "back" }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 2, name: "out" }),
    ],
    { seed: 3 },
  );

const stored = async (dtype: "float16" | "int8"): Promise<Map<string, HostArray>> =>
  decodeSafetensors((await encodeModel(network(), { dtype })).get("weights.safetensors") ?? new Uint8Array(), "test");

test("int8 has a scale for each output channel of each kind of kernel", async () => {
  const tensors = await stored("int8");
  const scales = [...tensors].filter(([name]) => name.endsWith(":scale")).map(([name, { shape }]) => [name, shape]);
  expect(Object.fromEntries(scales)).toEqual({
    "plain/kernel:scale": [1, 1, 1, 4],
    "depth/kernel:scale": [1, 1, 4, 2],
    "apart/depthwise_kernel:scale": [1, 1, 8, 1],
    "apart/pointwise_kernel:scale": [1, 1, 1, 5],
    "back/kernel:scale": [1, 1, 3, 1],
    "out/kernel:scale": [1, 2],
  });
  expect(tensors.get("norm/gamma")?.dtype).toBe("float32");
  expect(tensors.get("plain/bias")?.dtype).toBe("float32");
});

test.for([
  ["float16", 2 ** -11, 0.62],
  ["int8", 0.5 / 127, 0.55],
] as const)("%s is read back as float32, near what it was", async ([dtype, most, share]) => {
  const model = network();
  const whole = await encodeModel(model);
  const files = await encodeModel(model, { dtype });
  const { model: loaded } = await loadModel(files);
  const before = model.namedWeights();
  for (const [path, weight] of loaded.namedWeights()) {
    const given = await before.get(path)?.read();
    const { data } = await weight.read();
    const greatest = Math.max(...(given?.data ?? []).map(Math.abs));
    const furthest = Math.max(...data.map((value, index) => Math.abs(value - (given?.data[index] ?? 0))));
    expect(furthest).toBeLessThanOrEqual(greatest * most * 1.001);
    const isKept = !path.includes("kernel");
    expect(furthest === 0).toBe(isKept);
  }
  const bytes = (of: ReadonlyMap<string, Uint8Array>): number => of.get("weights.safetensors")?.length ?? 0;
  const header = 1_600;
  expect(bytes(files) - header).toBeLessThan(bytes(whole) * share);
  // What was rounded once is not rounded again.
  expect(await encodeModel(loaded, { dtype })).toEqual(files);
  model.dispose();
  loaded.dispose();
});

test.for([
  ["NaN", Number.NaN, "int8"],
  ["Infinity", Number.POSITIVE_INFINITY, "int8"],
  ["1e5", 1e5, "float16"],
] as const)("refuses a weight of %s", async ([, value, dtype]) => {
  const model = new Sequential([new Dense({ units: 1, name: "out", inputShape: [1] })]);
  model
    .namedWeights()
    .get("out/kernel")
    ?.assign(HostArray.from([[value]]));
  const saving = encodeModel(model, { dtype });
  await expect(saving).rejects.toThrow(/encodeModel: model must be one whose weight "out\/kernel"/);
});

test("refuses another type", async () => {
  const saving: Promise<unknown> = Reflect.apply(encodeModel, undefined, [network(), { dtype: "int4" }]);
  await expect(saving).rejects.toThrow('dtype must be one of float32, float16, int8, received "int4"');
});

test("a channel of zeros stays one", async () => {
  const model = new Sequential([new Dense({ units: 2, name: "out", inputShape: [1] })]);
  model
    .namedWeights()
    .get("out/kernel")
    ?.assign(HostArray.from([[0, -3]]));
  const { model: loaded } = await loadModel(await encodeModel(model, { dtype: "int8" }));
  expect((await loaded.namedWeights().get("out/kernel")?.read())?.toNested()).toEqual([[0, -3]]);
});

const whole = new HostArray(Int32Array.of(1, 2, 3, 4), [2, 2]);
test.for<[string, HostArray | undefined]>([
  ["no scale", undefined],
  ["a scale of another type", new HostArray(Int32Array.of(1, 1), [1, 2])],
  ["a scale of fewer axes", HostArray.from([1, 1])],
  ["a scale that is too long", HostArray.from([[1, 1, 1]])],
  ["a scale of no element", new HostArray(new Float32Array(0), [1, 0])],
])("refuses int8 with %s", ([, scale]) => {
  const tensors = new Map<string, HostArray>([["w", whole]]);
  if (scale !== undefined) tensors.set("w:scale", scale);
  const file = encodeSafetensors(tensors, undefined, { dtype: (name) => (name === "w" ? "int8" : undefined) });
  expect(() => decodeWeights(file, "file")).toThrow('file: scale of "w" must be float32 that fits (2, 2)');
});
