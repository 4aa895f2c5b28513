import { describe, expect, test } from "vitest";
import { type NamedFile, sortDrop } from "./sort-drop.ts";

const file = (path: string, type = ""): NamedFile<string> => ({ path, type, content: path });

describe("sortDrop", () => {
  test("takes a folder with model.json as a bundle and names its files from there", () => {
    const drop = sortDrop([file("mine/weights.safetensors"), file("mine/model.json", "application/json")]);
    expect(drop).toEqual({
      kind: "bundle",
      name: "mine",
      files: new Map([
        ["weights.safetensors", "mine/weights.safetensors"],
        ["model.json", "mine/model.json"],
      ]),
    });
  });

  test("takes the least deep model.json, and only what lies beside it", () => {
    const drop = sortDrop([
      file("runs/mnist/model/old/model.json"),
      file("runs/mnist/model/model.json"),
      file("runs/mnist/model/weights.safetensors"),
      file("runs/mnist/history.json"),
    ]);
    expect(drop).toMatchObject({ kind: "bundle", name: "model" });
    expect(drop.kind === "bundle" && [...drop.files.keys()]).toEqual(["model.json", "weights.safetensors"]);
  });

  test("takes model.json and weights dropped without their folder", () => {
    const drop = sortDrop([file("model.json"), file("weights.safetensors")]);
    expect(drop.kind === "bundle" && [...drop.files.keys()]).toEqual(["model.json", "weights.safetensors"]);
  });

  test("takes the first image where there is no model.json", () => {
    const drop = sortDrop([
      file("notes.txt", "text/plain"),
      file("seven.png", "image/png"),
      file("b.png", "image/png"),
    ]);
    expect(drop).toEqual({ kind: "image", name: "seven.png", content: "seven.png" });
  });

  test.for([
    [[], "Nothing that can be read"],
    [["photos/readme.txt"], "The folder “photos” holds no model.json"],
    [["weights.safetensors"], "holds weights alone"],
    [["paper.pdf"], "neither an image nor a model bundle"],
  ] as const)("says why %j is neither", ([paths, explanation]) => {
    expect(sortDrop(paths.map((path) => file(path)))).toEqual({
      kind: "unknown",
      explanation: expect.stringContaining(explanation),
    });
  });
});
