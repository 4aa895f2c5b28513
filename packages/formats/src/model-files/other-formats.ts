import { InvalidConfigError } from "@featuremap/tensor";

/** What writes files of other formats, by the endings that other programs want or use. */
const writers: readonly (readonly [ending: RegExp, writer: string])[] = [
  [/\.keras$/i, "saveKeras of @featuremap/formats/keras writes .keras files"],
  [/\.weights\.h5$/i, "saveKerasWeights of @featuremap/formats/keras writes .weights.h5 files"],
  [/\.(h5|hdf5)$/i, "saveKeras of @featuremap/formats/keras writes .keras files, which Keras opens"],
  [/\.onnx$/i, "saveOnnx of @featuremap/formats/onnx writes .onnx files"],
  [/\.(pt|pth)$/i, "savePyTorch of @featuremap/formats/pytorch writes the weights for PyTorch"],
];

/**
 * Refuses a path that is named like a file of another format, which a program would not open.
 *
 * @param expected what is written there
 * @throws {InvalidConfigError} it ends like one, or is no path.
 */
export function refuseOtherFormat(owner: string, option: string, path: unknown, expected: string): void {
  if (typeof path !== "string" || path === "") {
    throw new InvalidConfigError(owner, option, `the path of ${expected}`, path);
  }
  const [, writer] = writers.find(([ending]) => ending.test(path.replace(/[\\/]+$/, ""))) ?? [];
  if (writer !== undefined) throw new InvalidConfigError(owner, option, `${expected}; ${writer}`, path);
}
