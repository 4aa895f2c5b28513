import { describe, expect, expectTypeOf, test } from "vitest";
import { type Options, readOptions, settleOptions, writeOptions } from "./declared-options.ts";
import { Option, type SavedOptions } from "./option.ts";

interface WindowConfig {
  readonly size: number;
  readonly steps?: number | null | undefined;
  readonly fillMode?: "constant" | "wrapAround" | undefined;
  readonly keepEdges?: boolean | undefined;
}

const declared = {
  size: Option.integer(),
  steps: Option.integer().defaultTo("size"),
  fillMode: Option.word(["constant", "wrapAround"], '"constant" or "wrapAround"').default("constant"),
  keepEdges: Option.flag().default(false).savedAs("edges"),
};
const options: Options<WindowConfig> = declared;

function saved(values: Readonly<Record<string, unknown>>): SavedOptions {
  return {
    take: (key) => values[key],
    fail: (key, expected) => {
      throw new RangeError(`${key}: ${expected}`);
    },
  };
}

describe("declared options", () => {
  test("give values to work with, with defaults", () => {
    const values = settleOptions("Window", { size: 2 }, declared);
    expect(values).toEqual({ size: 2, steps: 2, fillMode: "constant", keepEdges: false });
    expectTypeOf(values.fillMode).toEqualTypeOf<"constant" | "wrapAround">();
    expect(settleOptions("Window", { size: 2, steps: 1, keepEdges: true }, declared)).toMatchObject({ steps: 1 });
  });

  test.for([
    [{}, "Window: size must be an integer of at least 1, received undefined."],
    [{ size: 2, steps: 0 }, "Window: steps must be an integer of at least 1, received 0."],
    [{ size: 2, fillMode: "wrap" }, 'Window: fillMode must be "constant" or "wrapAround", received "wrap".'],
    [{ size: 2, keepEdges: null }, "Window: keepEdges must be true or false, received null."],
  ] as const)("%o is refused: %s", ([config, message]) => {
    expect(() => settleOptions("Window", config, options)).toThrow(message);
  });

  test.for([
    [Option.integer().default(3), 3],
    [Option.integer().orNull(), null],
  ] as const)("take null as left out", ([size, value]) => {
    expect(settleOptions("Window", { size: null }, { size })).toEqual({ size: value });
  });

  test("refuse null where they say so", () => {
    const size = Option.integer().notNull().default(3);
    expect(() => settleOptions("Window", { size: null }, { size })).toThrow("received null");
    expect(settleOptions("Window", {}, { size })).toEqual({ size: 3 });
  });

  test("under a symbol are saved, and cannot be given", () => {
    const legacy = Symbol("legacy");
    const all = { size: Option.integer(), [legacy]: Option.flag().default(false).savedAs("legacy_mode") };
    const values = settleOptions("Window", { size: 2 }, all);
    expect(writeOptions(all, values)).toEqual({ size: 2, legacy_mode: false });
    expect(readOptions(all, saved({ size: 2, legacy_mode: true }))).toEqual({ size: 2, [legacy]: true });
    expect(() => readOptions(all, saved({ legacy_mode: 1 }))).toThrow("legacy_mode: true or false");
    expect(Object.keys(all)).toEqual(["size"]);
  });

  test("are read as they were written, under Python's names or their own", () => {
    const written = writeOptions(options, settleOptions("Window", { size: 3, fillMode: "wrapAround" }, options));
    expect(written).toEqual({ size: 3, steps: 3, fill_mode: "wrap_around", edges: false });
    expect(readOptions(options, saved(written))).toEqual({
      size: 3,
      steps: 3,
      fillMode: "wrapAround",
      keepEdges: false,
    });
    expect(readOptions(options, saved({ size: 3 }))).toEqual({ size: 3 });
  });

  test("tell which saved value cannot be right", () => {
    expect(() => readOptions(options, saved({ fill_mode: "wrap" }))).toThrow("fill_mode: constant or wrap_around");
    expect(() => readOptions(options, saved({ size: "3" }))).toThrow("size: a finite number");
  });

  test("are as many as their config has, each taking all that its type allows", () => {
    // @ts-expect-error keepEdges is missing
    const fewer: Options<WindowConfig> = { size: declared.size, steps: declared.steps, fillMode: declared.fillMode };
    // @ts-expect-error size may not be left out of the declaration's values, but the config's may be
    const narrower: Options<{ readonly size?: number | undefined }> = { size: Option.integer() };
    expect([fewer, narrower]).toHaveLength(2);
  });
});
