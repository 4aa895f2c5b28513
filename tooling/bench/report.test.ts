import { describe, expect, test } from "vitest";
import { formatReport } from "./report.mjs";
import { findWork } from "./works.mjs";

const report = {
  machine: "a machine",
  load: 0,
  date: "2026-01-01",
  rounds: 3,
  seconds: 2,
  participants: [
    { name: "featuremap", title: "Featuremap", versions: { simd: "relaxed" }, threads: 2 },
    { name: "keras", title: "Keras", versions: { keras: "3.15.1" }, threads: 2, remark: "Compiled." },
    { name: "pytorch", title: "PyTorch", absence: "no\npython3" },
  ],
  comparisons: [
    {
      work: findWork("train-n1"),
      peer: "keras",
      pairs: [
        { ours: 2400, peer: 1200 },
        { ours: 2500, peer: 1000 },
        { ours: 1800, peer: 1000 },
      ],
    },
  ],
};

describe("the report", () => {
  test("compares medians, and judges the ratio by its target", () => {
    expect(formatReport(report)).toContain(
      "| train N1, batch 64, RMSprop | Keras | 2,400 | 1,000 | 2.00 (1.80 to 2.50) | 1.5 | 2 | aim reached |",
    );
  });

  test("says what ran and what did not, and why", () => {
    const text = formatReport(report);
    expect(text).toContain("- Keras: keras 3.15.1, 2 threads. Compiled.");
    expect(text).toContain("- PyTorch is absent: no python3");
  });

  test("shows a peer that failed in the table and below it", () => {
    const failed = { work: findWork("train-n3"), peer: "keras", pairs: [], failure: "its process ended" };
    const text = formatReport({ ...report, comparisons: [failed] });
    expect(text).toContain("| train N3, batch 64, Adam | Keras |  |  |  |  |  | failed |");
    expect(text).toContain("- train N3, batch 64, Adam in Keras failed: its process ended");
  });

  test("warns of a machine that does other work", () => {
    expect(formatReport({ ...report, load: 3 })).toContain("busy with other work (load 3.0)");
    expect(formatReport(report)).not.toContain("busy");
  });
});
