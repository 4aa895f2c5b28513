/*
 * Checks the types of the project in the working folder: what `tsc` says of its own files. `tsc` would also say it again of the sources
 * of every package that they import, which that package's own check has said.
 */
import { relative, resolve, sep } from "node:path";
import ts from "typescript";

const folder = process.cwd();

/** @type {ts.ParseConfigFileHost} */
const configHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic(diagnostic) {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  },
};
const config = ts.getParsedCommandLineOfConfigFile(resolve(folder, "tsconfig.json"), {}, configHost);
if (config === undefined) throw new Error(`${folder} has no tsconfig.json.`);
const program = ts.createProgram(config.fileNames, config.options);

/** @param {string} file */
function isOwn(file) {
  const path = relative(folder, file);
  return !path.startsWith("..") && !path.split(sep).includes("node_modules");
}

const own = program.getSourceFiles().filter(({ fileName }) => isOwn(resolve(fileName)));
const diagnostics = [
  ...config.errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ...(config.options.declaration === true ? own.flatMap((file) => [...program.getDeclarationDiagnostics(file)]) : []),
];
if (own.length === 0) throw new Error(`The tsconfig.json of ${folder} includes no file.`);
process.stdout.write(
  ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(diagnostics), {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => "\n",
  }),
);
process.exitCode = diagnostics.length === 0 ? 0 : 1;
