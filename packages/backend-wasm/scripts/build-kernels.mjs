import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { declareExports } from "./declare-exports.mjs";
import { embed } from "./embed.mjs";
import { readCodes } from "./read-codes.mjs";

/**
 * Compiles the kernels to `wasm/`, unless the binaries are newer than every source (`--force` compiles anyway), and writes
 * them to `embedded/` as modules, and the types of what they export to `src/engine/kernel-exports.ts`.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
const binaries = [
  { name: "simd128", features: ["simd", "threads"] },
  { name: "relaxed", features: ["simd", "threads", "relaxed-simd"] },
];

const { RING, JOBS, JOB_BYTES } = await readCodes("memory");
const OPTIONS = [
  "-O3",
  "--bindings=raw",
  "--noAssert",
  "--runtime=stub",
  // The kernels' constants lie behind the ring of jobs.
  `--memoryBase=${RING + JOBS * JOB_BYTES}`,
  "--importMemory",
  "--sharedMemory",
  "--initialMemory=16",
  "--maximumMemory=65536",
  // Vectors pass only between functions inside the binary, never to JavaScript.
  "--disableWarning=112",
];

const newest = Math.max(
  statSync(fileURLToPath(import.meta.url)).mtimeMs,
  ...["assembly", join("src", "codes")].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (file) => statSync(join(root, folder, file)).mtimeMs,
    ),
  ),
);
mkdirSync(join(root, "wasm"), { recursive: true });
for (const { name, features } of binaries) {
  const output = join(root, "wasm", `${name}.wasm`);
  const built = statSync(output, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs > newest && !process.argv.includes("--force")) continue;
  const enabled = features.map((feature) => `--enable=${feature}`);
  const { status } = spawnSync(
    process.execPath,
    [compiler, join("assembly", "index.ts"), "--outFile", output, ...OPTIONS, ...enabled],
    { cwd: root, stdio: "inherit" },
  );
  if (status !== 0) process.exit(status ?? 1);
}
embed(
  root,
  binaries.map(({ name }) => name),
);
const types = join(root, "src", "engine", "kernel-exports.ts");
if (declareExports(join(root, "wasm", `${binaries[0].name}.d.ts`), types)) {
  throw new Error(`The kernels' exports have changed, and ${types} with them: build again.`);
}
