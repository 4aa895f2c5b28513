import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { entryPoints } from "./entry-points.mjs";

const silent = { default: { logLevel: ExtractorLogLevel.None, addToApiReportFile: false } };

/**
 * @param {string} folder Of the package.
 * @param {import("./entry-points.mjs").EntryPoint} entry
 * @param {string} reports Where the report goes.
 */
function configurationOf(folder, { name, types }, reports) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: "lf",
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "ES2022",
            module: "ESNext",
            moduleResolution: "bundler",
            lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
            types: [],
            strict: true,
            skipLibCheck: true,
            noEmit: true,
          },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: reports,
        reportTempFolder: join(reports, "compared"),
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  });
}

/**
 * Writes a report of every entry point of packages.
 *
 * @param {readonly string[]} folders Of the packages, built.
 * @param {string} reports A folder that is used up.
 * @returns {{ readonly folder: string, readonly name: string, readonly report: string }[]}
 */
export function extractReports(folders, reports) {
  const entries = folders.flatMap((folder) => entryPoints(folder).map((entry) => ({ folder, entry })));
  const configurations = entries.map(({ folder, entry }, index) => {
    const own = join(reports, String(index));
    mkdirSync(join(own, "compared"), { recursive: true });
    return { folder, name: entry.name, own, configuration: configurationOf(folder, entry, own) };
  });
  const [first] = configurations;
  if (first === undefined) return [];
  // One program for all, in which every declaration is read once.
  const compilerState = CompilerState.create(first.configuration, {
    additionalEntryPoints: entries.map(({ entry }) => entry.types),
  });
  return configurations.map(({ folder, name, own, configuration }) => {
    Extractor.invoke(configuration, {
      compilerState,
      localBuild: true,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
    return { folder, name, report: join(own, `${name}.api.md`) };
  });
}
