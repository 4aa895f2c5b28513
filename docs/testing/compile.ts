import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A piece of TypeScript with the place where it stands. */
interface Piece {
  readonly place: string;
  readonly code: string;
}

const folder = fileURLToPath(new URL("./compiled/", import.meta.url));

/**
 * Compiles pieces as strictly as TypeScript can, in one go, as modules of their own.
 *
 * @returns what the compiler says, each with its place
 */
export function compilerComplaints(pieces: readonly Piece[]): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    customConditions: ["@featuremap/source"],
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
    types: ["node"],
  };
  const files = new Map(pieces.map(({ code }, index) => [`${folder}${index}.ts`, `${code}\nexport {};\n`]));
  const host = ts.createCompilerHost(options);
  const read = {
    exists: host.fileExists.bind(host),
    text: host.readFile.bind(host),
    source: host.getSourceFile.bind(host),
  };
  host.fileExists = (name) => files.has(name) || read.exists(name);
  host.readFile = (name) => files.get(name) ?? read.text(name);
  host.getSourceFile = (name, language, ...rest) => {
    const text = files.get(name);
    return text === undefined ? read.source(name, language, ...rest) : ts.createSourceFile(name, text, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name, index) => {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, messageText }) => {
      const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${pieces[index]?.place ?? name}, its line ${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  });
}
