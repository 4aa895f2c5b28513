import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { firstExample, promisedLines } from "@featuremap/testing/examples";
import ts from "typescript";
import { type EmptyProject, type PackageManager, createProject } from "../empty-project.ts";

/** What a page has and Node has not, or an example asks of the reader's own files. */
const pagesOnly = new Set(["backend-webgpu", "inference"]);

/** A project in which a package's README was followed as far as the installation. */
export interface FollowedReadme {
  /** With the first example as `example.ts` and `example.js`. */
  readonly project: EmptyProject;
  readonly example: string;
}

/** Whether the first example of the package in this folder needs a page. */
export function needsPage(folder: string): boolean {
  return pagesOnly.has(basename(folder));
}

/** Installs what the first command of a package's README names into an empty project. @param folder the package's */
export async function followReadme(folder: string, manager: PackageManager, registry: string): Promise<FollowedReadme> {
  const readme = await readFile(join(folder, "README.md"), "utf8");
  const line = /^npm install (.+)$/m.exec(readme)?.[1];
  if (line === undefined) throw new Error(`The README of ${folder} has no install line.`);
  const example = await firstExample(new URL(`file://${folder}/README.md`));
  const project = await createProject(manager, registry);
  try {
    await project.install(line.split(" "));
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
    await project.write("example.ts", example);
    await project.write("example.js", ts.transpileModule(example, { compilerOptions: options }).outputText);
  } catch (error) {
    await project.remove();
    throw error;
  }
  return { project, example };
}

/**
 * Runs the example.
 *
 * @param command what runs JavaScript, and its arguments
 * @returns what it promises and does not print
 */
export async function brokenPromises(
  { project, example }: FollowedReadme,
  command: readonly string[],
): Promise<string[]> {
  const [program = "", ...parameters] = command;
  const output = await project.run(program, [...parameters, "example.js"]);
  return promisedLines(example)
    .filter((promised) => !plain(output).includes(plain(promised)))
    .map((promised) => `It does not print ${promised}, but:\n${output}`);
}

/** Text as every program prints it: they break lines of long arrays, and quote, as they like. */
function plain(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/, ([\]}])/g, " $1");
}

/**
 * Does what a stranger does with a package's README: installs, compiles its first example strictly, and runs it as
 * JavaScript.
 *
 * @param folder the package's
 * @returns what is wrong, if anything is
 */
export async function tryReadme(folder: string, manager: PackageManager, registry: string): Promise<string[]> {
  const followed = await followReadme(folder, manager, registry);
  try {
    const problems = compile(followed.project.folder);
    if (!needsPage(folder)) problems.push(...(await brokenPromises(followed, [process.execPath])));
    return problems;
  } finally {
    await followed.project.remove();
  }
}

/**
 * Compiles `example.ts` as strictly as TypeScript can, and with it the declarations of every package of ours that it reaches.
 * The long tests judge everybody's, which takes several times as long.
 */
function compile(folder: string): string[] {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    { compilerOptions: strictOptions, files: ["example.ts"] },
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
export const strictOptions = {
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
