import { describe, expect, test } from "vitest";
import * as training from "../index.ts";
import { leastOptions as least } from "../testing/least-options.ts";

const { Callback, EarlyStopping, LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau, TensorBoard } = training;

const exported: object = training;
type CallbackClass = new (options: object) => training.Callback;

function make(name: string, options: object): training.Callback {
  const type = (exported as Readonly<Record<string, CallbackClass>>)[name] as CallbackClass;
  return new type({ ...least[name], ...options });
}

describe("an option of a callback", () => {
  test.for([
    ["BackupAndRestore", { backupDir: "" }, "backupDir must be a folder, received"],
    ["BackupAndRestore", { saveFreq: 0 }, 'saveFreq must be "epoch", an integer of at least 1, or { minutes }'],
    ["BackupAndRestore", { saveFreq: { minutes: -1 } }, "with a number above 0, received -1"],
    ["BackupAndRestore", { clock: 3 }, "clock must be a function, received 3"],
    ["BackupAndRestore", { deleteCheckpoint: null }, "deleteCheckpoint must be true or false, received null"],
    ["CSVLogger", { filename: null }, "filename must be a path, received null"],
    ["CSVLogger", { separator: 3 }, "separator must be text, received 3"],
    ["EarlyStopping", { monitor: 3 }, "monitor must be text, received 3"],
    ["EarlyStopping", { patience: 0.5 }, "patience must be an integer of at least 0, received 0.5"],
    ["EarlyStopping", { mode: "up" }, 'mode must be auto, min or max, received "up"'],
    ["EarlyStopping", { baseline: Number.NaN }, "baseline must be a number, received NaN"],
    ["EarlyStopping", { verbose: 2 }, "verbose must be 0 or 1, received 2"],
    ["LambdaCallback", { onEpochEnd: 3 }, "onEpochEnd must be a function, received 3"],
    ["LambdaCallback", { onEpochEnds: () => 3 }, "did you mean onEpochEnd?"],
    ["LearningRateScheduler", { schedule: 3 }, "schedule must be a function, received 3"],
    ["ModelCheckpoint", { filepath: "" }, "filepath must be a path, received"],
    ["ModelCheckpoint", { saveFreq: 0.5 }, 'saveFreq must be "epoch" or an integer of at least 1, received 0.5'],
    [
      "ModelCheckpoint",
      { filepath: "m.h5" },
      "filepath must be the path of a folder, or of a .keras file for Keras, received",
    ],
    ["ModelCheckpoint", { filepath: "m.onnx" }, "or of a .keras file for Keras"],
    ["ModelCheckpoint", { filepath: "m.weights.h5" }, "or of a .keras file for Keras"],
    ["ModelCheckpoint", { filepath: "m.keras", saveWeightsOnly: true }, "or of a .weights.h5 file for Keras"],
    [
      "ModelCheckpoint",
      { filepath: "m.h5", saveWeightsOnly: true },
      "the path of a safetensors file, or of a .weights.h5 file",
    ],
    [
      "ModelCheckpoint",
      { filepath: "m.keras", bundle: {} },
      "bundle must be none, as a .keras file has no place for it",
    ],
    ["ModelCheckpoint", { period: 2 }, "did you mean saveFreq?"],
    ["ReduceLROnPlateau", { factor: 1 }, "factor must be in [0, 1), received 1"],
    ["ReduceLROnPlateau", { cooldown: -1 }, "cooldown must be a number of at least 0, received -1"],
    ["SwapEMAWeights", { swapOnEpoch: 1 }, "swapOnEpoch must be true or false, received 1"],
    ["TensorBoard", { histogramFreq: -1 }, "histogramFreq must be an integer of at least 0, received -1"],
    ["TensorBoard", { updateFreq: "step" }, 'updateFreq must be "epoch", "batch" or an integer of at least 1'],
    ["TerminateOnNaN", { raiseError: "no" }, 'raiseError must be true or false, received "no"'],
  ] as const)("is refused by %s with %o", ([name, options, message]) => {
    const received = expect.stringContaining(message) as string;
    expect(() => make(name, options)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", message: received }));
    expect(() => make(name, options)).toThrow(new RegExp(`^${name}: `));
  });

  test("has Keras's default where it is left out or null", () => {
    const usual = { monitor: "val_loss", mode: "auto", patience: 0, minDelta: 0, baseline: undefined, verbose: 0 };
    expect(new EarlyStopping()).toMatchObject(usual);
    const none = Object.fromEntries(Object.keys(usual).map((name) => [name, null]));
    expect(make("EarlyStopping", none)).toMatchObject(usual);
    expect(new ReduceLROnPlateau()).toMatchObject({ factor: 0.1, patience: 10, cooldown: 0, minLr: 0 });
    expect(new TensorBoard()).toMatchObject({ logDir: "logs", writeGraph: true, updateFreq: "epoch" });
    expect(new TensorBoard({ updateFreq: "batch" }).updateFreq).toBe(1);
    expect(new ModelCheckpoint({ filepath: "m" })).toMatchObject({ monitor: "val_loss", saveFreq: "epoch" });
    const schedule = (): number => 1;
    expect(new LearningRateScheduler(schedule)).toEqual(new LearningRateScheduler({ schedule, verbose: 0 }));
  });

  test("is declared by every class, none of which is saved", () => {
    const classes = Object.values<unknown>(training).filter(
      (type): type is typeof Callback => typeof type === "function" && type.prototype instanceof Callback,
    );
    expect(classes.length).toBeGreaterThan(8);
    for (const type of classes)
      expect([type.className, "options" in type, "fromConfig" in type]).toEqual([type.className, true, false]);
  });
});

test("a callback that extends another passes on what that takes", () => {
  class Patient extends EarlyStopping {
    static override readonly className: string = "Patient";
    constructor({ epochs, ...config }: training.EarlyStoppingConfig & { readonly epochs: number }) {
      super({ ...config, patience: epochs });
    }
  }
  expect(new Patient({ epochs: 3, monitor: "loss" })).toMatchObject({ patience: 3, monitor: "loss" });
});
