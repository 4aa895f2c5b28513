/** An element of an SVG document. */
export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly SvgElement[];
  /** Text directly within. */
  readonly text: string;
}

const token = /<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gi;

/**
 * Reads a document as strictly as XML is: every tag closed in its turn, attributes quoted and unique, no bare `&`, no
 * character that XML forbids, and no number that went wrong.
 *
 * @throws {Error} it is not so.
 */
export function readSvg(svg: string): SvgElement {
  const root: { children: SvgElement[]; text: string } = { children: [], text: "" };
  const open: { name: string; attributes: Record<string, string>; children: SvgElement[]; text: string }[] = [];
  let end = 0;
  for (const match of svg.matchAll(token)) {
    if (match.index !== end) throw new Error(`A stray character at ${svg.slice(end, end + 40)}`);
    end = match.index + match[0].length;
    const [, closing, name = "", attributes = "", alone, text] = match;
    const around = open.at(-1) ?? root;
    if (text !== undefined) around.text += decode(text);
    else if (closing === "/") {
      const closed = open.pop();
      if (closed?.name !== name) throw new Error(`${name} closes ${closed?.name}.`);
    } else {
      const element = { name, attributes: readAttributes(attributes), children: [], text: "" };
      around.children.push(element);
      if (alone !== "/") open.push(element);
    }
  }
  const [only, ...others] = root.children;
  if (end !== svg.length || open.length > 0 || others.length > 0 || only?.name !== "svg") {
    throw new Error("It is not one svg element.");
  }
  return only;
}

/** Every element of a name, in order. */
export function elementsOf(root: SvgElement, name: string): readonly SvgElement[] {
  return [...(root.name === name ? [root] : []), ...root.children.flatMap((child) => elementsOf(child, name))];
}

/** What can be read in the drawing. */
export function textsOf(root: SvgElement): readonly string[] {
  return elementsOf(root, "text").map(({ text }) => text);
}

/** What pointers are told. */
export function tooltipsOf(root: SvgElement): readonly string[] {
  return elementsOf(root, "title").map(({ text }) => text);
}

function readAttributes(text: string): Record<string, string> {
  const pairs = Array.from(text.matchAll(/([\w:-]+)="([^"]*)"/g), ([, name = "", value = ""]) => [name, decode(value)]);
  const attributes: Record<string, string> = Object.fromEntries(pairs);
  if (Object.keys(attributes).length !== pairs.length) throw new Error(`An attribute is given twice: ${text}`);
  for (const [name, value] of Object.entries(attributes)) {
    const isNumeric = /^(x|y|d|r|cx|cy|width|height|points|transform|viewBox|opacity|fill-opacity|stroke-width)$/.test(
      name,
    );
    const isWrong = isNumeric && /NaN|Infinity|undefined|null/.test(value);
    if (isWrong || (/^(width|height|r)$/.test(name) && !(Number(value) >= 0))) throw new Error(`${name} is ${value}.`);
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };

function decode(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these XML forbids
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.exec(text);
  if (forbidden !== null) throw new Error(`XML forbids what stands at ${forbidden.index} of ${JSON.stringify(text)}.`);
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined) throw new Error(`${whole} is not a character.`);
    return character;
  });
}
