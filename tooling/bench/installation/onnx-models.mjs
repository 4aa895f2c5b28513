import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installPythonPackages } from "./python-packages.mjs";

/**
 * The networks as ONNX files, in the cache's folder `onnx-models`; writing them needs Python.
 *
 * @param {string} cache
 * @param {string} modelWriter Path of the script that writes the files.
 */
export async function writeOnnxModels(cache, modelWriter) {
  const python = await installPythonPackages(join(cache, "onnx"), ["onnx==1.23.1"]);
  await runCommand(python, [modelWriter, cache, join(cache, "onnx-models")]);
}
