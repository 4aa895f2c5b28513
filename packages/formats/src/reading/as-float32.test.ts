import { deserializeModel } from "@featuremap/layers";
import { describe, expect, test } from "vitest";
import { asFloat32 } from "./as-float32.ts";
import type { JsonObject } from "./json.ts";

const policy = (name: string): JsonObject => ({
  module: "keras",
  class_name: "DTypePolicy",
  config: { name },
  registered_name: null,
});

/** As Keras 3.15 writes a model of mixed precision for pictures in bytes. */
function config(dtype: unknown, input = "uint8"): JsonObject {
  const layers = [
    { class_name: "InputLayer", config: { batch_shape: [null, 4, 4, 3], dtype: input, name: "pixels" } },
    { class_name: "Rescaling", config: { name: "rescaling", trainable: true, dtype, scale: 0.5, offset: 0 } },
    { class_name: "Flatten", config: { name: "flatten", trainable: true, dtype, data_format: "channels_last" } },
    { class_name: "Dense", config: { name: "dense", trainable: true, dtype: "float32", units: 2 } },
  ];
  return { class_name: "Sequential", config: { name: "mixed", trainable: true, dtype: policy("float32"), layers } };
}

describe("a model of another precision", () => {
  test.for(["mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64"])(
    "of %s is computed in float32",
    (name) => {
      for (const dtype of [name, policy(name)]) {
        const { config: changed, notes } = asFloat32(config(dtype), "file");
        expect(notes).toEqual([
          "Computed in float32 where the file says inputs of uint8 (1 layers).",
          `Computed in float32 where the file says ${name} (2 layers).`,
        ]);
        const model = deserializeModel(changed);
        expect(model.inputShape).toEqual([null, 4, 4, 3]);
        model.dispose();
      }
    },
  );

  test("is left as it is in float32, or where nobody knows the precision", () => {
    for (const dtype of [
      "float32",
      policy("float32"),
      "complex64",
      null,
      { class_name: "DTypePolicyMap", config: {} },
    ]) {
      const given = config(dtype, "float32");
      expect(asFloat32(given, "file")).toEqual({ config: given, notes: [] });
    }
    expect(asFloat32(config("float32", "string"), "file")).toEqual({ config: config("float32", "string"), notes: [] });
  });

  test("is refused where its weights are quantized", () => {
    const quantized = { class_name: "QuantizedDTypePolicy", config: { mode: "int8", source_name: "float32" } };
    expect(() => asFloat32(config(quantized), "file")).toThrow(
      'file: dtype of "rescaling" must be float32 or mixed, found int8_from_float32',
    );
  });
});
