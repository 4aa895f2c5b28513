import { describe, expect, test } from "vitest";
import { ownWorks } from "../works/own-works.mjs";
import { formatReport } from "./report.mjs";
import { rowOf } from "./results.mjs";
import { findWork } from "../works/works.mjs";

const row = rowOf(
  {
    work: findWork("train-n1"),
    peer: "keras",
    pairs: [
      { ours: 2400, peer: 1200 },
      { ours: 2500, peer: 1000 },
      { ours: 1800, peer: 1000 },
    ],
  },
  "AVX2",
);

const report = {
  machine: { processor: "A processor", vectors: "AVX2", cores: 2, memory: 24, system: "Linux", node: "20.0.0" },
  busy: 0.02,
  date: "2026-01-01",
  rounds: 3,
  seconds: 2,
  participants: [
    { name: "featuremap", title: "Featuremap", versions: { simd: "relaxed" }, threads: 2 },
    { name: "keras", title: "Keras", versions: { keras: "3.15.1" }, threads: 2, remark: "Compiled." },
    { name: "pytorch", title: "PyTorch", absence: "no\npython3" },
  ],
  rows: [row],
  own: [],
};

/** Without the padding of columns. */
const unpadded = (text: string): string => text.replaceAll(/ +/g, " ");

describe("the report", () => {
  test("compares medians, and judges the ratio by its target", () => {
    expect(unpadded(formatReport(report))).toContain(
      "| train N1, batch 64, RMSprop | Keras | 26.7 | 64.0 | 2,400 | 1,000 | 2.00 (1.80 to 2.50) | 1.2 | reached |",
    );
  });

  test("says what ran and what did not, and why", () => {
    const text = formatReport(report);
    expect(text).toContain("- Keras: keras 3.15.1, 2 threads. Compiled.");
    expect(text).toContain("- PyTorch is absent: no python3");
  });

  test("shows a peer that failed in the table and below it", () => {
    const failed = rowOf(
      { work: findWork("predict-n3-64"), peer: "keras", pairs: [], failure: "its process ended" },
      "AVX2",
    );
    const text = unpadded(formatReport({ ...report, rows: [failed] }));
    expect(text).toContain("| predict N3, batch 64 | Keras | | | | | | | failed |");
    expect(text).toContain("- predict N3, batch 64 in Keras failed: its process ended");
  });

  test("judges what was measured of ours alone", () => {
    const [memory, start, size] = ownWorks;
    if (memory === undefined || start === undefined || size === undefined) throw new Error("a work is missing");
    const own = [
      { ...memory, figure: 412.3 },
      { ...start, figure: 150 },
      { ...size, failure: "no binary" },
    ];
    const text = unpadded(formatReport({ ...report, rows: [], own }));
    expect(text).toContain(`| ${memory.title} | 412 MB | 700 MB | reached |`);
    expect(text).toContain(`| ${start.title} | 150 ms | 150 ms | missed |`);
    expect(text).toContain(`| ${size.title} | | 150 KB | failed |`);
    expect(text).toContain(`- ${size.title} failed: no binary`);
    expect(text).not.toContain("| work |");
  });

  test("names the processor and the width of its vectors, for which some aims differ", () => {
    expect(formatReport(report)).toContain("A processor with AVX2, 2 cores, 24 GiB");
    const pairs = [{ ours: 95, peer: 100 }];
    const aims = ["AVX2", "AVX-512", "NEON"].map(
      (vectors) => rowOf({ work: findWork("train-n1"), peer: "pytorch", pairs }, vectors).aim,
    );
    expect(aims).toEqual([1, 0.9, undefined]);
  });

  test("says how busy other programs kept the machine, and warns where they did", () => {
    expect(formatReport(report)).toContain(
      "\nBefore each measurement, other programs kept the cores at most 2 % busy.\n",
    );
    expect(formatReport({ ...report, busy: 0.4 })).toContain("at most 40 % busy: trust no figure.**");
  });
});
