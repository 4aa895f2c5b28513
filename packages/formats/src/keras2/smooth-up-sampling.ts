import type { JsonObject } from "../reading/json.ts";
import { type Entry, type Reading, nameEntry, plainLayerName, refuse } from "./reading.ts";

/**
 * Layers that do what TensorFlow.js does in an `UpSampling2D` with `interpolation: "bilinear"`.
 *
 * TensorFlow.js puts the first pixel of each side at the same place before and after, where Keras puts the edges of the
 * picture. Doubling a side its way is repeating each pixel and averaging it with the next; its padding counts for nothing, so the last pixel
 * stays. Doubled again, the lines between pixels stay the same.
 *
 * @returns none where the layer is another, or Keras's converter wrote it, which means Keras's way
 * @throws {FormatError} it enlarges a side by other than a power of 2.
 */
export function smoothUpSampling(entry: Entry, config: JsonObject, reading: Reading): readonly JsonObject[] {
  const { className, name } = entry;
  const { size, interpolation, data_format = "channels_last" } = config;
  if (!reading.isFromTfjs || className !== "UpSampling2D" || interpolation !== "bilinear") return [];
  const exponents = Array.isArray(size) ? size.map((factor) => Math.log2(Number(factor))) : [];
  if (exponents.length !== 2 || !exponents.every((exponent) => Number.isInteger(exponent) && exponent >= 0)) {
    const expected = "powers of 2, since TensorFlow.js interpolates otherwise than Keras";
    return refuse(reading, `size of the bilinear ${nameEntry(entry)}`, expected, size);
  }
  const owner = plainLayerName(name ?? className.toLowerCase());
  const layer = (kind: string, options: JsonObject): JsonObject => ({
    module: "keras.layers",
    class_name: kind,
    config: { data_format, ...options },
    registered_name: null,
  });
  return Array.from({ length: Math.max(1, ...exponents) }, (_, step) => {
    const factors = exponents.map((exponent) => (step < exponent ? 2 : 1));
    const suffix = step === 0 ? "" : `_${step + 1}`;
    const repeated = step === 0 ? { ...config, name: owner } : { name: `${owner}_doubled${suffix}` };
    const averaging = { pool_size: factors, strides: [1, 1], padding: "same" };
    return [
      layer("UpSampling2D", { ...repeated, size: factors, interpolation: "nearest" }),
      layer("AveragePooling2D", { name: `${owner}_averaged${suffix}`, ...averaging }),
    ];
  }).flat();
}
