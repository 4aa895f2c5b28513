// TensorFlow.js's layers on tfjs-backend-wasm, with threads.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { join } from "node:path";
import { cache, serve, threads } from "./protocol.mjs";
import { tfjsBuilder } from "./tfjs-model.mjs";

const load = createRequire(join(cache, "tfjs-wasm", "package.json"));
const tf = load("@tensorflow/tfjs-core");
const layers = load("@tensorflow/tfjs-layers");
const wasm = load("@tensorflow/tfjs-backend-wasm");

/**
 * Makes the backend start threads in Node, which it does in pages only.
 *
 * It hands its threads their programs as blobs, which Node's threads cannot load: here blobs are files. And it never
 * takes more threads than half of what it sees as cores.
 *
 * @param {string} folder For the programs.
 */
function allowThreads(folder) {
  const program = load.resolve("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js");
  const understandFiles = "URL.createObjectURL = ({ path }) => path; URL.revokeObjectURL = () => {};\n";
  let count = 0;
  /** @param {string[]} parts */
  function fileBlob([text = ""]) {
    // The bundle for Node renames what this part refers to; the package has it unbundled too.
    const source = text.startsWith("var WasmBackendModuleThreadedSimd") ? readFileSync(program, "utf8") : text;
    const path = join(folder, `${count++}.js`);
    writeFileSync(path, understandFiles + source);
    return { path };
  }
  Object.assign(globalThis, { Blob: fileBlob });
  Object.assign(URL, { createObjectURL: (/** @type {{ path: string }} */ { path }) => path });
  Object.assign(os, { cpus: () => Array.from({ length: 2 * threads }) });
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
  wasm.setThreadsCount(threads);
}

const folder = mkdtempSync(join(os.tmpdir(), "tfjs-wasm-"));
try {
  if (threads > 1) allowThreads(folder);
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend does not start");
  // The threads have loaded their programs once they have worked.
  await tf.tidy(() => tf.conv2d(tf.ones([8, 32, 32, 8]), tf.ones([3, 3, 8, 8]), 1, "valid")).data();
} finally {
  rmSync(folder, { recursive: true });
}
await serve({
  versions: { "tfjs-backend-wasm": wasm.version_wasm },
  threads: wasm.getThreadsCount(),
  build: tfjsBuilder({ ...tf, ...layers }),
});
