import { ofOtherRealm } from "@featuremap/testing/other-realm";
import { expect, test } from "vitest";
import { isTypedArray } from "../index.ts";

test("a typed array is known by its class, of whatever realm", () => {
  const other = ofOtherRealm(Uint8Array.of(1));
  expect(other instanceof Uint8Array).toBe(false);
  for (const bytes of [other, Uint8Array.of(1), Buffer.from("a")]) {
    expect(isTypedArray(bytes, "Uint8Array")).toBe(true);
    expect(isTypedArray(bytes, "Float32Array", "Uint8Array")).toBe(true);
    expect(isTypedArray(bytes, "Float32Array", "Uint8ClampedArray")).toBe(false);
  }
});

test("what only looks like one is none", () => {
  const { buffer } = Uint8Array.of(1);
  for (const other of [undefined, "a", [1], buffer, new DataView(buffer), { [Symbol.toStringTag]: "Uint8Array" }]) {
    expect(isTypedArray(other, "Uint8Array")).toBe(false);
  }
});
