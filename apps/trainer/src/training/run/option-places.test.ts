import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { sweepOptions } from "../../options/commands/sweep.ts";
import { configOptions } from "./run-config.ts";
import { sweepConfigOptions } from "../../commands/sweep/resumed-sweep.ts";
import { saveSmallModel, temporaryFolder } from "../../testing/saved-model.ts";
import { optionPlaces, withPlaces } from "./option-places.ts";

describe("places in options", () => {
  const folder = temporaryFolder();

  test("are known of every option that a run or a sweep writes down and that a shell completes by files", () => {
    const declared = Object.entries({ ...configOptions, ...sweepConfigOptions });
    const named = declared.filter(([, option]) => option.kind === "text" && option.completes !== undefined);
    expect(named.map(([name]) => name).toSorted()).toEqual(Object.keys(optionPlaces).toSorted());
  });

  test("mean the same from any folder, and names stay names", async () => {
    await saveSmallModel(folder.path("base"));
    const place = folder.path("base");
    const grid = { model: ["small", place, "nothing/there"], learningRate: [0.1] };
    const random = { learningRate: { min: 1, max: 2, scale: "log" } } as const;
    const values = { dataFolder: "digits", model: "resnet", grid, random, name: "base", seed: undefined };
    expect(await withPlaces(values, sweepOptions)).toEqual({ ...values, dataFolder: resolve("digits") });
  });

  test("words stay words beside a folder of that name, and addresses stay addresses", async () => {
    await mkdir(folder.path("keras"));
    const before = process.cwd();
    process.chdir(folder.path());
    try {
      const values = { preprocessing: "keras", weights: "https://example.org/w.h5" };
      expect(await withPlaces(values, sweepOptions)).toEqual(values);
      expect(await withPlaces({ weights: "imagenet" }, sweepOptions)).toEqual({ weights: "imagenet" });
      expect(await withPlaces({ preprocessing: "base" }, sweepOptions)).toEqual({ preprocessing: resolve("base") });
    } finally {
      process.chdir(before);
    }
  });
});
