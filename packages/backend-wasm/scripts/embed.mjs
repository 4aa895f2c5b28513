import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Writes what the backend loads as modules that hold it as text: a bundler follows imports, whatever it makes of other files.
 *
 * @param {string} root the package's folder
 * @param {readonly string[]} binaries names of the files in `wasm/`
 */
export function embed(root, binaries) {
  for (const name of binaries) {
    const kernels = gzipSync(readFileSync(join(root, "wasm", `${name}.wasm`)), { level: 9 });
    write(name, kernels.toString("base64"));
  }
  const source = readFileSync(join(root, "worker", "take-tasks.js"), "utf8");
  write("take-tasks", source.replace("export function", "function"));

  /** @param {string} name @param {string} text */
  function write(name, text) {
    writeFileSync(join(root, "embedded", `${name}.js`), `export default ${JSON.stringify(text)};\n`);
  }
}
