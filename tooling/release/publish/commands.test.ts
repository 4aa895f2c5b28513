import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runProcess } from "../processes.mjs";
import { publishedPackages } from "./packages.mjs";

const folder = mkdtempSync(join(tmpdir(), "commands-"));
const file = join(folder, "packed.json");
writeFileSync(file, "[]");
afterAll(() => rmSync(folder, { recursive: true }));

const run = (command: string, parameters: readonly string[], more: NodeJS.ProcessEnv = {}) =>
  runProcess(process.execPath, [join(import.meta.dirname, command), ...parameters], {
    env: { ...process.env, ...more },
    capture: true,
  });

describe("an ordinary mistake is told in one line", () => {
  const names = publishedPackages()
    .map(({ name }) => name)
    .join(", ");

  test.for([
    ["pack.mjs", [], 2, "npm run release:pack -- FOLDER: say into which folder.\n"],
    ["pack.mjs", [folder], 1, `${folder} is not empty.\n`],
    ["pack.mjs", [file], 1, `${file} is no folder.\n`],
    ["publish.mjs", [], 2, "npm run release:publish -- FOLDER: say which folder holds the packed packages.\n"],
    ["publish.mjs", [join(folder, "none")], 1, `There is no folder ${join(folder, "none")}.\n`],
    ["publish.mjs", [folder], 1, `packed.json of ${folder} lacks ${names}.\n`],
  ] as const)("%s %j", async ([command, parameters, code, output]) => {
    expect(await run(command, parameters)).toEqual({ code, output });
  });

  test.for([
    ["http://127.0.0.1:9", /^http:\/\/127\.0\.0\.1:9\/ cannot be reached: .*\n$/],
    ["registry", /^npm_config_registry is registry, which is no address of a registry\.\n$/],
  ] as const)("the registry %s", async ([registry, message]) => {
    const { code, output } = await run("plan.mjs", [], { npm_config_registry: registry });
    expect(output).toMatch(message);
    expect(code).toBe(1);
  });
});
