import type { HostTensor } from "../../references/host-tensor.ts";

/** The first of a kernel's results. */
export function first(results: readonly HostTensor[]): HostTensor {
  const [result] = results;
  if (result === undefined) throw new RangeError("The kernel gave no result.");
  return result;
}

function zeros(shape: number[]): HostTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, dtype: "float32", values: new Float32Array(size) };
}

/**
 * The gradient of a linear kernel that treats every image and channel alike: the forward kernel's answers to the unit
 * images, one batch, weighted with `dy`.
 */
export async function gradientByUnitImages(
  dy: HostTensor,
  inputShape: readonly number[],
  forward: (images: HostTensor) => Promise<HostTensor>,
): Promise<HostTensor> {
  const [batch = 0, height = 0, width = 0, channels = 0] = inputShape;
  const pixels = height * width;
  const units = zeros([pixels, height, width, 1]);
  for (let pixel = 0; pixel < pixels; pixel++) units.values[pixel * pixels + pixel] = 1;
  const { values: answers } = await forward(units);
  const positions = answers.length / pixels;
  const gradient = zeros([...inputShape]);
  for (let image = 0; image < batch; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let position = 0; position < positions; position++) {
          const answer = answers[pixel * positions + position] ?? 0;
          sum += answer * (dy.values[(image * positions + position) * channels + channel] ?? 0);
        }
        gradient.values[(image * pixels + pixel) * channels + channel] = sum;
      }
    }
  }
  return gradient;
}
