/* Writes the pages of the API from the packages' sources, as part of building the site. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Configuration, Converter, DeclarationReflection, ReflectionKind } from "typedoc";

/** @import { Context } from "typedoc" */

const root = fileURLToPath(new URL("../../", import.meta.url));
const docs = fileURLToPath(new URL("../", import.meta.url));

/**
 * What a package offers: its entry points' names by their source files.
 *
 * @param {string} folder
 * @returns {[file: string, name: string][]}
 */
function entryPoints(folder) {
  const { name, exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([path, target]) => typeof target === "object" && !/[~*]/.test(path))
    .map(([path, target]) => [join(root, folder, sourceOf(target)), name + path.slice(1)]);
}

/** @param {Record<string, any>} target Of an entry point, perhaps with another for each platform. @returns {string} */
function sourceOf(target) {
  return target["@featuremap/source"] ?? sourceOf(target["node"] ?? target["default"]);
}

const names = new Map(
  [...readdirSync(join(root, "packages")).map((name) => `packages/${name}`), "apps/trainer"].flatMap(entryPoints),
);

/** Options of the Markdown plugin: what is not a class stands on its module's page. */
const markdown = {
  docsRoot: docs,
  entryFileName: "index",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  membersWithOwnFile: ["Class"],
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  expandObjects: true,
};

const application = await Application.bootstrapWithPlugins({
  name: "API",
  entryPoints: [...names.keys()],
  tsconfig: join(docs, "tsconfig.api.json"),
  // `npm run types` checks the sources.
  skipErrorChecking: true,
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme"],
  out: join(docs, "reference/api"),
  readme: "none",
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  // `@differs` says what is not as in Keras.
  blockTags: [...Configuration.OptionDefaults.blockTags, "@differs"],
  logLevel: "Warn",
  ...markdown,
});

// Modules are named as one imports them. What a class inherits is on the page of the class that has it.
application.converter.on(Converter.EVENT_RESOLVE_BEGIN, (/** @type {Context} */ { project }) => {
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.kindOf(ReflectionKind.Module)) {
      const file = project.getSymbolIdFromReflection(reflection)?.fileName ?? "";
      reflection.name = names.get(file) ?? reflection.name;
    } else if (reflection instanceof DeclarationReflection && reflection.inheritedFrom) {
      project.removeReflection(reflection);
    }
  }
});

const project = await application.convert();
if (project === undefined) throw new Error("TypeDoc found nothing to document.");
await application.generateOutputs(project);
if (application.logger.hasErrors()) process.exitCode = 1;
