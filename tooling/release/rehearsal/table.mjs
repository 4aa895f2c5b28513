/**
 * One thing that was tried.
 *
 * @typedef {object} Row
 * @property {string} what
 * @property {string} manager
 * @property {string} node
 * @property {string} tool
 * @property {"ok" | "FAIL" | "not run"} result
 * @property {number} seconds
 */

const headings = ["what", "package manager", "Node", "tool", "result", "seconds"];

/** @param {readonly Row[]} rows @returns {string} a table in Markdown, in columns that line up on a terminal too */
export function tableOf(rows) {
  const lines = [
    headings,
    ...rows.map(({ what, manager, node, tool, result, seconds }) => [
      what.replaceAll("|", "\\|"),
      manager,
      node,
      tool,
      result,
      seconds.toFixed(1),
    ]),
  ];
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const text = lines.map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  text.splice(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  return text.join("\n");
}
