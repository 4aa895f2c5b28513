import { type AnyOptions, InvalidConfigError } from "@featuremap/tensor";
import { Configured, readsDeclared } from "../config/configured.ts";
import { type KerasPart, plainName } from "../config/keras-object.ts";

/** An initializer, regularizer or constraint: made of options, as layers are, and stored inside a layer's config. */
export abstract class Part extends Configured implements KerasPart {
  static override readonly className: string = "Part";
  abstract readonly module: string;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: object = {}) {
    super(config);
  }

  /** As `Configured.fromConfig`. */
  static override fromConfig(config: object): Part {
    return super.fromConfig(config) as Part;
  }
  static {
    readsDeclared.add(this);
  }
}

/** A class of parts whose options may all be left out. */
interface PartClass<Kind extends Part> {
  readonly className: string;
  readonly options: AnyOptions;
  fromConfig(config: object): Part;
  new (): Kind;
}

/** What parts of one kind have in common, and which of them have names. */
export interface PartKind<Kind extends Part> {
  readonly base: (abstract new (...parameters: never[]) => Kind) & { readonly className: string };
  readonly classes: readonly PartClass<Kind>[];
  /** Keras's other names of classes, in {@link plainName}'s spelling. */
  readonly aliases?: ReadonlyMap<string, string>;
}

/** The class of a name, in either spelling. */
export function findPart<Kind extends Part>(name: string, { classes }: PartKind<Kind>): PartClass<Kind> | undefined {
  return classes.find(({ className }) => plainName(className) === plainName(name));
}

/** The part that an option names or is. @throws {InvalidConfigError} no part has that name. */
export function resolvePart<Kind extends Part>(
  owner: string,
  option: string,
  choice: unknown,
  kind: PartKind<Kind>,
): Kind {
  const { base, classes, aliases } = kind;
  if (choice instanceof base) return choice;
  const name = typeof choice === "string" ? plainName(choice) : "";
  const found = findPart(aliases?.get(name) ?? name, kind);
  if (found !== undefined) return new found();
  const names = classes.map(({ className }) => className.replace(/^./, (letter) => letter.toLowerCase()));
  throw new InvalidConfigError(owner, option, `one of ${names.join(", ")} or an instance of ${base.className}`, choice);
}
