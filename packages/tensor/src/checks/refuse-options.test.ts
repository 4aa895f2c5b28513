import { expect, test } from "vitest";
import { refuseOptions } from "./refuse-options.ts";

const replacements = { zcawhitening: "nothing here whitens" };

test.for(["zca_whitening", "zcaWhitening"])("%s is refused with what to do", (name) => {
  expect(() => refuseOptions("generator", { [name]: true }, replacements)).toThrow(
    expect.objectContaining({
      code: "INVALID_CONFIG",
      option: name,
      message: `generator: ${name} must be left out (nothing here whitens), received true.`,
    }),
  );
});

test.for([false, null, undefined, 0])("one that asks for nothing is passed over: %s", (value) => {
  expect(refuseOptions("generator", { zcaWhitening: value, flip: true }, replacements)).toEqual({ flip: true });
});

test("other options, and what is none, stay as they are", () => {
  for (const given of [{ flip: true }, new Map(), [1], null, "text"]) {
    expect(refuseOptions("generator", given as object, replacements)).toBe(given);
  }
});
