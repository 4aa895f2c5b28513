import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Compiles `assembly/`, and writes the binary as a module that holds it as text, which every bundler follows. */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
const output = join("wasm", "picture-kernels.wasm");
const options = [
  "-O3",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--enable=simd",
  // Vectors pass only between functions inside the binary, never to JavaScript.
  "--disableWarning=112",
];
mkdirSync(join(root, "wasm"), { recursive: true });
const { status } = spawnSync(
  process.execPath,
  [compiler, join("assembly", "index.ts"), "--outFile", output, ...options],
  { cwd: root, stdio: "inherit" },
);
if (status !== 0) process.exit(status ?? 1);
const text = readFileSync(join(root, output)).toString("base64");
writeFileSync(join(root, "embedded", "picture-kernels.js"), `export default ${JSON.stringify(text)};\n`);
