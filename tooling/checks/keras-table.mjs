/* What Keras offers and what of it is here: `node tooling/checks/keras-table.mjs` writes docs/keras.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { exportsOf, root } from "./exported-symbols.mjs";

/** @typedef {import("./exported-symbols.mjs").Call} Call */
/** @typedef {import("./exported-symbols.mjs").Export} Export */

/**
 * Keras's symbols, from `tooling/fixtures/symbols.py`: constructor arguments by class, in groups, each group in one package;
 * of functions that options name, `namedBy` is the type that lists those names here. `methods` are those of `Model` by which it
 * trains, with their arguments.
 *
 * @typedef {{ version: string, methods: Record<string, string[]>, groups: Record<string, { package: string, symbols: Record<string, string[]>, namedBy?: string }> }} KerasSymbols
 */

export const kerasTableFile = join(root, "docs", "keras.md");

/** Arguments that mean nothing here, for the reason given below the tables. */
const elsewhere = new Set([
  ..."dtype autocast lora_rank lora_alpha quantization_config sparse ragged run_eagerly jit_compile".split(" "),
  ..."steps_per_execution auto_scale_loss loss_scale_factor synchronized".split(" "),
]);

/** @param {string} name */
const camelCase = (name) =>
  name === "keepdims" ? "keepDims" : name.replace(/_+([a-z0-9])/g, (_, letter) => letter.toUpperCase());

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

/**
 * What a method of Keras's model is here: a section with a row for each of its arguments, and for each option it has only here.
 *
 * @param {string} name
 * @param {readonly string[]} theirs Keras's arguments.
 * @param {string} ours
 * @param {Call | undefined} call
 */
function methodSection(name, theirs, ours, call) {
  if (call === undefined) return `### ${name}\n\nNot here.\n`;
  const differences = (/** @type {string} */ option) => call.given.get(option)?.join("; ") ?? "";
  const rows = theirs.map((argument) => {
    const option = camelCase(argument);
    return call.given.has(option)
      ? `| \`${argument}\` | \`${option}\` | ${differences(option)} |`
      : `| \`${argument}\` | no | ${elsewhere.has(argument) ? "left out everywhere" : ""} |`;
  });
  const more = call.options.filter((option) => !theirs.map(camelCase).includes(option));
  return [
    `### ${name}`,
    "",
    `Here \`${ours}\`${call.differences.map((difference) => `; ${difference}`).join("")}.`,
    "",
    "| Keras | here | differences |",
    "|---|---|---|",
    ...rows,
    ...more.map((option) => `| | \`${option}\` | ${differences(option)} |`),
    "",
  ].join("\n");
}

/** The page. @returns {string} */
export function kerasTable() {
  /** @type {KerasSymbols} */
  const { version, groups, methods } = JSON.parse(readFileSync(new URL("keras-symbols.json", import.meta.url), "utf8"));
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
  const trainer = packages.get("training")?.get("Trainer");
  const training = Object.entries(methods).map(([name, theirs]) => {
    const ours = camelCase(name);
    return name === "compile"
      ? methodSection(name, theirs, "new Trainer(model, { ... })", trainer?.made)
      : methodSection(name, theirs, `Trainer.${ours}`, trainer?.methods.get(ours));
  });
  return `# Keras here

Every class of Keras ${version} that image classification uses, and whether it is here, under the same name, with the same
defaults and numbers. Options are Keras's in camelCase (\`kernel_size\` is \`kernelSize\`), in one object.
Written by \`node tooling/checks/keras-table.mjs\` from the packages' types; a test holds it to them.

Left out everywhere: ${[...elsewhere].map((name) => `\`${name}\``).join(", ")}. Everything is float32 on one device, dense,
and compiled by the device itself: \`dtype\` may be \`"float32"\`, and there are no dtype policies. Layers also take \`inputShape\` and
\`batchInputShape\`. \`keepdims\` is \`keepDims\`.
Where Keras has a loss and a metric of one name, one class is both: a loss among \`metrics\` is logged as its mean over all
examples, and so is a function \`(yTrue, yPred)\`. Losses and metrics also go by every name that Keras takes, in snake_case or
camelCase.

${sections.join("\n")}
## Training

From \`@featuremap/training\`: what \`Model\` does in Keras, a \`Trainer\` of the model does. \`x\`, \`y\` and \`sampleWeight\` stand in
one object, and options in another; in place of arrays, batches of \`@featuremap/datasets\` are taken, wherever labels are too.

${training.join("\n")}`;
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(kerasTableFile, kerasTable());
