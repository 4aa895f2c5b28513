/* What Keras offers and what of it is here: `node tooling/checks/keras-table.mjs` writes docs/keras.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/**
 * Keras's symbols, from `tooling/fixtures/symbols.py`: constructor arguments by class, in groups, each group in one package.
 *
 * @typedef {{ version: string, groups: Record<string, { package: string, symbols: Record<string, string[]> }> }} KerasSymbols
 */

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const kerasTableFile = join(root, "docs", "keras.md");

/** Arguments that mean nothing here, for the reason given below the tables. */
const elsewhere = new Set([
  ..."dtype autocast lora_rank lora_alpha quantization_config sparse ragged jit_compile steps_per_execution".split(" "),
  ..."loss_scale_factor synchronized".split(" "),
]);

/** @param {string} name */
const camelCase = (name) =>
  name === "keepdims" ? "keepDims" : name.replace(/_+([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/**
 * The options that each exported class of a package takes, read from its constructor's type.
 *
 * @param {string} packageName
 * @returns {Map<string, Set<string>>}
 */
function optionsOf(packageName) {
  const folder = join(root, "packages", packageName);
  const file = join(folder, "tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    folder,
  );
  const program = ts.createProgram([join(folder, "src", "index.ts")], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(folder, "src", "index.ts"));
  const module = source && checker.getSymbolAtLocation(source);
  if (!source || !module) throw new Error(`${folder} has no src/index.ts`);
  const classes = new Map();
  for (const symbol of checker.getExportsOfModule(module)) {
    const [signature] = checker.getTypeOfSymbolAtLocation(symbol, source).getConstructSignatures();
    if (!signature) continue;
    const [parameter] = signature.parameters;
    const type = parameter && checker.getTypeOfSymbolAtLocation(parameter, source);
    classes.set(symbol.name, new Set(type ? optionNames(type, checker) : []));
  }
  return classes;
}

/**
 * Options of a parameter that may also be a plain value: `0.5` for `{ rate: 0.5 }`.
 *
 * @param {ts.Type} type @param {ts.TypeChecker} checker @returns {string[]}
 */
function optionNames(type, checker) {
  if (type.isUnion()) return type.types.flatMap((each) => optionNames(each, checker));
  const isConfig = (type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection();
  if (!isConfig || checker.isArrayLikeType(type) || type.getCallSignatures().length > 0) return [];
  return checker.getPropertiesOfType(type).map(({ name }) => name);
}

/** Options that every layer takes and Keras's of today do not. */
const everyLayers = new Set(["inputShape", "batchInputShape"]);

/**
 * One row.
 *
 * @param {string} name
 * @param {readonly string[]} theirs Keras's arguments.
 * @param {Set<string> | undefined} ours
 */
function row(name, theirs, ours) {
  if (ours === undefined) return `| \`${name}\` | no | |`;
  const wanted = theirs.filter((argument) => !elsewhere.has(argument)).map(camelCase);
  const missing = wanted.filter((argument) => !ours.has(argument));
  const more = [...ours].filter((option) => !theirs.map(camelCase).includes(option) && !everyLayers.has(option));
  const code = (/** @type {string[]} */ names) => names.map((each) => `\`${each}\``).join(", ");
  const differences = [
    missing.length > 0 ? `without ${code(missing)}` : "",
    more.length > 0 ? `more: ${code(more)}` : "",
  ];
  return `| \`${name}\` | yes | ${differences.filter(Boolean).join("; ")} |`;
}

/** The page. @returns {string} */
export function kerasTable() {
  /** @type {KerasSymbols} */
  const { version, groups } = JSON.parse(readFileSync(new URL("keras-symbols.json", import.meta.url), "utf8"));
  const packages = new Map(["layers", "training"].map((name) => [name, optionsOf(name)]));
  const sections = Object.entries(groups).map(([title, { package: packageName, symbols }]) => {
    const classes = packages.get(packageName);
    const rows = Object.entries(symbols).map(([name, theirs]) => row(name, theirs, classes?.get(name)));
    return [
      `## ${title}`,
      "",
      `From \`@featuremap/${packageName}\`.`,
      "",
      "| Keras | here | differences in options |",
      "|---|---|---|",
      ...rows,
      "",
    ].join("\n");
  });
  return `# Keras here

Every class of Keras ${version} that image classification uses, and whether it is here, under the same name, with the same
defaults and numbers. Options are Keras's in camelCase (\`kernel_size\` is \`kernelSize\`), in one object.
Written by \`node tooling/checks/keras-table.mjs\` from the packages' types; a test holds it to them.

Left out everywhere: ${[...elsewhere].map((name) => `\`${name}\``).join(", ")}. Everything is float32 on one device, dense,
and compiled by the device itself. Layers also take \`inputShape\` and
\`batchInputShape\`. \`keepdims\` is \`keepDims\`.

${sections.join("\n")}`;
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(kerasTableFile, kerasTable());
