import { existsSync } from "node:fs";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "./command.mjs";
import { installNpmPackages } from "./npm-packages.mjs";
import { installPythonPackages } from "./python-packages.mjs";

/**
 * tfjs-node on the TensorFlow of a Python wheel.
 *
 * Its own install script would fetch TensorFlow 2.9 from a server of TensorFlow's. Here the binding is built from the
 * package's source instead: headers and libraries lie where that script would have put them, as links into the wheel.
 *
 * @param {string} folder
 * @param {string} kerasFolder Virtual environment with `tensorflow-cpu`, installed if it is not.
 * @throws {Error} no Linux, no C++ compiler, or one of the downloads fails.
 */
export async function installTfjsNode(folder, kerasFolder) {
  if (process.platform !== "linux") throw new Error("its binding is built against TensorFlow's Linux libraries only");
  await installPythonPackages(kerasFolder, ["keras==3.15.1", "tensorflow-cpu==2.21.0"]);
  await installNpmPackages(folder, ["@tensorflow/tfjs-node@4.22.0", "node-gyp@12"], async () => {
    const home = join(folder, "node_modules", "@tensorflow", "tfjs-node");
    await linkTensorflow(await findTensorflow(kerasFolder), join(home, "deps"));
    await build(folder, home);
  });
}

/** @param {string} virtualEnvironment */
async function findTensorflow(virtualEnvironment) {
  const lib = join(virtualEnvironment, "lib");
  const python = (await readdir(lib)).find((name) => name.startsWith("python3")) ?? "python3";
  return join(lib, python, "site-packages", "tensorflow");
}

/** @param {string} tensorflow @param {string} deps */
async function linkTensorflow(tensorflow, deps) {
  await mkdir(join(deps, "lib"), { recursive: true });
  await symlink(join(tensorflow, "include"), join(deps, "include"));
  const library = "libtensorflow_cc.so.2";
  const framework = "libtensorflow_framework.so.2";
  for (const [target, name] of [
    // What the linker asks for, then what the loader asks for.
    [library, "libtensorflow.so"],
    [library, library],
    [framework, "libtensorflow_framework.so"],
    [framework, framework],
  ]) {
    await symlink(join(tensorflow, String(target)), join(deps, "lib", String(name)));
  }
}

/** @param {string} folder @param {string} home */
async function build(folder, home) {
  // The newest interface that both sides know: node-pre-gyp looks for the binding in this folder.
  const interfaceVersion = Math.min(8, Number(process.versions["napi"] ?? 8));
  const nodeFolder = dirname(dirname(process.execPath));
  const headers = existsSync(join(nodeFolder, "include", "node", "node_api.h")) ? [`--nodedir=${nodeFolder}`] : [];
  await runCommand(
    process.execPath,
    [
      join(folder, "node_modules", "node-gyp", "bin", "node-gyp.js"),
      "rebuild",
      ...headers,
      "--module_name=tfjs_binding",
      `--module_path=${join(home, "lib", `napi-v${interfaceVersion}`)}`,
      `--napi_build_version=${interfaceVersion}`,
    ],
    // TensorFlow's headers are C++17.
    { cwd: home, env: { ...process.env, CXXFLAGS: "-std=c++17" } },
  );
}
