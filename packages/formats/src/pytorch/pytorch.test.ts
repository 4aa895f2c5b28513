import {
  BatchNormalization,
  Conv2D,
  Conv2DTranspose,
  Dense,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  MaxPooling2D,
  PReLU,
  ReLU,
  Sequential,
  registerGradients,
} from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "../safetensors/decode-safetensors.ts";
import { encodeZip } from "../zip/encode-zip.ts";
import { encodePyTorch, loadPyTorch, readTimmConfig, timmEfficientNet } from "./index.ts";
import { furthest, pytorchCases } from "../testing/pytorch-cases.ts";

useBackend(registerGradients);

const classifier = (units = 3): Sequential =>
  new Sequential([
    new Conv2D({ filters: 4, kernelSize: 3, padding: "same", name: "conv1", inputShape: [8, 7, 3] }),
    new BatchNormalization({ epsilon: 1e-5, name: "bn1" }),
    new ReLU(),
    new DepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2, useBias: false, name: "conv2" }),
    new Conv2D({ filters: 6, kernelSize: [1, 2], groups: 2, name: "conv3" }),
    new BatchNormalization({ epsilon: 1e-5, name: "bn2" }),
    new MaxPooling2D(),
    new Flatten(),
    new Dropout({ rate: 0.5 }),
    new Dense({ units: 5, activation: "relu", name: "fc1" }),
    new Dense({ units, name: "fc2" }),
  ]);

const widening = (): Sequential =>
  new Sequential([
    new Conv2DTranspose({ filters: 4, kernelSize: 3, strides: 2, activation: "relu", inputShape: [4, 5, 3] }),
    new BatchNormalization(),
    new Conv2D({ filters: 2, kernelSize: 2 }),
    new GlobalAveragePooling2D(),
    new Dense({ units: 3 }),
  ]);

describe("loadPyTorch", () => {
  test("gives a model with the module's names the module's answers", async () => {
    const model = classifier();
    const { notes } = await loadPyTorch(model, pytorchCases.classifier.file);
    expect(notes).toEqual([]);
    expect(furthest(model, pytorchCases.classifier)).toBeLessThan(1e-4);
    model.dispose();
  });

  test("takes modules by their order, and from DataParallel; tells of another epsilon", async () => {
    const model = widening();
    const { notes } = await loadPyTorch(model, pytorchCases.widening.file);
    expect(notes).toEqual([
      "BatchNormalization has epsilon 0.001 here and usually 0.00001 in PyTorch, which the file does not tell.",
    ]);
    expect(furthest(model, pytorchCases.widening)).toBeLessThan(1e-2);
    model.dispose();
  });

  test("takes modules by the names that are given", async () => {
    const names: Record<string, string> = {
      conv2d_transpose: "features.0",
      batch_normalization: "features.2",
      conv2d: "features.3",
      dense: "head",
    };
    for (const given of [names, (path: string) => names[path]]) {
      const model = widening();
      await loadPyTorch(model, pytorchCases.widening.file, { names: given });
      expect(furthest(model, pytorchCases.widening)).toBeLessThan(1e-2);
      model.dispose();
    }
    const lacking = loadPyTorch(widening(), pytorchCases.widening.file, { names: { ...names, dense: "" } });
    await expect(lacking).rejects.toThrow('loadPyTorch: names of "dense" must be the name of a module');
  });

  test("refuses a file of another network before a weight changes", async () => {
    const model = classifier(4);
    const before = await model.getWeights();
    await expect(loadPyTorch(model, pytorchCases.classifier.file)).rejects.toThrow(
      'shape of "fc2.weight" must be (4, 5), as weight "fc2/kernel" is, found (3, 5)',
    );
    expect(await model.getWeights()).toEqual(before);
    await expect(loadPyTorch(widening(), pytorchCases.classifier.file)).rejects.toThrow("modules of");
  });

  test("leaves out what it is told to, and nothing else", async () => {
    const top = classifier().layers.slice(0, -2);
    const base = new Sequential(top);
    await expect(loadPyTorch(base, pytorchCases.classifier.file)).rejects.toThrow(
      'tensors must be weights of the model, or among those to ignore, found "fc1.',
    );
    const { notes } = await loadPyTorch(base, pytorchCases.classifier.file, { ignore: ["fc1", "fc2"] });
    expect(notes).toEqual(["Left out, as asked: fc1, fc2."]);
  });

  test("tells of layers that PyTorch has no module for", async () => {
    const layers = [...classifier().layers];
    const model = new Sequential([...layers.slice(0, 4), new PReLU({ name: "slope" }), ...layers.slice(4)]);
    const { notes } = await loadPyTorch(model, pytorchCases.classifier.file);
    expect(notes).toEqual(["Layers that PyTorch has no module for keep their weights: slope."]);
    await expect(encodePyTorch(model)).rejects.toThrow('those to ignore, received "slope"');
    expect(decodeSafetensors(await encodePyTorch(model, { ignore: ["slope", "fc2"] }), "ours").has("fc1.weight")).toBe(
      true,
    );
  });

  test("stops before the config is read", async () => {
    const config = new Blob(["no JSON"]);
    const loading = loadPyTorch(classifier(), pytorchCases.classifier.file, { config, signal: AbortSignal.abort() });
    await expect(loading).rejects.toMatchObject({ code: "ABORTED" });
  });

  test("refuses modules whose order the names do not tell", async () => {
    const model = new Sequential([
      new Dense({ units: 2, inputShape: [2], name: "a" }),
      new Dense({ units: 2, name: "b" }),
    ]);
    const names = { a: "left", b: "right" };
    const file = await encodePyTorch(model, { names });
    await expect(loadPyTorch(model, file)).rejects.toThrow("order of modules must be told apart by numbers");
    await loadPyTorch(model, file, { names });
  });

  test.for<[string, readonly unknown[]]>([
    ["no model", [{}, new Uint8Array()]],
    ["a model without weights yet", [new Sequential([new Dense({ units: 1 })]), new Uint8Array()]],
    ["names that are none", [classifier(), pytorchCases.classifier.file, { names: 1 }]],
    ["what is to be ignored", [classifier(), pytorchCases.classifier.file, { ignore: "fc" }]],
    ["an unknown option", [classifier(), pytorchCases.classifier.file, { name: {} }]],
  ])("refuses %s", async ([, given]) => {
    const loading: Promise<unknown> = Reflect.apply(loadPyTorch, undefined, given);
    await expect(loading).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });
});

