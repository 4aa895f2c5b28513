/* What Keras offers and what of it is here: `node tooling/checks/keras/keras-table.mjs` writes docs/reference/keras.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { exportsOf, root } from "../exported-symbols.mjs";
import { kerasNamesHere } from "./keras-names.mjs";
import { optionColumn } from "./option-column.mjs";

/** @typedef {import("../exported-symbols.mjs").Call} Call */
/** @typedef {import("../exported-symbols.mjs").Export} Export */

/**
 * Keras's symbols, from `tooling/fixtures/interface/symbols.py`: constructor arguments by class, in groups, each group in one package;
 * of functions that options name, and of classes that they name by `texts`, `namedBy` is the type that lists those names here;
 * `aliases` are other names of a group's classes. `methods` are those of `Model` by which it trains, with their arguments. `names` are all other names by the module or
 * class that has them, and `leftOut` are modules with the reason why their names are not among these.
 *
 * @typedef {object} KerasSymbols
 * @property {string} version
 * @property {Record<string, string[]>} methods
 * @property {Record<string, { package: string, symbols: Record<string, string[]>, aliases?: Record<string, string>, texts?: Record<string, string>, namedBy?: string }>} groups
 * @property {Record<string, string[]>} names
 * @property {Record<string, string>} leftOut
 */

export const kerasTableFile = join(root, "docs", "reference", "keras.md");

/** Arguments that mean nothing here, for the reason given below the tables. */
const elsewhere = new Set([
  ..."dtype autocast lora_rank lora_alpha quantization_config sparse ragged run_eagerly jit_compile".split(" "),
  ..."steps_per_execution auto_scale_loss loss_scale_factor".split(" "),
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
 * @param {Export} found
 * @param {string} options with their defaults
 * @param {string} here that it is, or under which name
 */
function row(name, theirs, found, options, here = found.isType ? "type" : "yes") {
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
  return `| \`${name}\` | ${here} | ${options} | ${differences.filter(Boolean).join("; ")} |`;
}

/**
 * The row of a function that options name; differences begin with the name.
 *
 * @param {string} name
 * @param {Export | undefined} names the type of the option
 */
function namedRow(name, names) {
  if (!names?.names.has(camelCase(name))) return undefined;
  const own = names?.differences.filter((difference) => difference.startsWith(`${name}: `)) ?? [];
  return `| \`${name}\` | \`"${camelCase(name)}"\` | ${own.map((difference) => difference.slice(name.length + 2)).join("; ")} |`;
}

/** @param {Call | undefined} call What the table says of what returns a promise. */
const asynchronous = (call) => (call?.isAsynchronous ? "asynchronous" : "");

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
    `Here \`${ours}\`${[asynchronous(call), ...call.differences]
      .filter(Boolean)
      .map((each) => `; ${each}`)
      .join("")}.`,
    "",
    "| Keras | here | differences |",
    "|---|---|---|",
    ...rows,
    ...more.map((option) => `| | \`${option}\` | ${differences(option)} |`),
    "",
  ].join("\n");
}

/** @typedef {Map<string, Map<string, Export>>} Packages Exports by package. */

/**
 * A table of what is here, and below it the names of what is not.
 *
 * @param {Record<string, string | undefined>} rows by name; undefined for what is not here
 */
function tableOf(rows, columns = ["Keras", "here", "differences"]) {
  const here = Object.values(rows).filter((each) => each !== undefined);
  const missing = Object.keys(rows).filter((name) => rows[name] === undefined);
  return [
    ...(here.length > 0 ? [`| ${columns.join(" | ")} |`, `|${"---|".repeat(columns.length)}`, ...here, ""] : []),
    ...(missing.length > 0 ? [`Not here: ${missing.map((name) => `\`${name}\``).join(", ")}.`, ""] : []),
  ];
}

/**
 * The texts by which an option names a class with its defaults: those that the type lists here in either spelling, and the rest.
 *
 * @param {Record<string, string>} texts
 * @param {Export | undefined} type
 */
function textLines(texts, type) {
  const plain = (/** @type {string} */ name) => name.replaceAll("_", "").toLowerCase();
  const names = new Set([...(type?.names ?? [])].map(plain));
  const list = (/** @type {boolean} */ isHere) =>
    Object.entries(texts)
      .filter(([text]) => names.has(plain(text)) === isHere)
      .map(([text, name]) => `\`"${text}"\` for \`${name}\``)
      .join(", ");
  const [here, missing] = [list(true), list(false)];
  return [
    ...(here === "" ? [] : [`Options also take Keras's strings, in snake_case or camelCase: ${here}.`, ""]),
    ...(missing === "" ? [] : [`No option takes ${missing}.`, ""]),
  ];
}

