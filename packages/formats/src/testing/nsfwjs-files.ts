import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Models of the npm package nsfwjs. Its authors trained the first from ImageNet's weights. */
export type NsfwjsModel = "mobilenet_v2" | "mobilenet_v2_mid" | "inception_v3";

interface ModelJson {
  readonly weightsManifest: readonly { readonly paths: readonly string[] }[];
}

/**
 * The files of a model as nsfwjs ships them, `model.json` and shards: layers-models of Keras 2.2.4 without a `format`, quantized to
 * uint8; `mobilenet_v2_mid` is a graph-model.
 */
export function nsfwjsFiles(model: NsfwjsModel): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const load = createRequire(import.meta.url);
  // Its exports lead to code that loads the models, and stands beside them.
  const folder = join(dirname(load.resolve("nsfwjs")), "..", "models", model);
  const contentOf = (file: string): unknown => {
    const module = load(join(folder, `${file}.min.js`)) as { readonly default?: unknown };
    return module.default ?? module;
  };
  const document = contentOf("model") as ModelJson;
  const files = new Map([["model.json", new TextEncoder().encode(JSON.stringify(document))]]);
  for (const path of document.weightsManifest.flatMap(({ paths }) => paths)) {
    files.set(path, new Uint8Array(Buffer.from(String(contentOf(path)), "base64")));
  }
  return files;
}
