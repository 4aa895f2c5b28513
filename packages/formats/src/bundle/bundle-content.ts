import { sha256 } from "@featuremap/files";
import { type ModelDocument, formatModelDocument, weightsName } from "../model-files/model-document.ts";

/** A bundle ready to be written: its weights, and its document once the weights have a file name. */
export interface BundleContent {
  readonly weights: Uint8Array<ArrayBuffer>;
  /** `model.json` for weights kept under this name. */
  document(weightsFile?: string): Uint8Array<ArrayBuffer>;
}

/** Puts a document and the bytes of its weights together. */
export async function bundleContent(
  document: Omit<ModelDocument, "weights">,
  weights: Uint8Array<ArrayBuffer>,
): Promise<BundleContent> {
  const digest = await sha256(weights);
  return {
    weights,
    document: (file = weightsName) =>
      formatModelDocument({ ...document, weights: [{ name: "weights", file, sha256: digest }] }),
  };
}