test("loadPyTorch says of other files what they are, and of pickles what to do", async () => {
  const model = new Sequential([new Dense({ units: 1 })]);
  model.build([null, 2]);
  const old = Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
  const archive = await encodeZip(new Map([["m/data.pkl", new Uint8Array(9)]]), { stored: true });
  for (const file of [old, archive]) {
    await expect(loadPyTorch(model, file)).rejects.toThrow(
      /must be a safetensors file, found a pickle of PyTorch; it can run code when opened\. Save it with safetensors\.torch/,
    );
  }
  const hdf5 = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0);
  await expect(loadPyTorch(model, hdf5)).rejects.toThrow("must be a safetensors file, found an HDF5 file (.h5)");
  model.dispose();
});

describe("encodePyTorch", () => {
  test("writes the tensors that were read", async () => {
    const model = classifier();
    await loadPyTorch(model, pytorchCases.classifier.file);
    const written = decodeSafetensors(await encodePyTorch(model), "ours");
    const read = decodeSafetensors(pytorchCases.classifier.file, "theirs");
    const isKept = (name: string): boolean => !name.endsWith("num_batches_tracked");
    expect(new Set(written.keys())).toEqual(new Set([...read.keys()].filter(isKept)));
    for (const [name, { shape, data }] of written) {
      expect([name, shape, [...data]]).toEqual([name, read.get(name)?.shape, [...(read.get(name)?.data ?? [])]]);
    }
    model.dispose();
  });

  test("refuses one module for two layers", async () => {
    const same = encodePyTorch(classifier(), { names: (path) => (path.startsWith("fc") ? "fc" : path) });
    await expect(same).rejects.toThrow("names must be different for each layer");
  });
});

test("knows timm's names of EfficientNet's modules", () => {
  const names = [
    "stem_conv",
    "block1a_bn",
    "block1b_project_conv",
    "base/block2a_expand_conv",
    "block7d_project_bn",
    "fc",
  ];
  expect(names.map(timmEfficientNet)).toEqual([
    "conv_stem",
    "blocks.0.0.bn1",
    "blocks.0.1.conv_pw",
    "blocks.1.0.conv_pw",
    "blocks.6.3.bn3",
    undefined,
  ]);
});

describe("timm's config", () => {
  const fields = {
    input_size: [3, 224, 192],
    interpolation: "bicubic",
    crop_pct: 0.875,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  };

  test("is read as preprocessing and labels", async () => {
    const config = { architecture: "resnet18", label_names: ["cat", "dog"], pretrained_cfg: fields };
    const bytes = new TextEncoder().encode(JSON.stringify(config));
    for (const given of [config, bytes, new Blob([bytes])]) {
      expect(await readTimmConfig(given)).toEqual({
        preprocessing: {
          size: [224, 192],
          channels: "rgb",
          resize: "bicubic",
          crop: "center",
          scale: 1 / 255,
          mean: fields.mean,
          standardDeviation: fields.std,
        },
        labels: ["cat", "dog"],
        architecture: "resnet18",
        notes: ["timm takes the middle 0.875 of the largest centred square (crop_pct); here it is taken whole."],
      });
    }
    expect((await readTimmConfig({ ...fields, crop_mode: "squash" })).preprocessing?.crop).toBe("none");
    expect((await readTimmConfig({})).notes).toEqual(["config does not tell how pictures become the input."]);
  });

  test.for<[string, object]>([
    ["input_size", { input_size: [3, 0.5] }],
    ["input_size", { input_size: [4, 8, 8] }],
    ["mean", { mean: ["a"] }],
    ["std", { std: undefined }],
    ["interpolation", { interpolation: "toString" }],
    ["crop_mode", { crop_mode: "__proto__" }],
    ["label_names", { label_names: [1] }],
    ["preprocessing", { std: [1, 0, 1] }],
  ])("refuses another %s", async ([name, change]) => {
    const reading = readTimmConfig({ ...fields, ...change });
    await expect(reading).rejects.toMatchObject({ code: "INVALID_FORMAT", message: expect.stringContaining(name) });
  });
});
