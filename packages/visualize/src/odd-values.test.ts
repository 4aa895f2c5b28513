import { HostArray } from "@featuremap/tensor";
import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { expect, test } from "vitest";
import * as visualize from "./index.ts";

const picture = { data: new Uint8Array(4), width: 2, height: 2 };

const health = {
  size: 1,
  counts: { all: { a: 1 } },
  ...Object.fromEntries(["exactDuplicates", "nearDuplicates", "leaks", "conflicts"].map((name) => [name, []])),
  ...Object.fromEntries(["blurred", "dark", "bright", "lowInformation", "oddSizes"].map((name) => [name, []])),
  ...Object.fromEntries(["oddAspectRatios", "grey", "unreadable", "labelSuspects"].map((name) => [name, []])),
};

/** Arguments that each function works with; one after the other, and each of their members, is replaced by something odd. */
const working: Readonly<Record<string, readonly unknown[]>> = {
  calibrationOf: [[0.5], [true], 2],
  channelPictures: [new HostArray(new Float32Array(4), [2, 2, 1]), { image: 0 }],
  filterPictures: [new HostArray(new Float32Array(4), [1, 2, 2, 1]), { inputChannel: 0 }],
  healthExamples: [health, 3],
  heatmapOver: [picture, picture, { opacity: 1, colorMap: "gray", range: [0, 1], imageRange: "all" }],
  imageGrid: [
    [picture],
    { range: [0, 1], colorMap: "gray", columns: 1, cellSize: 2, gap: 1, background: [0, 0, 0, 0] },
  ],
  plotBars: [
    { a: 1, b: 2 },
    { title: "t", width: 300, theme: "dark" },
  ],
  plotCalibration: [[0.5], [true], { title: "t", width: 300, theme: "dark", bins: 3 }],
  plotConfusionMatrix: [[[1]], { title: "t", width: 300, theme: "dark", classNames: ["a"] }],
  plotCurves: [
    { epoch: [0], history: { loss: [1] } },
    { title: "t", width: 300, theme: "dark", metrics: ["loss"], logarithmic: ["loss"], validationFreq: 1 },
  ],
  plotHealth: [health, new Map(), { title: "t", width: 300, theme: "dark", classNames: [], examples: 2 }],
  plotHistogram: [[1, 2], { title: "t", width: 300, theme: "dark", bins: 3, name: "x" }],
  plotImageGrid: [
    [picture],
    {
      title: "t",
      range: "all",
      colorMap: "gray",
      columns: 1,
      titles: ["a"],
      wrong: [true],
      width: 300,
      theme: "light",
    },
  ],
  plotLearningRates: [
    { learningRates: [1], losses: [1], smoothedLosses: [1], suggestion: 1 },
    { title: "t", width: 300, theme: "auto" },
  ],
  plotTrials: [
    [{ values: { a: 1 }, score: 1 }],
    { title: "t", width: 300, theme: "auto", scoreName: "s", lowerIsBetter: true },
  ],
  toPng: [picture],
};

test("every function is tried", () => {
  const functions = Object.entries(visualize).filter(([, value]) => typeof value === "function");
  expect(Object.keys(working).toSorted()).toEqual(functions.map(([name]) => name).toSorted());
});

test.for(Object.entries(working))("%s answers odd values with errors of its own", async ([name, given]) => {
  const call = (visualize as unknown as Record<string, (...values: readonly unknown[]) => unknown>)[name];
  expect(() => call?.(...given)).not.toThrow();
  for (const [place, argument] of given.entries()) {
    const members = argument instanceof HostArray ? [] : Object.keys(Object(argument));
    for (const odd of oddValues) {
      await expectOwnErrors(`${name} argument ${place}`, () => call?.(...given.with(place, odd)));
      for (const member of members) {
        const changed = Array.isArray(argument)
          ? argument.with(Number(member), odd)
          : { ...(argument as object), [member]: odd };
        await expectOwnErrors(`${name} argument ${place}, ${member}`, () => call?.(...given.with(place, changed)));
      }
    }
  }
});
