import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { loadTensorflowNode } from "./load-tensorflow-node.ts";

describe("loadTensorflowNode", () => {
  let folder = "";
  const here = (): string[] => [pathToFileURL(join(folder, "package.json")).href];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "featuremap-devices-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function install(source: string): void {
    const home = join(folder, "node_modules/@tensorflow/tfjs-node");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), JSON.stringify({ version: "4.22.0", main: "index.js" }));
    writeFileSync(join(home, "index.js"), source);
  }

  test("names the line that installs an absent package", () => {
    expect(() => loadTensorflowNode("@tensorflow/tfjs-node-gpu", here())).toThrow(
      expect.objectContaining({
        code: "UNAVAILABLE",
        message: expect.stringContaining("npm install @tensorflow/tfjs-node-gpu@4.22.0"),
      }),
    );
  });

  test("tells a package whose native library is missing from an absent one", () => {
    install('throw new Error("The native addon module can not be found at path: x. \\nPlease run ...");');
    expect(() => loadTensorflowNode("@tensorflow/tfjs-node", here())).toThrow(
      expect.objectContaining({
        code: "UNAVAILABLE",
        message: expect.stringMatching(/is installed but does not load \(The native addon .* x\.\)\. .*npm rebuild/),
      }),
    );
  });

  test("gives the package the util functions that newer Nodes have dropped", () => {
    install('const util = require("util"); if (!util.isNullOrUndefined(null) || !util.isArray([])) throw new Error();');
    expect(loadTensorflowNode("@tensorflow/tfjs-node", here())).toBe("4.22.0");
  });

  test("looks in the working folder after its own", () => {
    install("");
    const nowhere = pathToFileURL(join(tmpdir(), "package.json")).href;
    expect(loadTensorflowNode("@tensorflow/tfjs-node", [nowhere, ...here()])).toBe("4.22.0");
  });
});
