import { plainPreprocessing } from "@featuremap/images";
import { describe, expect, test } from "vitest";
import { type ModelDocument, formatModelDocument } from "../model-files/model-document.ts";
import { type BundleDescription, parseBundleDocument } from "./bundle-document.ts";

const description: BundleDescription = {
  preprocessing: plainPreprocessing([28, 28], "grayscale", 1 / 255),
  labels: ["zero", "one"],
};
const document: ModelDocument = {
  model: { class_name: "Sequential" },
  metrics: { accuracy: 0.99 },
  weights: [{ name: "weights", file: "weights.safetensors", sha256: "0".repeat(64) }],
  provenance: { seed: 7 },
};

/** The document as JSON with some fields replaced; a field of `undefined` is left out. */
function altered(changes: object): Uint8Array {
  const fields: object = JSON.parse(new TextDecoder().decode(formatModelDocument(document, description)));
  return new TextEncoder().encode(JSON.stringify({ ...fields, ...changes }));
}

function withWeights(changes: object): Uint8Array {
  return altered({ weights: [{ ...document.weights[0], ...changes }] });
}

describe("a bundle's model.json", () => {
  test("gives back what was written", () => {
    expect(parseBundleDocument(formatModelDocument(document, description), "model.json")).toEqual({
      ...document,
      ...description,
    });
  });

  test("says format and version first", () => {
    const text = new TextDecoder().decode(formatModelDocument(document, description));
    expect(text).toMatch(/^\{\n {2}"format": "featuremap-model",\n {2}"version": 1,\n/);
  });

  test.for([
    ["another format", altered({ format: "layers-model" }), 'format must be "featuremap-model", found "layers-model"'],
    ["a later version", altered({ version: 2 }), "version must be 1, the only one this release reads, found 2"],
    ["a version as text", altered({ version: "1" }), 'found "1"'],
    ["no model", altered({ model: undefined }), "model must be a Keras configuration, found nothing"],
    ["a list for a model", altered({ model: [] }), "model must be a Keras configuration, found []"],
    ["no preprocessing", altered({ preprocessing: undefined }), "preprocessing must be an object"],
    [
      "a model alone",
      formatModelDocument(document),
      "labels must be a list of strings, found nothing: loadModel reads models without labels",
    ],
    ["a wrong preprocessing", altered({ preprocessing: { size: [0, 1] } }), "preprocessing.size must be two positive"],
    ["labels of numbers", altered({ labels: [1, 2] }), "labels must be a list of strings, found [1, 2]"],
    ["no labels", altered({ labels: undefined }), "labels must be a list of strings, found nothing"],
    ["unknown outputs", altered({ outputs: "logit" }), 'outputs must be "probabilities", "logits" or "binaryLogits"'],
    ["a metric that is not a number", altered({ metrics: { loss: null } }), "metrics must be finite numbers by name"],
    ["metrics as a list", altered({ metrics: [0.5] }), "metrics must be finite numbers by name"],
    ["no provenance", altered({ provenance: undefined }), "provenance must be an object, found nothing"],
    ["no weights", altered({ weights: [] }), "weights must be a list of at least one file, found []"],
    ["weights that are not an object", altered({ weights: ["w"] }), 'weights[0] must be an object, found "w"'],
    ["weights without a name", withWeights({ name: "" }), "weights[0].name must be a text"],
    ["a path for a file", withWeights({ file: "../other" }), "weights[0].file must be a plain name"],
    ["a folder for a file", withWeights({ file: ".." }), "weights[0].file must be a plain name"],
    ["an address for a file", withWeights({ file: "https://x/y" }), "weights[0].file must be a plain name"],
    ["a short checksum", withWeights({ sha256: "00" }), "weights[0].sha256 must be 64 hexadecimal digits"],
    [
      "one file twice",
      altered({ weights: [document.weights[0], document.weights[0]] }),
      "weights[1].file must be different from the files before it",
    ],
    ["an empty file", new Uint8Array(), "document must be a JSON object, found an empty text"],
    ["a cut file", formatModelDocument(document, description).subarray(0, 100), "document must be a JSON object"],
  ] as const)("refuses %s", ([, bytes, message]) => {
    expect(() => parseBundleDocument(bytes, "runs/model.json")).toThrow(`runs/model.json: `);
    expect(() => parseBundleDocument(bytes, "runs/model.json")).toThrow(message);
    expect(() => parseBundleDocument(bytes, "runs/model.json")).toThrow(
      expect.objectContaining({ code: "INVALID_FORMAT" }),
    );
  });
});