/** @param {string} title @param {KerasSymbols["groups"][string]} group @param {Packages} packages */
function groupSection(title, { package: packageName, symbols, namedBy, texts, aliases = {} }, packages) {
  const exports = packages.get(packageName);
  const { common, textOf } = optionColumn(packageName, Object.keys(symbols));
  const functionType = texts === undefined ? namedBy : undefined;
  const rows = Object.entries(symbols).map(([name, theirs]) => {
    if (functionType !== undefined) return [name, namedRow(name, exports?.get(functionType))];
    const found = exports?.get(name);
    const second = Object.keys(aliases).find((alias) => aliases[alias] === name && exports?.has(alias));
    const underSecond = second === undefined ? undefined : exports?.get(second);
    // Keras has a layer and an initializer of one name.
    if (second !== undefined && underSecond && underSecond.symbol !== found?.symbol)
      return [name, row(name, theirs, underSecond, textOf(second), `\`${second}\``)];
    return [name, found && row(name, theirs, found, textOf(name))];
  });
  const listed = (/** @type {boolean} */ isHere) =>
    Object.entries(aliases)
      .filter(([alias]) => exports?.has(alias) === isHere)
      .map(([alias, name]) => `\`${alias}\` for \`${name}\``)
      .join(", ");
  const [seconds, others] = [listed(true), listed(false)];
  return [
    `## ${title}`,
    "",
    `From \`@featuremap/${packageName}\`.`,
    "",
    ...(common === "" ? [] : [`All of them take ${common}.`, ""]),
    ...tableOf(
      Object.fromEntries(rows),
      functionType === undefined ? ["Keras", "here", "options and defaults", "differences"] : undefined,
    ),
    ...textLines(texts ?? {}, exports?.get(namedBy ?? "")),
    ...(seconds === "" ? [] : [`Keras's aliases are here too: ${seconds}.`, ""]),
    ...(others === "" ? [] : [`These aliases are not here: ${others}.`, ""]),
  ].join("\n");
}

/** The class whose members are Keras's, and the types that list names of functions. */
const counterparts = /** @type {Readonly<Record<string, readonly [string, string]>>} */ ({
  "keras.Model": ["layers", "Model"],
  "keras.layers.Layer": ["layers", "Layer"],
  "keras.losses": ["training", "LossName"],
  "keras.metrics": ["training", "MetricName"],
});

/**
 * The row of a network, or of what prepares its pictures.
 *
 * @param {string} name @param {Map<string, Export> | undefined} networks
 */
function networkRow(name, networks) {
  if (name === "preprocess_input") return `| \`${name}\` | \`preprocessInput\` of the network | |`;
  if (name === "decode_predictions") {
    const promised = asynchronous(networks?.get("decodePredictions")?.made);
    return `| \`${name}\` | \`decodePredictions\` of \`@featuremap/applications\` | ${promised} |`;
  }
  const weights = `weights by \`await ${name}.load({ weights })\``;
  return networks?.has(name) ? `| \`${name}\` | \`${name}\` of \`@featuremap/applications\` | ${weights} |` : undefined;
}

/**
 * The row of a function, or of a class's member.
 *
 * @param {string} path of the module or class @param {string} name @param {Packages} packages
 */
