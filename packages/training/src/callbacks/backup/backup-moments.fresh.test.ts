import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sectorModel, sectors } from "../../testing/tiny-problem.ts";
import { Trainer } from "../../trainer/trainer.ts";
import type { FitOptions } from "../../trainer/trainer-options.ts";
import { BackupAndRestore } from "./backup-and-restore.ts";
import { LambdaCallback } from "../lambda-callback.ts";

/** Whether the disk has room. */
const disk = vi.hoisted(() => ({ isFull: false }));

vi.mock(import("node:fs/promises"), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    open: async (...args) => {
      const file = await original.open(...args);
      const write = file.writeFile.bind(file);
      file.writeFile = async (data, options) => {
        if (!disk.isFull) return write(data, options);
        await write((data as Uint8Array).subarray(0, 100), options);
        throw Object.assign(new Error("full"), { code: "ENOSPC" });
      };
      return file;
    },
  };
});

useBackend(allowSavedTensors);

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-moments-"));
  disk.isFull = false;
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(options: FitOptions): Promise<readonly HostArray[]> {
  const model = sectorModel();
  const trainer = new Trainer(model, { optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
  try {
    await trainer.fit(sectors(40, { seed: 3 }), { epochs: 3, batchSize: 8, ...options });
    return await model.getWeights();
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

const backupFile = (): string => join(folder, "backup.safetensors");

describe("a backup every so many minutes", () => {
  test("is made after the first batch that ends so late, whatever the epoch, and training goes on from it", async () => {
    let now = 1000;
    const saved: number[] = [];
    const clock = (): number => now;
    const minutes = new BackupAndRestore({
      backupDir: folder,
      saveFreq: { minutes: 2 },
      clock,
      deleteCheckpoint: false,
    });
    let seen = 0;
    let before: Buffer | undefined;
    const looking = new LambdaCallback({
      onTrainBatchBegin: async () => {
        const found = await readFile(backupFile()).catch(() => undefined);
        if (found && !before?.equals(found)) saved.push(seen);
        before = found;
        seen += 1;
        now += 50_000;
        if (seen === 12) throw new Error("power is off");
      },
      readsBatchLogs: () => false,
    });
    await expect(run({ callbacks: [minutes, looking] })).rejects.toThrow("power is off");
    // 120 s are 2.4 batches of 50 s: every third one.
    expect(saved).toEqual([3, 6, 9]);
    const rest = await run({ callbacks: [new BackupAndRestore({ backupDir: folder, saveFreq: { minutes: 2 } })] });
    expect(rest).toEqual(await run({}));
  });

  test("asks the clock once, so that a batch whose logs were not read is not saved after", async () => {
    let now = 0;
    // Every look takes 40 s.
    const clock = (): number => (now += 40_000);
    const saving = new BackupAndRestore({
      backupDir: folder,
      saveFreq: { minutes: 1 },
      clock,
      deleteCheckpoint: false,
    });
    const logs: (readonly string[])[] = [];
    const hearing = new LambdaCallback({
      onTrainBatchEnd: async (_batch, numbers) => void logs.push(Object.keys(numbers)),
      readsBatchLogs: () => false,
    });
    let at = 0;
    const powerOff = new LambdaCallback({
      onTrainBatchBegin: () => {
        if (at++ === 8) throw new Error("power is off");
      },
    });
    await expect(run({ callbacks: [hearing, powerOff, saving] })).rejects.toThrow("power is off");
    expect(logs.filter(({ length }) => length > 0).length).toBeGreaterThan(0);
    expect(await run({ callbacks: [new BackupAndRestore({ backupDir: folder })] })).toEqual(await run({}));
  });

  test.for([
    { minutes: 0 },
    { minutes: -1 },
    { minutes: Number.NaN },
    { minutes: Number.POSITIVE_INFINITY },
    { minutes: "5" },
    { minutes: 5, seconds: 1 },
    {},
    true,
  ])("is refused for %o", (saveFreq) => {
    expect(() => Reflect.construct(BackupAndRestore, [{ backupDir: folder, saveFreq }])).toThrow(
      /^BackupAndRestore: saveFreq must be "epoch", an integer of at least 1, or { minutes } with a number above 0, received/,
    );
  });

  test("is refused with a clock that is none", () => {
    expect(() => Reflect.construct(BackupAndRestore, [{ backupDir: folder, clock: 3 }])).toThrow(
      "clock must be a function",
    );
  });
});

describe.each([true, false])("a disk that becomes full, with doubleCheckpoint %s", (doubleCheckpoint) => {
  test("ends training with one clear error, and the last backup goes on to the bit", async () => {
    const backup = () => new BackupAndRestore({ backupDir: folder, saveFreq: 2, doubleCheckpoint });
    let seen = 0;
    const filling = new LambdaCallback({ onTrainBatchBegin: () => void (disk.isFull = ++seen > 7) });
    await expect(run({ callbacks: [backup(), filling] })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: `Cannot write ${backupFile()}: no space is left on the disk. Make room there, or choose another place.`,
    });
    const files = doubleCheckpoint ? ["backup.safetensors", "previous.safetensors"] : ["backup.safetensors"];
    expect((await readdir(folder)).toSorted()).toEqual(files);
    disk.isFull = false;
    let rest = 0;
    const counting = new LambdaCallback({ onTrainBatchBegin: () => void rest++ });
    const weights = await run({ callbacks: [backup(), counting] });
    expect(rest).toBe(15 - 6);
    expect(weights).toEqual(await run({}));
  });
});

test("doubleCheckpoint goes on from the backup before, where the last is gone, and writes the first as it was", async () => {
  const config = { backupDir: folder, saveFreq: 2, doubleCheckpoint: true } as const;
  let seen = 0;
  const powerOff = new LambdaCallback({
    onTrainBatchBegin: () => {
      if (seen++ === 9) throw new Error("power is off");
    },
  });
  await expect(run({ callbacks: [new BackupAndRestore(config), powerOff] })).rejects.toThrow("power is off");
  await rm(backupFile());
  let rest = 0;
  const counting = new LambdaCallback({ onTrainBatchBegin: () => void rest++ });
  expect(await run({ callbacks: [new BackupAndRestore(config), counting] })).toEqual(await run({}));
  expect(rest).toBe(15 - 6);
});
