import { cp, readFile, readdir, symlink } from "node:fs/promises";
import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { Dense, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { writeFiles } from "../../testing/made-pictures.ts";
import { parseLines, run } from "../../testing/run.ts";
import { saveSmallModel, temporaryFolder } from "../../testing/saved-model.ts";

const folder = temporaryFolder();
const plainly = "--device wasm --threads 1".split(" ");
const labels = ["red", "green", "blue"];

/** A network that tells colors apart by this kernel, (channels, classes). */
async function saveColorModel(name: string, kernel: readonly (readonly number[])[]): Promise<void> {
  const model = new Sequential([
    new GlobalAveragePooling2D({ inputShape: [8, 8, 3] }),
    new Dense({ units: 3, activation: "softmax", useBias: false, name: "out" }),
  ]);
  model.namedWeights().get("out/kernel")?.assign(HostArray.from(kernel));
  await saveBundle(model, folder.path(name), { preprocessing: plainPreprocessing([8, 8], "rgb", 1 / 255), labels });
  model.dispose();
}

beforeAll(async () => {
  await saveSmallModel(folder.path("digits"));
  await saveColorModel("plain", [
    [3, 0, 0],
    [0, 3, 0],
    [0, 0, 3],
  ]);
  // What tells the classes apart is far below a step of 1000 / 127.
  await saveColorModel("fragile", [
    [1003, 1000, 1000],
    [0, 3, 0],
    [0, 0, 3],
  ]);
  for (const [label, name] of labels.entries()) {
    const background = { r: 90, g: 90, b: 90, [["r", "g", "b"][label] ?? ""]: 200 };
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toBuffer();
    await writeFiles(folder.path("photos"), { [`${name}/0.png`]: png, [`${name}/1.png`]: png });
  }
});

describe("featuremap export --dtype", () => {
  test("reports what the model takes and how good it is before and after", async () => {
    const words = ["export", folder.path("plain"), "--out", folder.path("int8"), "--dtype", "int8"];
    const { code, output, error } = await run([...words, "--data", folder.path("photos"), ...plainly]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(output).toMatch(/^Wrote the model \(9 weights\) to .* as int8: .* became /);
    expect(output).toContain("Accuracy on 6 pictures of photos: 1.0000 before, 1.0000 after\n");
    const copied = await run(["evaluate", folder.path("int8"), folder.path("photos"), ...plainly, "--json"]);
    expect(parseLines(copied.output).at(-1)).toMatchObject({ accuracy: 1 });
  });

  test("takes a quarter of the bytes, and says that it was not judged", async () => {
    const words = ["export", folder.path("digits"), "--out", folder.path("small"), "--dtype"];
    const { output } = await run([...words, "int8", "--json"]);
    expect(parseLines(output)).toEqual([
      {
        event: "export",
        bundle: folder.path("small"),
        parameters: 7850,
        stored: { dtype: "int8", bytes: { before: expect.any(Number), after: expect.any(Number) } },
      },
    ]);
    const weights = await readFile(folder.path("small/weights.safetensors"));
    expect(weights.length).toBeLessThan(8_400);
    expect((await run([...words, "float16"])).output).toContain("Not judged; --data names pictures");
  });

  test("writes nothing where too much would be lost", async () => {
    const words = ["export", folder.path("fragile"), "--out", folder.path("lost"), "--dtype", "int8"];
    const { code, error } = await run([...words, "--data", folder.path("photos"), ...plainly]);
    expect(code).toBe(1);
    expect(error).toContain("Stored as int8 the model would lose 0.6667 of its accuracy on photos: 1.0000 to 0.3333");
    await expect(readFile(folder.path("lost/model.json"))).rejects.toThrow("ENOENT");
    const allowed = await run([...words, "--data", folder.path("photos"), ...plainly, "--max-loss", "0.7"]);
    expect(allowed).toMatchObject({ code: 0, error: "" });
    const half = ["export", folder.path("fragile"), "--out", folder.path("half"), "--dtype", "float16"];
    expect(await run([...half, "--data", folder.path("photos"), ...plainly])).toMatchObject({ code: 0, error: "" });
  });

  test.for([
    [["--data", "mnist"], 2, "judge a model with --dtype float16 or int8"],
    [["--limit", "1"], 2, "--limit, --data-folder and --max-loss judge a model"],
    [["--dtype", "int4"], 2, "int4"],
    [["--dtype", "int8", "--max-loss", "0.1"], 1, "does not belong to a run"],
  ] as const)("refuses %j", async ([words, code, message]) => {
    const result = await run(["export", folder.path("plain"), "--out", folder.path("no"), ...words]);
    expect(result.code).toBe(code);
    expect(result.error).toContain(message);
  });
});

describe("featuremap export --out", () => {
  test("does not write over the model itself, by whatever name, unless it is told to", async () => {
    await cp(folder.path("plain"), folder.path("own"), { recursive: true });
    await symlink(folder.path("own"), folder.path("link"), "junction");
    const before = await readFile(folder.path("own/weights.safetensors"));
    for (const [source, out] of [
      ["own", "own"],
      ["own", "../own"],
      ["link", "own"],
      ["own/model.json", "link"],
    ] as const) {
      const target = out.startsWith("..") ? `${folder.path("plain")}/${out}/` : folder.path(out);
      const result = await run(["export", folder.path(source), "--out", target, "--dtype", "int8"]);
      expect(result).toMatchObject({ code: 1, error: expect.stringContaining("the model itself") as string });
    }
    expect(await readFile(folder.path("own/weights.safetensors"))).toEqual(before);
    const words = ["export", folder.path("own"), "--out", folder.path("own"), "--dtype", "int8", "--force"];
    expect(await run(words)).toMatchObject({ code: 0, error: "" });
  });

  test.for(["m.keras", "m.onnx", "m.weights.h5", "m.safetensors", "deep/model.json", "m.xhtml"])(
    "makes no folder called %s",
    async (name) => {
      const result = await run(["export", folder.path("plain"), "--out", folder.path(name)]);
      expect(result).toMatchObject({ code: 2, error: expect.stringContaining("featuremap convert") as string });
      expect(await readdir(folder.path())).not.toContain(name.split("/")[0]);
    },
  );
});

describe("featuremap export --out page.html", () => {
  const words = (...more: string[]): string[] => [
    "export",
    folder.path("plain"),
    "--out",
    folder.path("colors & <more>.html"),
    ...more,
  ];

  test("writes one file with the model and the page, and none over another", async () => {
    expect(await run(words())).toMatchObject({ code: 0, error: "" });
    const page = await readFile(folder.path("colors & <more>.html"), "utf8");
    expect(page).toContain("<title>colors &amp; &lt;more></title>");
    expect(page).toMatch(/id="embedded-model">\{"name":"colors & \\u003cmore>","files":\{"model\.json":"[\w+/]/);
    const again = await run(words());
    expect(again.code).toBe(1);
    expect(again.error).toContain("is there already");
    expect(await run(words("--force", "--dtype", "int8"))).toMatchObject({ code: 0, error: "" });
  });
});
