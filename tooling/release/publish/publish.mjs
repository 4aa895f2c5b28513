/* Publishes what `pack.mjs` packed: `node tooling/release/publish/publish.mjs FOLDER`. It needs Node and npm, and nothing installed. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { publishAll } from "./publish-all.mjs";

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("publish.mjs: say which folder holds the packed packages.");
const folder = resolve(target);
/** @type {readonly import("./publish-all.mjs").PackedPackage[]} */
const packed = JSON.parse(readFileSync(join(folder, "packed.json"), "utf8"));
await publishAll(folder, packed);
