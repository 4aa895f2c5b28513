/* What packages export, read from their types: for the table of docs/keras.md. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Differences from Keras by option, as doc comments note them by `@differs`. @typedef {Map<string, string[]>} Options */

/**
 * What a constructor or method takes: all that may be given to it, as arguments or within them, and of that the options in the
 * object that comes last; what its doc comment notes by `@differs`; and whether it returns a promise.
 *
 * @typedef {{ given: Options, options: string[], differences: string[], isAsynchronous: boolean }} Call
 */

/**
 * What the table tells of one export: the class or function itself, the options of a class or function, the members of a type that lists names, the differences
 * that its doc comment notes, the constructor of a class or the call of a function, a class's members and its methods, and whether
 * it is only a type.
 *
 * @typedef {{ symbol: ts.Symbol, isType: boolean, options: Set<string>, names: Set<string>, differences: string[], made?: Call, members: Set<string>, methods: Map<string, Call> }} Export
 */

/**
 * What packages export, by package.
 *
 * @param {readonly string[]} packageNames
 * @returns {Map<string, Map<string, Export>>}
 */
export function exportsOf(packageNames) {
  const entry = (/** @type {string} */ name) => join(root, "packages", name, "src", "index.ts");
  const configuration = ts.readConfigFile(join(root, "tooling", "tsconfig", "base.json"), (path) =>
    ts.sys.readFile(path),
  );
  const { options } = ts.parseJsonConfigFileContent(configuration.config, ts.sys, root);
  // One program for all: they share most of their files.
  const program = ts.createProgram(packageNames.map(entry), { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  return new Map(packageNames.map((name) => [name, exportsOfModule(program.getSourceFile(entry(name)), checker)]));
}

/** @param {ts.SourceFile | undefined} source @param {ts.TypeChecker} checker @returns {Map<string, Export>} */
function exportsOfModule(source, checker) {
  const module = source && checker.getSymbolAtLocation(source);
  if (!source || !module) throw new Error("A package has no src/index.ts");
  const typeOf = (/** @type {ts.Symbol} */ symbol) => checker.getTypeOfSymbolAtLocation(symbol, source);
  const exported = new Map();
  for (const symbol of checker.getExportsOfModule(module)) {
    const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const value = typeOf(meant);
    const [signature] = [...value.getConstructSignatures(), ...value.getCallSignatures()];
    const parameters = signature?.parameters ?? [];
    const declared = checker.getDeclaredTypeOfSymbol(meant);
    const members = declared.isUnion() ? declared.types : [];
    const differences = differencesOf(meant, checker);
    const memberList = (declared.isClass() ? [declared, value] : []).flatMap((type) =>
      checker.getPropertiesOfType(type),
    );
    exported.set(symbol.name, {
      symbol: meant,
      isType: (meant.flags & ts.SymbolFlags.Value) === 0,
      options: new Set(parameters.flatMap((each, index) => parameterNames(each, index, typeOf(each), checker))),
      names: new Set(members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []))),
      differences,
      made: signature && callOf(signature, differences, typeOf, checker),
      members: new Set(memberList.map(({ name }) => name)),
      methods: new Map(
        memberList.flatMap((member) => {
          const [call] = typeOf(member).getCallSignatures();
          return call ? [[member.name, callOf(call, differencesOf(member, checker), typeOf, checker)]] : [];
        }),
      ),
    });
  }
  return exported;
}

/**
 * A constructor's options: in the object that it takes, or the list that it takes before that.
 *
 * @param {ts.Symbol} parameter @param {number} index @param {ts.Type} type @param {ts.TypeChecker} checker
 */
function parameterNames(parameter, index, type, checker) {
  if (index === 0 && checker.isArrayLikeType(type)) return [parameter.name];
  return optionsIn(type, checker).map(({ name }) => name);
}

/**
 * @param {ts.Signature} signature @param {string[]} differences @param {(symbol: ts.Symbol) => ts.Type} typeOf
 * @param {ts.TypeChecker} checker @returns {Call}
 */
function callOf(signature, differences, typeOf, checker) {
  const given = new Map();
  let options = /** @type {ts.Symbol[]} */ ([]);
  for (const parameter of signature.parameters) {
    given.set(parameter.name, []);
    options = optionsIn(typeOf(parameter), checker);
    for (const option of options) given.set(option.name, differencesOf(option, checker));
  }
  const isAsynchronous = signature.getReturnType().symbol?.name === "Promise";
  return { given, options: options.map(({ name }) => name), differences, isAsynchronous };
}

/**
 * Options of a parameter that may also be a plain value: `0.5` for `{ rate: 0.5 }`.
 *
 * @param {ts.Type} type @param {ts.TypeChecker} checker @returns {ts.Symbol[]}
 */
function optionsIn(type, checker) {
  if (type.isUnion()) return type.types.flatMap((each) => optionsIn(each, checker));
  const isConfig = (type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection();
  const isClass = type.symbol !== undefined && (type.symbol.flags & ts.SymbolFlags.Class) !== 0;
  const isArray = checker.isArrayLikeType(type) || type.getNumberIndexType() !== undefined;
  if (!isConfig || isClass || isArray || type.getCallSignatures().length > 0) return [];
  const properties = checker.getPropertiesOfType(type);
  // A map's members are not options; the name of its iterator is another in every program.
  return properties.some(({ name }) => name.startsWith("__@iterator")) ? [] : properties;
}

/** @param {ts.Symbol} symbol @param {ts.TypeChecker} checker */
function differencesOf(symbol, checker) {
  return symbol
    .getJsDocTags(checker)
    .filter((tag) => tag.name === "differs")
    .map((tag) => ts.displayPartsToString(tag.text).replace(/\s+/g, " "));
}
