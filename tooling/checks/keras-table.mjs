/* What Keras offers and what of it is here: `node tooling/checks/keras-table.mjs` writes docs/keras.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/**
 * Keras's symbols, from `tooling/fixtures/symbols.py`: constructor arguments by class, in groups, each group in one package;
 * of functions that options name, `namedBy` is the type that lists those names here.
 *
 * @typedef {{ version: string, groups: Record<string, { package: string, symbols: Record<string, string[]>, namedBy?: string }> }} KerasSymbols
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
 * What the table tells of one export: the options of a class or function, the members of a type that lists names, and the
 * differences that its doc comment notes by `@differs`.
 *
 * @typedef {{ options: Set<string>, names: Set<string>, differences: string[] }} Export
 */

/**
 * What a package exports, read from its types.
 *
 * @param {string} packageName
 * @returns {Map<string, Export>}
 */
function exportsOf(packageName) {
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
  const exported = new Map();
  for (const symbol of checker.getExportsOfModule(module)) {
    const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const value = checker.getTypeOfSymbolAtLocation(meant, source);
    const [signature] = [...value.getConstructSignatures(), ...value.getCallSignatures()];
    const parameter = signature?.parameters[0];
    const type = parameter && checker.getTypeOfSymbolAtLocation(parameter, source);
    const declared = checker.getDeclaredTypeOfSymbol(meant);
    const members = declared.isUnion() ? declared.types : [];
    exported.set(symbol.name, {
      options: new Set(type ? optionNames(type, checker) : []),
      names: new Set(members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []))),
      differences: meant
        .getJsDocTags(checker)
        .filter((tag) => tag.name === "differs")
        .map((tag) => ts.displayPartsToString(tag.text).replace(/\s+/g, " ")),
    });
  }
  return exported;
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
 * The row of a class.
 *
 * @param {string} name
 * @param {readonly string[]} theirs Keras's arguments.
 * @param {Export | undefined} found
 */
function row(name, theirs, found) {
  if (found === undefined) return `| \`${name}\` | no | |`;
  const { options: ours } = found;
  const wanted = theirs.filter((argument) => !elsewhere.has(argument)).map(camelCase);
  const missing = wanted.filter((argument) => !ours.has(argument));
  const more = [...ours].filter((option) => !theirs.map(camelCase).includes(option) && !everyLayers.has(option));
  const code = (/** @type {string[]} */ names) => names.map((each) => `\`${each}\``).join(", ");
  const differences = [
    missing.length > 0 ? `without ${code(missing)}` : "",
    more.length > 0 ? `more: ${code(more)}` : "",
    ...found.differences,
  ];
  return `| \`${name}\` | yes | ${differences.filter(Boolean).join("; ")} |`;
}

/**
 * The row of a function that options name; differences begin with the name.
 *
 * @param {string} name
 * @param {Export | undefined} names the type of the option
 */
function namedRow(name, names) {
  const here = names?.names.has(camelCase(name)) ? `\`"${camelCase(name)}"\`` : "no";
  const own = names?.differences.filter((difference) => difference.startsWith(`${name}: `)) ?? [];
  return `| \`${name}\` | ${here} | ${own.map((difference) => difference.slice(name.length + 2)).join("; ")} |`;
}

/** The page. @returns {string} */
export function kerasTable() {
  /** @type {KerasSymbols} */
  const { version, groups } = JSON.parse(readFileSync(new URL("keras-symbols.json", import.meta.url), "utf8"));
  const packages = new Map(["layers", "training"].map((name) => [name, exportsOf(name)]));
  const sections = Object.entries(groups).map(([title, { package: packageName, symbols, namedBy }]) => {
    const classes = packages.get(packageName);
    const rows = Object.entries(symbols).map(([name, theirs]) =>
      namedBy === undefined ? row(name, theirs, classes?.get(name)) : namedRow(name, classes?.get(namedBy)),
    );
    return [
      `## ${title}`,
      "",
      `From \`@featuremap/${packageName}\`.`,
      "",
      "| Keras | here | differences |",
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
and compiled by the device itself: \`dtype\` may be \`"float32"\`, and there are no dtype policies. Layers also take \`inputShape\` and
\`batchInputShape\`. \`keepdims\` is \`keepDims\`.
Where Keras has a loss and a metric of one name, one class is both: a loss among \`metrics\` is logged as its mean over all
examples, and so is a function \`(yTrue, yPred)\`. Of \`CosineSimilarity\` that is less the cosine, and \`"cosineSimilarity"\` among
\`metrics\` the cosine itself. Losses and metrics also go by every name that Keras takes, in snake_case or camelCase.

${sections.join("\n")}`;
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(kerasTableFile, kerasTable());
