import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** @type {typeof import("./nsfwjs.d.mts").nsfwjsFiles} */
export function nsfwjsFiles(model) {
  const load = createRequire(import.meta.url);
  // Its exports lead to code that loads the models, and stands beside them.
  const folder = join(dirname(load.resolve("nsfwjs")), "..", "models", model);
  /** @param {string} file @returns {unknown} */
  const contentOf = (file) => {
    const module = load(join(folder, `${file}.min.js`));
    return module.default ?? module;
  };
  const document = /** @type {{ weightsManifest: { paths: string[] }[] }} */ (contentOf("model"));
  const files = new Map([["model.json", new TextEncoder().encode(JSON.stringify(document))]]);
  for (const path of document.weightsManifest.flatMap(({ paths }) => paths)) {
    files.set(path, new Uint8Array(Buffer.from(String(contentOf(path)), "base64")));
  }
  return files;
}
