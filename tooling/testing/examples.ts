import { readFile } from "node:fs/promises";
import { format } from "node:util";
import { compileFunction } from "node:vm";
import ts from "typescript";

/** The first TypeScript block of a Markdown file. */
export async function firstExample(document: URL): Promise<string> {
  return /```ts\n([^]*?)```/.exec(await readFile(document, "utf8"))?.[1] ?? "";
}

/** What an example's comments say that it prints: those behind a `console.log`, and those that have a line of their own. */
export function promisedLines(code: string): string[] {
  return Array.from(code.matchAll(/^(?:.*console\.log\(.*\); )?\/\/ (.*)$/gm), ([, comment = ""]) => comment);
}

/** What in an example is not a plain JavaScript, though TypeScript takes it. */
export function typeScriptOnly(code: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName: "example.js",
    reportDiagnostics: true,
    compilerOptions: { allowJs: true, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** What `console.log` would have written, line by line. */
export function printedLines(calls: readonly (readonly unknown[])[]): string[] {
  return calls.flatMap((values) => format(...values).split("\n"));
}

/**
 * Runs a document's example, and gives what it passes to `console.log`, call by call.
 *
 * @param modules what its imports find, by name
 * @param globals what else it finds, as `document`
 */
export async function runExample(
  code: string,
  modules: Readonly<Record<string, object>>,
  globals: Readonly<Record<string, unknown>> = {},
): Promise<unknown[][]> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: false },
  });
  const calls: unknown[][] = [];
  const scope = {
    ...globals,
    exports: {},
    console: { log: (...values: unknown[]) => calls.push(values) },
    require: (name: string): object => {
      const found = modules[name];
      if (found === undefined) throw new Error(`The example imports ${name}, which the test does not hand to it.`);
      return found;
    },
  };
  const run: unknown = compileFunction(`return (async () => {${outputText}})();`, Object.keys(scope));
  if (typeof run === "function") await run(...Object.values(scope));
  return calls;
}