function nameRow(path, name, packages) {
  const [packageName, exportName, difference = ""] = kerasNamesHere[`${path}.${name}`] ?? [];
  if (packageName !== undefined && exportName !== undefined) {
    const [owner = "", member] = exportName.split(".");
    const found = packages.get(packageName)?.get(owner);
    if (!found || (member !== undefined && !found.members.has(member))) {
      throw new Error(`keras-names.mjs names ${exportName} of ${packageName}, which is not there`);
    }
    const promised = asynchronous(member === undefined ? found.made : found.methods.get(member));
    const differences = [promised, difference].filter(Boolean).join("; ");
    return `| \`${name}\` | \`${exportName}\` of \`@featuremap/${packageName}\` | ${differences} |`;
  }
  if (path.startsWith("keras.applications")) return networkRow(name, packages.get("applications"));
  const [ownPackage = "", counterpart = ""] = counterparts[path] ?? [];
  const own = packages.get(ownPackage)?.get(counterpart);
  const ours = camelCase(name);
  if (own?.members.has(ours)) return `| \`${name}\` | \`${ours}\` | ${asynchronous(own.methods.get(ours))} |`;
  return own?.names.has(ours) ? `| \`${name}\` | \`"${ours}"\`, where an option names it | |` : undefined;
}

/** @param {KerasSymbols["names"]} names @param {Packages} packages */
function namesSections(names, packages) {
  const known = new Set(Object.entries(names).flatMap(([path, each]) => each.map((name) => `${path}.${name}`)));
  const unknown = Object.keys(kerasNamesHere).find((path) => !known.has(path));
  if (unknown !== undefined) throw new Error(`keras-names.mjs tells of ${unknown}, which Keras has not`);
  return Object.entries(names)
    .map(([path, each]) => {
      const rows = Object.fromEntries(each.map((name) => [name, nameRow(path, name, packages)]));
      return [`### ${path}`, "", ...tableOf(rows)].join("\n");
    })
    .join("\n");
}

/** The page. @returns {string} */
export function kerasTable() {
  /** @type {KerasSymbols} */
  const { version, groups, methods, names, leftOut } = JSON.parse(
    readFileSync(new URL("keras-symbols.json", import.meta.url), "utf8"),
  );
  const packages = exportsOf(["tensor", "layers", "datasets", "training", "formats", "applications"]);
  const sections = Object.entries(groups).map(([title, group]) => groupSection(title, group, packages));
  const trainer = packages.get("training")?.get("Trainer");
  const training = Object.entries(methods).map(([name, theirs]) => {
    const ours = camelCase(name);
    return name === "compile"
      ? methodSection(name, theirs, "new Trainer(model, { ... })", trainer?.made)
      : methodSection(name, theirs, `Trainer.${ours}`, trainer?.methods.get(ours));
  });
  return `# Keras here

Every public name of Keras ${version}, read from Keras itself, and whether it is here. A class that is here has the same
name, defaults and numbers. Options are Keras's in camelCase (\`kernel_size\` is \`kernelSize\`), in one object.
\`node tooling/checks/keras/keras-table.mjs\` writes this page from the packages' types, and a test compares them.

Options are listed with their defaults; an option without a default must be given. A class that logs or saves under a name
also takes \`name\`, and every layer also takes \`trainable = true\`, \`activityRegularizer = null\`, \`inputShape\` and
\`batchInputShape\`.

Left out everywhere: ${[...elsewhere].map((name) => `\`${name}\``).join(", ")}. Everything is float32 on one device, dense,
and compiled by the device itself. What is asynchronous returns a promise. \`dtype\` may be \`"float32"\`, and there are no dtype policies. \`keepdims\` is \`keepDims\`.
If Keras has a loss and a metric with the same name, one class serves as both: a loss among \`metrics\` is logged as its mean over all
examples, and so is a function \`(yTrue, yPred)\`. Losses and metrics can be given by every name that Keras takes, in snake_case or
camelCase.
Classes that also have a snake_case name in Keras are here under the class name only: \`keras.regularizers.l2(0.01)\` is
\`new L2({ l2: 0.01 })\`. [NumPy's habits](../guides/training.md#numpys-habits) shows equivalents of \`np.argmax(model.predict(x))\` and
\`x / 255\`.

${sections.join("\n")}
## Training

From \`@featuremap/training\`: a \`Trainer\` does what \`Model\` does in Keras. \`x\` and \`y\` come
first, alone or in one object with \`sampleWeight\`, then the options in one object. Methods that take labels also take batches of
\`@featuremap/datasets\` instead of arrays.

${training.join("\n")}
## Functions, members and modules

Snake_case names of Keras are camelCase here.

${namesSections(names, packages)}
### Modules left out

${Object.entries(leftOut)
  .map(([path, reason]) => `- \`${path}\`: ${reason}`)
  .join("\n")}
`;
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(kerasTableFile, kerasTable());
