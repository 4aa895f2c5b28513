import { rm, writeFile } from "node:fs/promises";
import { vi } from "vitest";

/**
 * Runs a document's example as a module, and gives what it passes to `console.log`, call by call.
 *
 * @param name what the module's file is called; tests that run at the same time need different ones
 */
export async function runExample(code: string, name: string): Promise<unknown[][]> {
  // Beside this file, so that the packages it imports are found.
  const file = new URL(`${name}.generated.ts`, import.meta.url);
  const printed: unknown[][] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    printed.push(values);
  });
  try {
    await writeFile(file, code);
    await import(file.href);
  } finally {
    log.mockRestore();
    await rm(file, { force: true });
  }
  return printed;
}
