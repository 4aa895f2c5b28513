import * as ort from "onnxruntime-web/wasm";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** Numbers in row-major order, and the lengths of their axes. */
export interface Numbers {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** What ONNX Runtime makes of inputs, output by output. */
export async function runOnnx(bytes: Uint8Array, inputs: readonly Numbers[]): Promise<readonly Numbers[]> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = session.inputNames.map((name, index) => {
    const { data = [], shape = [] } = inputs[index] ?? {};
    return [name, new ort.Tensor("float32", Float32Array.from(data), [...shape])] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  const outputs = session.outputNames.map((name): Numbers => {
    const tensor = results[name];
    return { data: Float32Array.from(tensor?.data as Float32Array), shape: [...(tensor?.dims ?? [])] };
  });
  await session.release();
  return outputs;
}
