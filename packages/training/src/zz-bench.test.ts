import * as tf from "@tensorflow/tfjs-core";
import { test } from "vitest";
import { registerWasmBackend } from "../../backend-wasm/src/index.ts";
import { Conv2D, Dense, Flatten, MaxPooling2D, Sequential, registerGradients } from "@featuremap/layers";

test("bench", async () => {
  const info = await registerWasmBackend({ threads: 2 });
  await tf.setBackend(info.name);
  registerGradients();
  const model = new Sequential(
    [
      new Conv2D({ filters: 32, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
      new MaxPooling2D(),
      new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }),
      new MaxPooling2D(),
      new Conv2D({ filters: 128, kernelSize: 3, activation: "relu" }),
      new Flatten(),
      new Dense({ units: 10, activation: "softmax" }),
    ],
    { seed: 1 },
  );
  const x = tf.randomUniform([64, 28, 28, 1]);
  const y = tf.tensor2d(Array.from({ length: 640 }, (_, i) => (i % 10 === Math.floor(i / 10) % 10 ? 1 : 0)), [64, 10]);
    tf.tensor1d(
      Array.from({ length: 64 }, (_, i) => i % 10),
      "int32",
    ),
    10,
  );
  const vars = model.trainableWeights.map((w) => w.variable);
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.neg(tf.mean(tf.sum(tf.mul(y, tf.log(model.call(x, { training: true }))), 1))) as tf.Scalar,
        vars,
      );
      return value.dataSync()[0];
    });
  const infer = () => tf.tidy(() => model.predict(x).dataSync()[0]);
  for (let i = 0; i < 10; i++) {
    step();
    infer();
  }
  const times: number[] = [],
    inf: number[] = [];
  for (let r = 0; r < 60; r++) {
    let t = performance.now();
    step();
    times.push(performance.now() - t);
    t = performance.now();
    infer();
    inf.push(performance.now() - t);
  }
  const med = (a: number[]) => a.toSorted((p, q) => p - q)[a.length >> 1];
  console.log("STEP ms", med(times), "min", Math.min(...times), "INFER ms", med(inf), "min", Math.min(...inf), step());
  const p = await tf.profile(() => {
    step();
  });
  const by = new Map<string, [number, number]>();
  for (const k of p.kernels) {
    const e = by.get(k.name) ?? [0, 0];
    by.set(k.name, [e[0] + 1, e[1]]);
  }
  console.log([...by].map(([n, [c]]) => `${n}x${c}`).join(" "));
}, 120000);
