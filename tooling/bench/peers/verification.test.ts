import { describe, expect, test } from "vitest";
import { verify } from "./verification.mjs";
import { findWork } from "../works/works.mjs";

describe("a peer that trains", () => {
  const work = findWork("train-n1");
  const ours = { parameters: 104_202, firstLoss: 2.3, lastLoss: 0.5 };

  test("passes with another rounding", () => {
    expect(() => verify(work, { ...ours, firstLoss: 2.3001, lastLoss: 0.6 }, ours)).not.toThrow();
  });

  test("fails with another network", () => {
    expect(() => verify(work, { ...ours, parameters: 93_322 }, ours)).toThrow("93322 weights instead of 104202");
  });

  test("fails with other weights or images", () => {
    expect(() => verify(work, { ...ours, firstLoss: 2.4 }, ours)).toThrow("its first loss is 2.4, ours is 2.3");
  });

  test.for([2.3, Number.NaN])("fails where its loss ends at %s", (lastLoss) => {
    expect(() => verify(work, { ...ours, lastLoss }, ours)).toThrow("it does not learn");
  });
});

describe("a peer that predicts", () => {
  const work = findWork("predict-n1-1");
  const probabilities = [0.1, 0.2, 0.3, 0.4, 0, 0, 0, 0, 0, 0];
  const ours = { parameters: 104_202, outputs: probabilities };

  test("passes with another rounding", () => {
    const rounded = probabilities.map((value) => value + 1e-6);
    expect(() => verify(work, { ...ours, outputs: rounded }, ours)).not.toThrow();
  });

  test("fails with the wrong number of probabilities", () => {
    expect(() => verify(work, { ...ours, outputs: [1] }, ours)).toThrow("gives 1 outputs instead of 10");
  });

  test("fails with logits", () => {
    const logits = probabilities.map((value) => value * 2);
    expect(() => verify(work, { ...ours, outputs: logits }, ours)).toThrow("image 0 add up to 2");
  });

  test("fails with other probabilities than ours", () => {
    const other = probabilities.toReversed();
    expect(() => verify(work, { ...ours, outputs: other }, ours)).toThrow("up to 0.4 from ours");
  });

  test("fails where all outputs are alike, which any network might give", () => {
    const alike = { ...ours, outputs: probabilities.map(() => 0.1) };
    expect(() => verify(work, alike, alike)).toThrow("its outputs are all alike");
  });

  test("may give logits where the network does, and is held to them in proportion", () => {
    const logitWork = findWork("predict-resnet20-1");
    const outputs = [60, -20, 0, 1, 2, 3, 4, 5, 6, 7];
    const reference = { parameters: 274_042, outputs };
    expect(() =>
      verify(logitWork, { ...reference, outputs: outputs.map((value) => value + 0.005) }, reference),
    ).not.toThrow();
    expect(() => verify(logitWork, { ...reference, outputs: outputs.map((value) => value + 0.01) }, reference)).toThrow(
      "from ours",
    );
  });
});
