import { UnavailableError } from "@featuremap/tensor";
import type { MnistFiles } from "./mnist-files.ts";

/** Pages have no packages to read. @throws {UnavailableError} always. */
export async function readMnistPackage(): Promise<MnistFiles> {
  throw unavailable();
}

/** Pages have no folders to read. @throws {UnavailableError} always. */
export async function readMnistDirectory(_directory: string | URL, _limit: number): Promise<MnistFiles> {
  throw unavailable();
}

function unavailable(): UnavailableError {
  return new UnavailableError(
    "mnist() reads files and works in Node only",
    "In a page, fetch the IDX files and give them to parseIdx.",
  );
}
