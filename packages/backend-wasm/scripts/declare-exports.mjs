import { readFileSync, writeFileSync } from "node:fs";

const HEAD = `// What the compiler declares of the kernels; the build writes it.

/** Functions of the kernel binaries, which \`assembly/\` describes; addresses are byte offsets in the memory. */
export type KernelExports = {
`;

/**
 * Brings the types of the binaries' exports up to date.
 *
 * @param {string} declarations file that the compiler wrote beside a binary
 * @param {string} target
 * @returns {boolean} whether they had changed
 */
export function declareExports(declarations, target) {
  const functions = [...readFileSync(declarations, "utf8").matchAll(/^ *export function (\w+)\((.*)\): (\w+);$/gm)];
  const members = functions.map(([, name, parameters, result]) => {
    // Truth values come out of a binary as 1 or 0.
    const type = result === "boolean" ? "number" : result;
    return `  readonly ${name}: (${parameters}) => ${type};\n`;
  });
  const text = `${HEAD}${members.toSorted().join("")}};\n`;
  const changed = readFileSync(target, "utf8") !== text;
  if (changed) writeFileSync(target, text);
  return changed;
}
