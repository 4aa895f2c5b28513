import type { Model } from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";

/** What a model makes of numbers that are the same everywhere. */
export async function answerOf(model: Model): Promise<number[]> {
  const shape = [1, ...model.inputShape.slice(1).map((length) => length ?? 32)];
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, index) => ((index * 37) % 101) / 101);
  const output = model.predict(new HostArray(values, shape));
  const answer = [...(await output.data())];
  output.dispose();
  return answer;
}
