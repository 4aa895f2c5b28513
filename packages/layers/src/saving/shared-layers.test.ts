import { expect, test } from "vitest";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { ReLU } from "../layers/activation/relu.ts";
import { Input } from "../model/input-layer.ts";
import { Model } from "../model/model.ts";
import { Sequential } from "../model/sequential.ts";
import { deserializeModel, serializeModel } from "./serialization.ts";

test.for([true, false])("a layer that two models hold stays one, the inner model first: %s", (innerFirst) => {
  const shared = new Conv2D({ filters: 3, kernelSize: 3, padding: "same", name: "shared" });
  const inner = new Sequential([Input({ shape: [8, 8, 3] }), shared, new ReLU()], { name: "inner" });
  const input = Input({ shape: [8, 8, 3] });
  const used = innerFirst ? shared.apply(inner.apply(input)) : inner.apply(shared.apply(input));
  const model = new Model({ inputs: input, outputs: new Conv2D({ filters: 2, kernelSize: 1 }).apply(used) });
  const json = JSON.parse(JSON.stringify(serializeModel(model))) as Record<string, unknown>;
  const read = deserializeModel(json);
  expect(read.countParams()).toBe(model.countParams());
  const again = read.getLayer("inner");
  expect(again instanceof Model && again.getLayer("shared")).toBe(read.getLayer("shared"));
  expect(JSON.parse(JSON.stringify(serializeModel(read)))).toEqual(json);
  for (const each of [read, model]) each.dispose();
});

test("a layer that Keras numbers only where it stands again is the one of that class and name", () => {
  const shared = new Conv2D({ filters: 3, kernelSize: 3, padding: "same", name: "shared" });
  const inner = new Sequential([Input({ shape: [8, 8, 3] }), shared], { name: "inner" });
  const input = Input({ shape: [8, 8, 3] });
  const model = new Model({ inputs: input, outputs: shared.apply(inner.apply(input)) });
  const text = JSON.stringify(serializeModel(model)).replace(/,"shared_object_id":1/, "");
  expect(text.match(/shared_object_id/g)).toHaveLength(1);
  const read = deserializeModel(JSON.parse(text));
  expect(read.countParams()).toBe(model.countParams());
  for (const each of [read, model]) each.dispose();
});

test("a layer of the same name that is not shared stays apart", () => {
  const convolution = (): Conv2D => new Conv2D({ filters: 3, kernelSize: 3, padding: "same", name: "conv2d" });
  const holding = (name: string, layer: Conv2D): Sequential =>
    new Sequential([Input({ shape: [8, 8, 3] }), layer], { name });
  const shared = convolution();
  const models = [holding("a", convolution()), holding("b", shared), holding("c", shared)];
  const model = new Sequential([Input({ shape: [8, 8, 3] }), ...models]);
  const read = deserializeModel(JSON.parse(JSON.stringify(serializeModel(model))));
  const [a, b, c] = ["a", "b", "c"].map((name) => {
    const inner = read.getLayer(name);
    return inner instanceof Model ? inner.getLayer("conv2d") : undefined;
  });
  expect(b).toBe(c);
  expect(a).not.toBe(b);
  for (const each of [read, model]) each.dispose();
});

test("models that share nothing have no numbers", () => {
  const model = new Sequential([Input({ shape: [8, 8, 3] }), new ReLU()]);
  expect(JSON.stringify(serializeModel(model))).not.toContain("shared_object_id");
  model.dispose();
});
