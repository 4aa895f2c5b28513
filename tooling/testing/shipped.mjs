/*
 * Which tests can run on what is shipped: those that reach their package only through what its exports give, in their own imports
 * and in those of the helpers in `testing/` folders. Their imports of sources are then led to the built files.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import ts from "typescript";

/**
 * An import that exists when the code runs.
 *
 * @typedef {object} RunningImport
 * @property {string} specifier
 * @property {readonly string[] | undefined} names What it takes; undefined where it takes everything, or does so by a call.
 */

/** @param {string} file */
export function isTestSupport(file) {
  return existsSync(file) && (file.includes(`${sep}testing${sep}`) || file.endsWith(".test-support.ts"));
}

/** @param {string} file */
function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

/** @param {ts.NodeArray<ts.ImportSpecifier | ts.ExportSpecifier>} elements */
function valueNames(elements) {
  return elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name, propertyName }) => (propertyName ?? name).text);
}

/** @param {string} file @returns {RunningImport[]} */
function readImports(file) {
  /** @type {RunningImport[]} */
  const imports = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const named = clause?.namedBindings;
      const names =
        clause !== undefined && clause.name === undefined && named !== undefined && ts.isNamedImports(named)
          ? valueNames(named.elements)
          : undefined;
      const runs = clause?.phaseModifier !== ts.SyntaxKind.TypeKeyword && names?.length !== 0;
      if (runs) imports.push({ specifier: node.moduleSpecifier.text, names });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      const specifier = argument !== undefined && ts.isStringLiteralLike(argument) ? argument.text : "./";
      imports.push({ specifier, names: undefined });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return imports;
}

/** What the asterisk stands for in a path whose last part is `*.ts`. @param {string} pattern */
function namesFor(pattern) {
  const files = readdirSync(dirname(pattern)).filter((name) => /^[^.]+\.ts$/.test(name));
  return files.map((name) => name.slice(0, -".ts".length));
}

/** What one package ships of its sources: by source file, the built file and the names that it exports from there. */
class Shipped {
  /** @type {Map<string, { readonly built: string, readonly names: Set<string> | undefined }[]>} */
  #homes = new Map();

  /** @param {string} folder */
  constructor(folder) {
    this.source = join(folder, "src") + sep;
    const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const target of Object.values(exports)) {
      const { "@featuremap/source": source, default: built } = target;
      if (source === undefined || built === undefined) continue;
      if (source.includes("*")) {
        for (const name of namesFor(join(folder, source))) {
          this.#add(join(folder, source.replace("*", name)), join(folder, built.replace("*", name)), undefined);
        }
        continue;
      }
      const entry = join(folder, source);
      this.#add(entry, join(folder, built), undefined);
      for (const statement of parse(entry).statements) {
        const { exportClause, moduleSpecifier } = ts.isExportDeclaration(statement) ? statement : {};
        if (exportClause === undefined || !ts.isNamedExports(exportClause)) continue;
        if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) continue;
        const plain = exportClause.elements.filter(({ propertyName }) => propertyName === undefined);
        const names = new Set(plain.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text));
        this.#add(resolve(dirname(entry), moduleSpecifier.text), join(folder, built), names);
      }
    }
  }

  /** @param {string} source @param {string} built @param {Set<string> | undefined} names */
  #add(source, built, names) {
    this.#homes.set(source, [...(this.#homes.get(source) ?? []), { built, names }]);
  }

  /**
   * The built file that has what an import takes of a source file.
   *
   * @param {string} source
   * @param {RunningImport["names"]} wanted
   */
  find(source, wanted) {
    return this.#homes
      .get(source)
      ?.find(({ names }) => names === undefined || (wanted?.every((name) => names.has(name)) ?? false))?.built;
  }
}

/**
 * Sorts a package's tests.
 *
 * @param {string} folder of the package
 * @param {readonly string[]} tests
 */
export function sortTests(folder, tests) {
  const shipped = new Shipped(folder);
  /** Built files by who imports them and how. @type {Map<string, string>} */
  const redirects = new Map();
  /** What keeps a file from running on what is shipped. @type {Map<string, string | undefined>} */
  const obstacles = new Map();

  /** @param {string} file @returns {string | undefined} */
  const obstacleOf = (file) => {
    if (obstacles.has(file)) return obstacles.get(file);
    obstacles.set(file, undefined);
    const found = readImports(file)
      .map(({ specifier, names }) => {
        if (specifier.includes("/~internal/")) return specifier;
        const target = resolve(dirname(file), specifier);
        if (!specifier.startsWith(".") || !target.startsWith(shipped.source) || !target.endsWith(".ts"))
          return undefined;
        const built = shipped.find(target, names);
        if (built !== undefined) {
          redirects.set(`${file.replaceAll(sep, "/")} ${specifier}`, built);
          return undefined;
        }
        if (!isTestSupport(target)) return target.slice(shipped.source.length);
        return obstacleOf(target);
      })
      .find((obstacle) => obstacle !== undefined);
    obstacles.set(file, found);
    return found;
  };
  const sorted = tests.map((file) => ({ file, obstacle: obstacleOf(file) }));
  return {
    onBuilt: sorted.filter(({ obstacle }) => obstacle === undefined).map(({ file }) => file),
    onSource: sorted.filter(({ obstacle }) => obstacle !== undefined),
    redirects,
  };
}
