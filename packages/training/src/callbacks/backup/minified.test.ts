import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { build } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import type * as Program from "../../testing/own-classes.ts";

const home = fileURLToPath(new URL("../../../", import.meta.url));
// Below the package, so that Node finds TensorFlow.js from there.
const outDir = join(home, "node_modules", ".cache", "minified");
const folder = temporaryFolder("test");
let program: typeof Program;

beforeAll(async () => {
  await build({
    root: home,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@featuremap/source", "node"] },
    ssr: { noExternal: [/^@featuremap\//], resolve: { conditions: ["@featuremap/source", "node"] } },
    build: {
      ssr: join(home, "src", "testing", "own-classes.ts"),
      outDir,
      emptyOutDir: true,
      minify: true,
      rolldownOptions: { output: { entryFileNames: "program.mjs" } },
    },
  });
  program = (await import(pathToFileURL(join(outDir, "program.mjs")).href)) as typeof Program;
}, 120_000);

describe("a minified program", () => {
  test("has lost the names of its classes, but not those that errors and logs tell", async () => {
    expect(program.namesAtRunTime).not.toContain("Counter");
    expect(program.namesAtRunTime).not.toContain("Adam");
    expect(program.refusal()).toMatch(/^InvalidConfigError: Adam: options must be/);
  });

  test("goes on with a training as if nothing had happened", async () => {
    const whole = await program.train(folder.path("whole"));
    await expect(program.train(folder.path("parts"), { last: 6 })).rejects.toThrow("power is off");
    const rest = await program.train(folder.path("parts"));
    expect(rest.epochs).toEqual([1, 2]);
    expect(rest.weights).toEqual(whole.weights);
    expect(rest.seen).toBe(whole.seen);
    expect(rest.logs).toEqual(
      Object.fromEntries(Object.entries(whole.logs).map(([name, values]) => [name, values.slice(1)])),
    );
    expect(Object.keys(whole.logs)).toEqual(["loss", "bias"]);
  });

  test("does not give one callback the memory of another", async () => {
    await expect(program.train(folder.path("other"), { last: 6 })).rejects.toThrow("power is off");
    await expect(program.train(folder.path("other"), { isOther: true })).rejects.toThrow(
      /callbacks must be Counter, .*received "OtherCounter, /,
    );
  });
});
