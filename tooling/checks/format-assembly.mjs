/*
 * Lays out AssemblyScript as the formatter lays out TypeScript; `--check` only compares.
 *
 * The formatter cannot read AssemblyScript as it stands, since TypeScript has no decorators on functions. They stand on lines
 * of their own, and each is a comment while the formatter runs.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "oxfmt";
import { packageFolders, root } from "../release/workspace.mjs";

const { printWidth } = JSON.parse(readFileSync(join(root, ".oxfmtrc.json"), "utf8"));

/** @param {string} file @param {string} text */
async function layOut(file, text) {
  const { code, errors } = await format(file, text.replaceAll(/^@/gm, "//@@"), { printWidth });
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join("\n")}`);
  return code.replaceAll(/^\/\/@@/gm, "@");
}

/** Every AssemblyScript file of a package. @param {string} folder @returns {string[]} */
function assemblyOf(folder) {
  if (!readdirSync(folder).includes("assembly")) return [];
  const files = readdirSync(join(folder, "assembly"), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => join(folder, "assembly", file));
}

const check = process.argv.includes("--check");
for (const file of packageFolders().flatMap(assemblyOf)) {
  const text = readFileSync(file, "utf8");
  const formatted = await layOut(file, text);
  if (formatted === text) continue;
  if (check) {
    console.error(`${file.slice(root.length)} is not formatted; \`npm run format\` does it.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, formatted);
  }
}
