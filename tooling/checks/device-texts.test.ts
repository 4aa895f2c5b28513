import { readFile } from "node:fs/promises";
import { type DeviceEntry, deviceNames, devices } from "@featuremap/devices";
import { describe, expect, test } from "vitest";

const all = Object.entries<DeviceEntry>(devices);

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

/** Cells of the rows that begin with a device's name, by the name. */
function rowsOf(page: string): Map<string, readonly string[]> {
  const table = page.split(/\n\n+/).find((block) => block.startsWith("| device "));
  const rows = (table ?? "").split("\n").slice(2);
  return new Map(
    rows.flatMap((row) => {
      const [first = "", ...cells] = row.split("|").slice(1, -1);
      return Array.from(first.matchAll(/`([^`]+)`/g), ([, name = ""]) => [name, cells] as const);
    }),
  );
}

describe("what is written of devices is what their table says", () => {
  test("in the README of the package", async () => {
    const page = await read("packages/devices/README.md");
    const rows = rowsOf(page);
    expect([...rows.keys()]).toEqual(Object.keys(devices));
    for (const [name, { platforms, needs }] of all) {
      const [, where = "", what = ""] = rows.get(name) ?? [];
      expect([name, /Node|everywhere/.test(where)]).toEqual([name, platforms.node !== undefined]);
      expect([name, /page|everywhere/.test(where)]).toEqual([name, platforms.page !== undefined]);
      expect([name, /npm install (\S+)`/.exec(what)?.[1]]).toEqual([name, needs]);
    }
    const [inNode, inPage] = (["node", "page"] as const).map((platform) =>
      deviceNames(platform, "auto")
        .map((name) => `\`${name}\``)
        .join(", else "),
    );
    expect(page).toContain(`\`auto\` takes ${inNode}, in Node; ${inPage}, in a page.`);
  });

  test("in the README of the repository", async () => {
    const rows = rowsOf(await read("README.md"));
    expect([...rows.keys()]).toEqual(Object.keys(devices));
    for (const [name, { platforms, needs = "" }] of all) {
      const [node = "", page = ""] = rows.get(name) ?? [];
      expect([name, node.trim().startsWith("yes")]).toEqual([name, platforms.node !== undefined]);
      expect([name, page.trim().startsWith("yes")]).toEqual([name, platforms.page !== undefined]);
      expect(node).toContain(needs.replace("-gpu", ""));
    }
  });

  test("in the help of npm start, which is shown before anything is installed", async () => {
    const help = await read("tooling/release/start-options.mjs");
    const names = deviceNames("node");
    const listed = (pattern: RegExp): string[] => (pattern.exec(help)?.[1] ?? "").split(/, | or | and /);
    expect(listed(/--device <name> +(.*)/)).toEqual(["auto", ...names]);
    expect(listed(/--threads <n> +threads of (.*)/)).toEqual(names.filter((name) => devices[name].takesThreads));
  });
});
