/* The options that classes declare, with what each is where it is left out: for the tables of docs/reference/keras.md. */
import * as layers from "@featuremap/layers";
import { areDeclared } from "@featuremap/tensor";
import * as training from "@featuremap/training";

/** @typedef {import("@featuremap/tensor").AnyOptions[string]} DeclaredOption */

/** @type {Readonly<Record<string, Readonly<Record<string, unknown>>>>} */
const modules = { layers, training };

/** Options of every layer, or of every class that has a name: the text above the tables tells them. */
const toldAbove = new Set(["name", "trainable", "dtype", "activityRegularizer", "inputShape", "batchInputShape"]);

/**
 * What the rows of a group's classes say of options: `strides = 1`, or the name alone of one that must be given.
 *
 * @param {string} packageName
 * @param {readonly string[]} names of the classes
 * @returns {{ common: string, textOf: (name: string) => string }} options that all of them have with one default, and the others
 */
export function optionColumn(packageName, names) {
  const optionsOf = (/** @type {string} */ name) => optionTexts(modules[packageName]?.[name]) ?? [];
  const declared = names
    .map((name) => optionTexts(modules[packageName]?.[name]))
    .filter((texts) => texts !== undefined);
  const [first = []] = declared;
  const common = declared.length < 2 ? [] : first.filter((text) => declared.every((texts) => texts.includes(text)));
  return {
    common: asCode(common),
    textOf: (name) => asCode(optionsOf(name).filter((text) => !common.includes(text))),
  };
}

/** @param {readonly string[]} texts */
function asCode(texts) {
  return texts.map((text) => `\`${text}\``).join(", ");
}

/** @param {unknown} type @returns {string[] | undefined} Nothing of what is not a class that declares its options. */
function optionTexts(type) {
  const options = typeof type === "function" && "options" in type ? type.options : undefined;
  if (!areDeclared(options)) return undefined;
  return Object.entries(options).flatMap(([name, option]) => {
    if (toldAbove.has(name)) return [];
    const usual = usualValue(name, option);
    return [usual === undefined ? name : `${name} = ${usual}`];
  });
}

/** @param {string} name @param {DeclaredOption} option @returns {string | undefined} Nothing for one that must be given. */
function usualValue(name, option) {
  if (option.other !== undefined) return option.other;
  if (option.usual !== undefined) return inCode(option.usual);
  try {
    return inCode(option.check("options", name, /** @type {never} */ (undefined)));
  } catch {
    return undefined;
  }
}

/** @param {unknown} value @returns {string | undefined} Nothing for a function. */
function inCode(value) {
  if (typeof value === "function") return undefined;
  if (typeof value === "number" && value !== 0 && Math.abs(value) < 1e-3) return value.toExponential();
  // An activation, and what else has a name for itself.
  const named = typeof value === "object" && value !== null && "name" in value ? value.name : value;
  return JSON.stringify(named) ?? "undefined";
}
