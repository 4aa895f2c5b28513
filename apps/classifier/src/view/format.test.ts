import { expect, test } from "vitest";
import { formatDuration, formatName, formatPercent, formatProgress, formatShare, toSentence } from "./format.ts";

test.for([
  [0, "0.0%"],
  [0.0004, "0.0%"],
  [0.9874, "98.7%"],
  [0.9994, "99.9%"],
  [0.9997, ">99.9%"],
  [1, ">99.9%"],
] as const)("shows the probability %d as %s", ([probability, text]) => {
  expect(formatPercent(probability)).toBe(text);
});

test.for([
  [0.084, "0.08 ms"],
  [3.21, "3.2 ms"],
  [42.4, "42 ms"],
  [1290, "1.3 s"],
] as const)("shows %d milliseconds as %s", ([milliseconds, text]) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.for([
  [0.424, 5, " 42%"],
  [0, 0, " 0%"],
  [undefined, 1_234_567, ", 1.2 MB so far"],
  [undefined, 900, ""],
] as const)("shows the share %s of a download with %d bytes there as %j", ([share, loadedBytes, text]) => {
  expect(formatProgress(share, loadedBytes)).toBe(text);
});

test.for([
  ["the fastest here", "The fastest here."],
  ["WebGPU was refused.", "WebGPU was refused."],
  ["", ""],
] as const)("makes a sentence of %j", ([clause, sentence]) => {
  expect(toSentence(clause)).toBe(sentence);
});

test.for([
  [0.987, "98.7%"],
  [0, "0.0%"],
  [1e300, undefined],
  [-1, undefined],
  [undefined, undefined],
] as const)("shows the share %s as %s", ([share, text]) => {
  expect(formatShare(share)).toBe(text);
});

test.for([
  ["cat", "cat"],
  ["two\nlines", "two\\nlines"],
  ["\u001b[31m\u202e", "\\u001b[31m\\u202e"],
  ["x".repeat(5000), `${"x".repeat(80)}... (5000 characters)`],
] as const)("shows the name %j as one that cannot do harm", ([name, text]) => {
  expect(formatName(name)).toBe(text);
});
