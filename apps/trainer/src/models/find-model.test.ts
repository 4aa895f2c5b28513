import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../testing/run.ts";
import { saveSmallModel, temporaryFolder } from "../testing/saved-model.ts";
import { findModel } from "./find-model.ts";
import { writeEnvironment } from "../run/run-environment.ts";

const folder = temporaryFolder();

/** A run's folder, in which it was last written that many seconds ago. */
async function makeRun(name: string, models: readonly string[], secondsAgo: number): Promise<string> {
  const path = folder.path(join("runs", name));
  await mkdir(path, { recursive: true });
  const config = join(path, "config.json");
  await writeFile(config, "{}");
  const written = new Date(Date.now() - secondsAgo * 1000);
  await utimes(config, written, written);
  const device = { name: "cpu", description: "", reason: "" } as const;
  await writeEnvironment(join(path, "environment.json"), { version: "1.2.3", device, threads: 1 });
  for (const model of models) await saveSmallModel(join(path, model));
  return path;
}

describe("findModel", () => {
  let [done, going, begun] = ["", "", ""];
  beforeAll(async () => {
    done = await makeRun("photos-1", ["model", "checkpoints/best"], 30);
    going = await makeRun("photos-2", ["checkpoints/best"], 20);
    begun = await makeRun("photos-3", [], 40);
    await saveSmallModel(folder.path("plain"));
  });
  const find = (named: string) => findModel(named, folder.path());

  test("takes a bundle for itself", async () => {
    for (const named of ["plain", folder.path("plain")]) {
      expect(await find(named)).toEqual({ bundle: folder.path("plain") });
    }
    expect(await find("plain/model.json")).toEqual({ bundle: folder.path("plain/model.json") });
    expect(await find("https://example.org/model")).toEqual({ bundle: "https://example.org/model" });
  });

  test.for(["photos-1", "runs/photos-1", "runs/photos-1/model", "./runs/photos-1/"])(
    "finds the model of a run, and the run: %s",
    async (named) => {
      const found = await find(named);
      expect(found.bundle).toBe(join(done, "model"));
      expect(found.run?.path).toBe(done);
      expect(found.note).toBeUndefined();
    },
  );

  test("takes the best epoch of a run that has not ended, and says so", async () => {
    const found = await find("photos-2");
    expect(found).toMatchObject({ bundle: join(going, "checkpoints/best"), run: { path: going } });
    expect(found.note).toMatch(/^runs.photos-2 has no model\/ yet: this is the best epoch so far/);
    expect((await find("runs/photos-1/checkpoints/best")).run?.path).toBe(done);
  });

  test("last is the run in which something was written last", async () => {
    expect(await find("last")).toMatchObject({ bundle: join(going, "checkpoints/best") });
    const now = new Date();
    await utimes(join(done, "config.json"), now, now);
    const found = await find("last");
    expect(found).toMatchObject({ bundle: join(done, "model"), note: expect.stringContaining("photos-1") });
    await expect(findModel("last", folder.path("plain"))).rejects.toThrow(/There is no run in .*plain/);
  });

  test("a run without a model says what to do", async () => {
    await expect(find("photos-3")).rejects.toThrow(
      /^runs.photos-3 has no model yet: it is still running, or was stopped .*featuremap train --resume runs.photos-3/,
    );
    await expect(find(begun)).rejects.toThrow("has no model yet");
  });

  test("a name of nothing is told with the nearest run", async () => {
    await expect(find("photo-1")).rejects.toThrow(/no bundle at photo-1, and no run .*\(did you mean photos-1\?\)/);
  });

  test("every command takes the name of a run", async () => {
    const options = { folder: folder.path() };
    expect(await run(["summary", "photos-1"], options)).toMatchObject({ code: 0, error: "" });
    const exported = await run(["export", "photos-2", "--out", folder.path("copy"), "--json"], options);
    expect(exported).toMatchObject({ code: 0, error: expect.stringContaining("checkpoints/best") });
    const predicted = await run(["predict", "photos-1", "mnist", "--count", "1", "--json"], options);
    expect(predicted).toMatchObject({ code: 0 });
    const served = await run(["serve", "photos-1", "--port", "0"], { ...options, onOutput: (_, stop) => stop() });
    expect(served).toMatchObject({ code: 0, error: "" });
    expect(await run(["summary", "photos-3"], options)).toMatchObject({
      code: 1,
      output: "",
      error: expect.stringMatching(/^featuremap: runs.photos-3 has no model yet[^\n]*\n$/),
    });
  });
});
