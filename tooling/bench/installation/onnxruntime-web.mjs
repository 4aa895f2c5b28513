import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { installNpmPackages } from "./npm-packages.mjs";
import { installPythonPackages } from "./python-packages.mjs";

/**
 * onnxruntime-web, and network N1 as an ONNX file, `onnxruntime-web/n1.onnx`, which needs Python.
 *
 * @param {string} cache
 * @param {string} modelWriter Path of the script that writes the file.
 */
export async function installOnnxruntimeWeb(cache, modelWriter) {
  const folder = join(cache, "onnxruntime-web");
  await installNpmPackages(folder, ["onnxruntime-web@1.30.0"]);
  const python = await installPythonPackages(join(cache, "onnx"), ["onnx==1.23.1"]);
  await runCommand(python, [modelWriter, cache, join(folder, "n1.onnx")]);
}
