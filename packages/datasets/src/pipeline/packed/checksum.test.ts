import { RandomStream } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { checksumOf } from "./checksum.ts";

test("no change to a byte, none of the length, and no exchange of words goes unseen", () => {
  const random = new RandomStream(3);
  const bytes = new Uint8Array(83).map(() => random.integer(256));
  const whole = checksumOf(bytes);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ (1 << random.integer(8));
    expect(checksumOf(damaged), `byte ${at}`).not.toBe(whole);
    expect(checksumOf(bytes.subarray(0, at)), `${at} bytes`).not.toBe(whole);
  }
  for (let at = 0; at + 20 <= bytes.length; at += 4) {
    for (const far of [4, 16]) {
      const exchanged = bytes.slice();
      exchanged.set(bytes.subarray(at, at + 4), at + far);
      exchanged.set(bytes.subarray(at + far, at + far + 4), at);
      expect(checksumOf(exchanged), `words at ${at} and ${at + far}`).not.toBe(whole);
    }
  }
});

test("zeros differ by their number", () => {
  const sums = Array.from({ length: 64 }, (_, length) => checksumOf(new Uint8Array(length)));
  expect(new Set(sums).size).toBe(64);
});

test("it does not matter where in memory they lie", () => {
  const bytes = Uint8Array.from({ length: 50 }, (_, at) => at * 11);
  for (const offset of [1, 2, 3, 4]) {
    const moved = new Uint8Array(60);
    moved.set(bytes, offset);
    expect(checksumOf(moved.subarray(offset, offset + 50))).toBe(checksumOf(bytes));
  }
});
