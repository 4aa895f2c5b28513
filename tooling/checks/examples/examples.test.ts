import { readFileSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mnist } from "@featuremap/datasets";
import { loadClassifier } from "@featuremap/inference";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version?: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, "..", "..", "..");
const folder = join(root, "examples");
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), "utf8");
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const { version }: { version: string } = JSON.parse(read("packages", "inference", "package.json"));
const { catalog }: { catalog: Readonly<Record<string, string>> } = parse(read("pnpm-workspace.yaml"));
/** Models that an example ships. */
const models = names.flatMap((name) =>
  readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === "model.json" && !/node_modules|runs|dist/.test(entry.parentPath))
    .map(({ parentPath }) => parentPath),
);

describe.each(names)("the example %s", (name) => {
  const manifest: Manifest = JSON.parse(read("examples", name, "package.json"));
  const dependencies = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });

  test("is nobody's package, and starts where ours run", () => {
    expect(manifest).toMatchObject({ name: `example-${name}`, private: true, engines: { node: ">=20.19.0" } });
    expect(manifest.scripts["start"]).toBeDefined();
  });

  test("asks for this version of our packages, and for the versions of others that we test with", () => {
    const expected = dependencies.map(([dependency, range]) => {
      const ours = dependency === "featuremap" || dependency.startsWith("@featuremap/");
      return [dependency, ours ? `^${version}` : (catalog[dependency] ?? range).replace(/^(?=\d)/, "^")];
    });
    expect(dependencies).toEqual(expected);
  });

  test("says how to start it, and is in the list of examples", () => {
    expect(read("examples", name, "README.md")).toContain("npm install\nnpm start");
    expect(read("examples", "README.md")).toContain(`](${name})`);
  });
});

describe("the model that examples ship", () => {
  test("is the same in all of them", async () => {
    expect(models.length).toBeGreaterThan(1);
    for (const file of ["model.json", "weights.safetensors"]) {
      const copies = await Promise.all(models.map((model) => readFile(join(model, file), "base64")));
      expect([file, new Set(copies).size]).toEqual([file, 1]);
    }
  });

  test("reads the digits that people write", async () => {
    const classifier = await loadClassifier(models[0] ?? "");
    const { images, labels } = (await mnist()).test;
    const digits = Array.from({ length: 1000 }, (_, index) => ({
      data: Uint8Array.from(images.data.subarray(index * 784, (index + 1) * 784)),
      width: 28,
      height: 28,
    }));
    const answers = await classifier.classifyBatch(digits, { topK: 1 });
    const right = answers.filter(({ predictions }, index) => predictions[0]?.index === labels.data[index]);
    expect(right.length).toBeGreaterThan(975);
    classifier.dispose();
  });
});
