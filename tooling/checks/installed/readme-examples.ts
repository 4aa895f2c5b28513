import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { firstExample, promisedLines } from "@featuremap/testing/examples";
import ts from "typescript";
import { type PackageManager, createProject } from "./empty-project.ts";

/** What a page has and Node has not, or an example asks of the reader's own files. */
const pagesOnly = new Set(["backend-webgpu", "inference"]);

/**
 * Does what a stranger does with a package's README: installs what its first command names into an empty project, compiles
 * its first example strictly, and runs it as JavaScript.
 *
 * @param folder the package's
 * @returns what is wrong, if anything is
 */
export async function tryReadme(folder: string, manager: PackageManager, registry: string): Promise<string[]> {
  const readme = await readFile(join(folder, "README.md"), "utf8");
  const line = /^npm install (.+)$/m.exec(readme)?.[1];
  if (line === undefined) return ["The README has no install line."];
  const example = await firstExample(new URL(`file://${folder}/README.md`));
  const project = await createProject(manager, registry);
  const problems: string[] = [];
  try {
    await project.install(line.split(" "));
    await project.write("example.ts", example);
    problems.push(...compile(project.folder));
    if (!pagesOnly.has(basename(folder))) {
      const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
      await project.write("example.js", ts.transpileModule(example, { compilerOptions: options }).outputText);
      const output = await project.run(process.execPath, ["example.js"]);
      const plain = (text: string): string => text.replaceAll(/\s+/g, " ");
      for (const promised of promisedLines(example)) {
        if (!plain(output).includes(plain(promised))) problems.push(`It does not print ${promised}, but:\n${output}`);
      }
    }
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  } finally {
    await project.remove();
  }
  return problems;
}

/**
 * Compiles `example.ts` as strictly as TypeScript can, and with it the declarations of every package of ours that it reaches.
 * Those of TensorFlow.js are not judged: its WebGPU types and TypeScript's own declare the same names.
 */
function compile(folder: string): string[] {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    { compilerOptions: strict, files: ["example.ts"] },
    ts.sys,
    folder,
  );
  const program = ts.createProgram(fileNames, options);
  const judged = program.getSourceFiles().filter(({ fileName }) => /example\.ts$|@featuremap/.test(fileName));
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...judged.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  return diagnostics.map((diagnostic) =>
    ts.formatDiagnostic(diagnostic, {
      getCurrentDirectory: () => folder,
      getCanonicalFileName: (name) => name,
      getNewLine: () => "\n",
    }),
  );
}

/** Options that a careful project has. */
const strict = {
  target: "ES2022",
  module: "NodeNext",
  lib: ["ES2022", "DOM", "DOM.Iterable"],
  types: [],
  noEmit: true,
  strict: true,
  skipLibCheck: false,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
};
