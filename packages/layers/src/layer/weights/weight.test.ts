import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Weight } from "./weight.ts";

useBackend(registerGradients);

const twoNumbers = () => Float32Array.of(1, 2);

describe("Weight", () => {
  test("takes no device and draws no numbers before they are asked for", async () => {
    const before = tf.memory().numTensors;
    const initial = vi.fn<() => Float32Array>(twoNumbers);
    const weight = new Weight("bias", [2], initial);
    expect(initial).not.toHaveBeenCalled();
    expect([...(await weight.read()).data]).toEqual([1, 2]);
    expect([...(await weight.read()).data]).toEqual([1, 2]);
    expect(initial).toHaveBeenCalledOnce();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("draws no numbers where values are assigned first", async () => {
    const initial = vi.fn<() => Float32Array>(twoNumbers);
    const weight = new Weight("bias", [2], initial);
    weight.assign(HostArray.from([5, 6]));
    expect([...(await weight.read()).data]).toEqual([5, 6]);
    expect([...weight.variable.dataSync()]).toEqual([5, 6]);
    expect(initial).not.toHaveBeenCalled();
    weight.dispose();
  });

  test("outlives the tidy in which its variable is made", () => {
    const weight = new Weight("bias", [2], twoNumbers);
    tf.tidy(() => void weight.variable);
    weight.assign(HostArray.from([3, 4]));
    expect([...weight.variable.dataSync()]).toEqual([3, 4]);
    weight.dispose();
  });

  test("gives copies, so that nobody writes into it", async () => {
    const weight = new Weight("bias", [2], twoNumbers);
    (await weight.read()).data.fill(0);
    void weight.variable;
    (await weight.read()).data.fill(0);
    const mine = HostArray.from([7, 8]);
    weight.assign(mine);
    mine.data.fill(0);
    expect([...(await weight.read()).data]).toEqual([7, 8]);
    weight.dispose();
  });

  test("rejects values of another shape", () => {
    const weight = new Weight("kernel", [2], twoNumbers);
    expect(() => weight.assign(HostArray.from([[1, 2]]))).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });

  test("cannot be used once disposed", async () => {
    const weight = new Weight("kernel", [2], twoNumbers);
    weight.dispose();
    weight.dispose();
    expect(() => weight.variable).toThrow(/disposed/);
    await expect(weight.read()).rejects.toThrow(/disposed/);
  });
});
