import { n1, n3 } from "@featuremap/applications";
import { Conv2D, Dense, Flatten, type Layer, MaxPooling2D } from "@featuremap/layers";
import { expect, test } from "vitest";
import { networks, weightShapes } from "./networks.mjs";
import described from "./plain-networks.json" with { type: "json" };

/** A layer as `plain-networks.json` tells it. */
function describeLayer(layer: Layer): object {
  if (layer instanceof Conv2D) return { kind: "convolution", filters: layer.filters };
  if (layer instanceof Dense) {
    return { kind: "dense", units: layer.units, activation: layer.config.activation ?? "linear" };
  }
  if (layer instanceof MaxPooling2D) return { kind: "pooling" };
  if (layer instanceof Flatten) return { kind: "flatten" };
  throw new Error(`plain-networks.json has no word for ${layer.className}`);
}

test("N1 and N3 are those of @featuremap/applications", () => {
  const built = [n1, n3].map(({ name, inputShape, outputs, defaults, build }) => {
    const model = build();
    const layers = model.layers.filter(({ className }) => className !== "InputLayer").map(describeLayer);
    const parameters = model.countParams();
    model.dispose();
    return [
      name,
      { input: inputShape, layers, parameters, optimizer: defaults.optimizer, logits: outputs === "logits" },
    ];
  });
  expect(described).toEqual(Object.fromEntries(built));
});

test("the shapes of N1's weights are Keras's", () => {
  expect(weightShapes(networks.n1)).toEqual([
    [3, 3, 1, 32],
    [32],
    [3, 3, 32, 64],
    [64],
    [3, 3, 64, 128],
    [128],
    [1152, 10],
    [10],
  ]);
});

test.for(["n1", "n3", "resnet20", "mobilenetv2"] as const)(
  "the weights of %s are as many as its description says",
  (name) => {
    const sizes = weightShapes(networks[name]).map((shape) => shape.reduce((product, length) => product * length, 1));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(networks[name].parameters);
  },
);

// Read from keras.applications.MobileNetV2(input_shape=(96, 96, 3), weights=None, classes=10) of Keras 3.15.1.
test("MobileNetV2 is that of Keras", () => {
  const { nodes, parameters } = networks.mobilenetv2;
  const count = (kind: string): number => nodes.filter((node) => node.kind === kind).length;
  expect(parameters).toBe(2_270_794);
  expect(["convolution", "depthwise", "normalization", "relu", "add"].map(count)).toEqual([35, 17, 52, 35, 10]);
  expect(nodes.at(-3)?.to).toEqual([3, 3, 1280]);
});

test("ResNet-20 has the 272,474 trained weights that it is known for, and moments", () => {
  const moments = networks.resnet20.nodes
    .filter(({ kind }) => kind === "normalization")
    .reduce((sum, { from }) => sum + 2 * from[2], 0);
  expect(networks.resnet20.parameters - moments).toBe(272_474);
  expect(networks.resnet20.nodes.at(-3)?.to).toEqual([8, 8, 64]);
});
