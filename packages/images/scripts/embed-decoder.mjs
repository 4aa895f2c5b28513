import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/**
 * Writes the binary of libjpeg-turbo to `embedded/` as a module that holds it as text: a bundler follows imports, whatever it
 * makes of other files.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const binary = readFileSync(join(root, "jpeg-turbo", "jpeg-turbo.wasm"));
const text = gzipSync(binary, { level: 9 }).toString("base64");
mkdirSync(join(root, "embedded"), { recursive: true });
writeFileSync(join(root, "embedded", "jpeg-turbo.js"), `export default ${JSON.stringify(text)};\n`);
