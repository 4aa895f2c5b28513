import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type EmptyProject, createProject } from "../empty-project.ts";
import { libraries } from "../published-packages.ts";
import { ranWith } from "../ran.ts";
import { nodeOf, nodeVersions } from "./node-versions.ts";

const names = libraries.map(({ name }) => name);

/** A program as projects without `"type": "module"` write it. */
const required = `
const { HostArray } = require("@featuremap/tensor");
const { Dense, Sequential } = require("@featuremap/layers");
const { openDevice } = require("@featuremap/devices");

async function main() {
  const device = await openDevice("wasm");
  const model = new Sequential([new Dense({ units: 2, inputShape: [3] })], { seed: 1 });
  console.log(device.name, model.countParams(), new HostArray(new Float32Array(4), [2, 2]).shape);
  await device.dispose();
}
void main();
`;

/** The same, from which TypeScript makes a program like that. */
const typed = `
import { openDevice } from "@featuremap/devices";
import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";

async function main(): Promise<void> {
  const device = await openDevice("wasm");
  const model = new Sequential([new Dense({ units: 2, inputShape: [3] })], { seed: 1 });
  console.log(device.name, model.countParams(), new HostArray(new Float32Array(4), [2, 2]).shape);
  await device.dispose();
}
void main();
`;

const printed = "wasm 8 [ 2, 2 ]";

describe("CommonJS", () => {
  let project: EmptyProject;

  beforeAll(async () => {
    project = await createProject("npm", inject("registry"));
    await project.install([...names, "@tensorflow/tfjs-core@4.22.0", "typescript@~6.0.0"]);
    await project.write("package.json", JSON.stringify({ name: "stranger", private: true }));
    await project.write("required.js", required);
    await project.write("typed.ts", typed);
    await project.write(
      "all.js",
      `const names = ${JSON.stringify(names)};
       (async () => {
         for (const name of names) {
           const imported = Object.keys(await import(name)).sort();
           const required = Object.keys(require(name)).filter((key) => key !== "__esModule").sort();
           if (String(imported) !== String(required)) console.log(name, imported, required);
         }
         console.log(names.length, "packages");
       })();`,
    );
  });
  afterAll(() => project?.remove());

  for (const node of nodeVersions) {
    test("require() gives the same as import", ranWith({ manager: "npm", node }), async () => {
      const output = await project.run(await nodeOf(node), ["all.js"]);
      expect(output.trim()).toBe(`${names.length} packages`);
    });

    test("a program that requires runs", ranWith({ manager: "npm", node }), async () => {
      expect((await project.run(await nodeOf(node), ["required.js"])).trim()).toBe(printed);
    });
  }

  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["commonjs", "bundler"],
  ]) {
    const ran = ranWith({ manager: "npm", tool: `TypeScript 6.0, module ${module}` });
    test("what TypeScript makes of imports runs", ran, async () => {
      const options = ["--module", `${module}`, "--moduleResolution", `${moduleResolution}`, "--target", "es2022"];
      const others = ["--strict", "--skipLibCheck", "--ignoreConfig", "--outDir", `made-${module}`];
      await project.run(process.execPath, ["node_modules/typescript/lib/tsc.js", ...options, ...others, "typed.ts"]);
      expect(
        await project.run(process.execPath, ["-p", `fs.readFileSync("made-${module}/typed.js", "utf8")`]),
      ).toContain('require("@featuremap/layers")');
      expect((await project.run(process.execPath, [`made-${module}/typed.js`])).trim()).toBe(printed);
    });
  }
});
