import { describe, expect, test } from "vitest";
import { type OptionNames, checkOptions } from "./check-options.ts";
import { InvalidConfigError } from "../errors.ts";

const known: OptionNames<{ kernelSize: number; filters: number; padding?: string }> = {
  kernelSize: true,
  filters: true,
  padding: true,
};

describe("checkOptions", () => {
  test("takes what is known, all of it or none", () => {
    checkOptions("Conv2D", {}, known);
    checkOptions("Conv2D", { filters: 1, kernelSize: 2, padding: undefined }, known);
  });

  test.for([
    ["kernel_size", "among those it has (did you mean kernelSize?)"],
    ["kernelSzie", "among those it has (did you mean kernelSize?)"],
    ["filter", "among those it has (did you mean filters?)"],
    ["paddding", "among those it has (did you mean padding?)"],
    ["groups", "among kernelSize, filters, padding"],
    ["toString", "among kernelSize, filters, padding"],
  ])("refuses %s", ([name = "", expected]) => {
    expect(() => checkOptions("Conv2D", { filters: 1, [name]: 3 }, known)).toThrow(
      expect.objectContaining({
        code: "INVALID_CONFIG",
        message: `Conv2D: options must be ${expected}, received "${name}".`,
      }),
    );
  });

  test.for([
    ["lr", "learningRate"],
    ["nb_epoch", "epochs"],
    ["num_parallel_calls", "concurrency"],
    ["x_col", "pathColumn"],
    ["epsilon", "minDelta"],
    ["border_mode", "padding"],
  ])("knows %s of older releases of Keras as %s, where there is that", ([former = "", present = ""]) => {
    const expected = `among those it has (did you mean ${present}?)`;
    const refuse = (names: string[]) => () => {
      checkOptions("Owner", { [former]: 1 }, Object.fromEntries(names.map((name) => [name, true])));
    };
    expect(refuse(["verbose", present])).toThrow(`Owner: options must be ${expected}, received "${former}".`);
    expect(refuse(["verbose"])).toThrow(`Owner: options must be among verbose, received "${former}".`);
  });

  test("says so where there are no options", () => {
    expect(() => checkOptions("Zeros", { value: 1 }, {})).toThrow('Zeros: options must be none, received "value".');
  });

  test.for([
    [32, "{ kernelSize: 32, ... }, received 32."],
    ["same", '{ kernelSize: "same", ... }, received "same".'],
    [[3, 3], "{ kernelSize: [3, 3], ... }, received [3, 3]."],
    [undefined, "{ kernelSize, filters, ... }, received undefined."],
    [[new Map()], "{ kernelSize, filters, ... }, received [Map]."],
    [
      new (class Tensor {
        shape = [3];
      })(),
      "{ kernelSize, filters, ... }, received Tensor.",
    ],
  ] as const)("shows how an argument without a name is given: %s", ([argument, expected]) => {
    expect(() => checkOptions("Conv2D", argument, known)).toThrow(`Conv2D: options must be an object, as ${expected}`);
  });

  test("shows an only option whole, and takes options of a class of your own", () => {
    expect(() => checkOptions("L2", 0.1, { l2: true })).toThrow(
      "L2: options must be an object, as { l2: 0.1 }, received 0.1.",
    );
    expect(() => checkOptions("Zeros", 0.1, {})).toThrow("Zeros: options must be an object, received 0.1.");
    checkOptions(
      "L2",
      new (class Mine {
        l2 = 0.1;
      })(),
      { l2: true },
    );
  });

  test.for([undefined, null, 3, "filters", [3]])("refuses %j in place of options", (options) => {
    expect(() => checkOptions("Conv2D", options, known)).toThrow(InvalidConfigError);
    expect(() => checkOptions("Conv2D", options)).toThrow("Conv2D: options must be an object, received");
  });
});
