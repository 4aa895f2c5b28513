import {
  Activation,
  BatchNormalization,
  Concatenate,
  Conv1D,
  Conv2D,
  Conv3D,
  Dense,
  DepthwiseConv2D,
  Flatten,
  GaussianDropout,
  GroupNormalization,
  Input,
  type Layer,
  LeakyReLU,
  MaxPooling2D,
  Model,
  Permute,
  ReLU,
  Reshape,
  Sequential,
  registerGradients,
} from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { type Tensor, transpose } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "../safetensors/decode-safetensors.ts";
import { encodePyTorch, loadPyTorch } from "./index.ts";
import { type PyTorchCase, furthest, inputOf, pytorchCases } from "../testing/pytorch-cases.ts";

useBackend(registerGradients);

/** What comes behind flattened maps in the cases that are no images. */
const behind = (flatten: Layer): readonly Layer[] => [
  flatten,
  new GaussianDropout({ rate: 0.5 }),
  new LeakyReLU({ negativeSlope: 0.2 }),
  new BatchNormalization({ epsilon: 1e-5, name: "norm" }),
  new Activation("tanh"),
  new GroupNormalization({ groups: 1, epsilon: 1e-5, name: "group" }),
  new Dense({ units: 3, name: "fc" }),
];
const rows = (): Layer => new Conv1D({ filters: 2, kernelSize: 2, name: "conv", inputShape: [5, 3] });
const volumes = (): Layer => new Conv3D({ filters: 2, kernelSize: 2, name: "conv", inputShape: [3, 4, 3, 3] });

const maps = (dataFormat: "channelsFirst" | "channelsLast"): readonly Layer[] => {
  const axis = dataFormat === "channelsFirst" ? 1 : -1;
  const inputShape = dataFormat === "channelsFirst" ? [3, 8, 7] : [8, 7, 3];
  return [
    new Conv2D({ filters: 4, kernelSize: 3, padding: "same", name: "conv1", dataFormat, inputShape }),
    new BatchNormalization({ epsilon: 1e-5, axis, name: "bn1" }),
    new ReLU(),
    new DepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2, useBias: false, dataFormat, name: "conv2" }),
    new Conv2D({ filters: 6, kernelSize: [1, 2], groups: 2, dataFormat, name: "conv3" }),
    new BatchNormalization({ epsilon: 1e-5, axis, name: "bn2" }),
    new MaxPooling2D({ dataFormat }),
  ];
};
const head = (): readonly Layer[] => [
  new Dense({ units: 5, activation: "relu", name: "fc1" }),
  new Dense({ units: 3, name: "fc2" }),
];

function channelsFirst(example: PyTorchCase): Tensor {
  const last = inputOf(example);
  const first = transpose(last, [0, 3, 1, 2]);
  last.dispose();
  return first;
}

async function checkFile(model: Model, example: PyTorchCase): Promise<void> {
  const read = decodeSafetensors(example.file, "theirs");
  for (const [name, { data }] of decodeSafetensors(await encodePyTorch(model), "ours")) {
    expect([name, [...data]]).toEqual([name, [...(read.get(name)?.data ?? [])]]);
  }
}

describe("layers behind flattened maps have PyTorch's weights in their own order", () => {
  test.for<["rows" | "volumes", () => Layer, Layer]>([
    ["rows", rows, new Flatten()],
    ["rows", rows, new Reshape([-1])],
    ["volumes", volumes, new Flatten()],
  ])("of %s", async ([name, convolution, flatten]) => {
    const model = new Sequential([convolution(), ...behind(flatten)]);
    await loadPyTorch(model, pytorchCases[name].file);
    expect(furthest(model, pytorchCases[name])).toBeLessThan(1e-4);
    await checkFile(model, pytorchCases[name]);
    model.dispose();
  });

  test.for<[string, readonly Layer[]]>([
    ["flattened so", [new Flatten()]],
    ["put last by Flatten", [new Flatten({ dataFormat: "channelsFirst" })]],
    ["put last before", [new Permute([2, 3, 1]), new Flatten()]],
  ])("where channels come first, %s", async ([, flatten]) => {
    const model = new Sequential([...maps("channelsFirst"), ...flatten, ...head()]);
    await loadPyTorch(model, pytorchCases.classifier.file);
    expect(furthest(model, pytorchCases.classifier, channelsFirst(pytorchCases.classifier))).toBeLessThan(1e-4);
    await checkFile(model, pytorchCases.classifier);
    model.dispose();
  });

  test.for<[string, () => readonly Layer[]]>([
    ["are put first before", () => [...maps("channelsLast"), new Permute([3, 1, 2]), new Flatten(), ...head()]],
    ["are flattened in a model within", () => [new Sequential([...maps("channelsLast"), new Flatten()]), ...head()]],
    [
      "go into a model within",
      () => [...maps("channelsLast"), new Flatten(), new Sequential([new Activation("linear"), ...head()])],
    ],
  ])("where they %s", async ([, layers]) => {
    const model = new Sequential(layers());
    await loadPyTorch(model, pytorchCases.classifier.file);
    expect(furthest(model, pytorchCases.classifier)).toBeLessThan(1e-4);
    model.dispose();
  });
});

describe("refuses by name", () => {
  test("a layer behind maps that were joined with others", async () => {
    const [image, others] = [Input({ shape: [2, 2, 3] }), Input({ shape: [2] })];
    const joined = new Concatenate().apply([new Flatten().apply(image), others]);
    const model = new Model({
      inputs: [image, others],
      outputs: new Dense({ units: 2, name: "after" }).apply(new ReLU().apply(joined)),
    });
    await expect(encodePyTorch(model)).rejects.toThrow('those to ignore, received "after"');
  });

  test("groups of flattened maps", async () => {
    const layers = [new Flatten({ inputShape: [2, 2, 3] }), new GroupNormalization({ groups: 2, name: "grouped" })];
    await expect(encodePyTorch(new Sequential(layers))).rejects.toThrow('those to ignore, received "grouped"');
  });
});
