import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { once } from "./once.mjs";

/**
 * A virtual environment with some packages.
 *
 * @param {string} folder
 * @param {readonly string[]} packages
 * @param {readonly string[]} [elsewhere] Options of `pip install` for a second try, where the first finds nothing.
 * @returns {Promise<string>} Path of its Python.
 */
export async function installPythonPackages(folder, packages, elsewhere) {
  const windows = process.platform === "win32";
  const python = windows ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  await once(folder, packages, async () => {
    await runCommand(windows ? "python.exe" : "python3", ["-m", "venv", folder]);
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    try {
      await runCommand(python, [...install, ...packages]);
    } catch (error) {
      if (elsewhere === undefined) throw error;
      await runCommand(python, [...install, ...elsewhere, ...packages]);
    }
  });
  return python;
}
