/* Packs what is published into a folder: `node tooling/release/publish/pack.mjs FOLDER`, after `npm run setup` and a build. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProcess } from "../processes.mjs";
import { toolEnvironment } from "../workspace.mjs";
import { publishedPackages } from "./packages.mjs";

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("pack.mjs: say into which folder.");
const folder = resolve(target);
mkdirSync(folder, { recursive: true });
if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty.`);

const packed = [];
for (const { name, version, folder: source } of publishedPackages()) {
  const before = new Set(readdirSync(folder));
  const { code, output } = await runProcess("pnpm", ["pack", "--pack-destination", folder], {
    cwd: source,
    env: toolEnvironment,
    capture: true,
    shell: process.platform === "win32",
  });
  const file = readdirSync(folder).find((entry) => !before.has(entry));
  if (code !== 0 || file === undefined) throw new Error(`${name}: ${output}`);
  packed.push({ name, version, file });
  console.log(`${name}@${version}: ${file}`);
}
writeFileSync(join(folder, "packed.json"), `${JSON.stringify(packed, null, 2)}\n`);
