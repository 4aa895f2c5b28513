import { openDevice } from "@featuremap/devices";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { checkComputing, compareComputed, computeShort } from "./check-computing.ts";

test("a device that computes right is found so, and nothing is left on it", async () => {
  const device = await openDevice("wasm", { threads: 1 });
  const before = memory().numTensors;
  const numbers = await computeShort();
  expect(memory().numTensors).toBe(before);
  // They have been trained: random numbers would not be alike.
  expect(numbers.length).toBeGreaterThan(1000);
  expect(await checkComputing(device)).toMatchObject({ status: "ok" });
  await device.dispose();
});

test("the reference itself has nothing to be compared with", async () => {
  const cpu = await openDevice("cpu");
  const { status, text } = await checkComputing(cpu);
  expect([status, text]).toEqual(["ok", expect.stringMatching(/on cpu, the reference, gives 1\d{3} numbers$/)]);
  await cpu.dispose();
});

test("numbers that are wrong, no numbers, or too few are a problem", () => {
  const right = Float32Array.from([0.5, -1, 2]);
  for (const wrong of [
    [0.5, -1, 2.01],
    [0.5, Number.NaN, 2],
    [0.5, -1],
    [0.5, -1, 2, 3],
  ]) {
    const finding = compareComputed("wasm", Float32Array.from(wrong), right);
    expect([wrong, finding.status]).toEqual([wrong, "problem"]);
    expect(finding.remedy).toContain("--device");
  }
  expect(compareComputed("wasm", Float32Array.from([0.5, -1.0001, 2]), right).status).toBe("ok");
});
