/* Packs what is published into a folder: `node tooling/release/publish/pack.mjs FOLDER`, after `npm run setup` and a build. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProcess } from "../processes.mjs";
import { root, toolEnvironment } from "../workspace.mjs";
import { publishedPackages } from "./packages.mjs";

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("pack.mjs: say into which folder.");
const folder = resolve(target);
mkdirSync(folder, { recursive: true });
if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty.`);

const packages = publishedPackages();
const filters = packages.flatMap(({ name }) => ["--filter", name]);
const { code, output } = await runProcess("pnpm", ["--recursive", ...filters, "pack", "--pack-destination", folder], {
  cwd: root,
  env: toolEnvironment,
  capture: true,
  shell: process.platform === "win32",
});
if (code !== 0) throw new Error(`pnpm pack ended with ${code}: ${output}`);
const packed = packages.map(({ name, version }) => {
  const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
  if (!existsSync(join(folder, file))) throw new Error(`pnpm packed no ${file}: ${output}`);
  console.log(`${name}@${version}: ${file}`);
  return { name, version, file };
});
writeFileSync(join(folder, "packed.json"), `${JSON.stringify(packed, null, 2)}\n`);
