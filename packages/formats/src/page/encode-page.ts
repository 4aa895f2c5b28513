import { InvalidConfigError, type OptionNames, checkOptions, isTypedArray } from "@featuremap/tensor";
import { joinBytes } from "../reading/join-bytes.ts";
import { documentName } from "../reading/model-reader.ts";

/** What a page of a single file is made of. */
export interface PageContent {
  /** The page without a model: the text of a standalone page that is built from the classifier. */
  readonly shell: string;
  /** A bundle's files by name, as `encodeBundle` gives them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the page calls the model; also the title. Default: `model`. */
  readonly name?: string | undefined;
}

const optionNames: OptionNames<PageContent> = { shell: true, files: true, name: true };

/** Where the shell takes the model. */
const place = '<script type="application/json" id="embedded-model"></script>';

/** Bytes of a bundle that fit into the longest text that a browser makes of a script, with room to spare. */
const mostBytes = 2 ** 28;

/**
 * One HTML file with a bundle and all it takes to use it: it opens from a disk, an e-mail or a server, without a network.
 *
 * @throws {InvalidConfigError} the shell has no place for a model, the files are not a bundle's, or there are more than 256 MiB
 * of them.
 */
export function encodePage(content: PageContent): Uint8Array<ArrayBuffer> {
  const owner = "encodePage";
  checkOptions(owner, content, optionNames);
  const { shell, files, name = "model" } = content;
  if (typeof name !== "string") throw new InvalidConfigError(owner, "name", "text", name);
  const [before, after, ...more] = typeof shell === "string" ? shell.split(place) : [];
  if (before === undefined || after === undefined || more.length > 0) {
    throw new InvalidConfigError(owner, "shell", "a page with one place for a model", "another text");
  }
  if (!(files instanceof Map) || !files.has(documentName)) {
    throw new InvalidConfigError(owner, "files", `a Map with the bytes of ${documentName}`, files);
  }
  let size = 0;
  for (const [file, bytes] of files) {
    if (!isTypedArray(bytes, "Uint8Array")) throw new InvalidConfigError(owner, `file ${file}`, "a Uint8Array", bytes);
    size += bytes.length;
  }
  if (size > mostBytes) {
    const expected = `of at most ${mostBytes} bytes: serve a larger model beside the page, or save it as float16 or int8`;
    throw new InvalidConfigError(owner, "files", expected, size);
  }
  const encoder = new TextEncoder();
  // JSON in a script ends at no "<".
  const quoted = (text: string): string => JSON.stringify(text).replaceAll("<", "\\u003c");
  const parts = [
    encoder.encode(`${titled(before, name)}${place.replace("</script>", "")}{"name":${quoted(name)},"files":{`),
  ];
  let comma = "";
  for (const [file, bytes] of files) {
    parts.push(encoder.encode(`${comma}${quoted(file)}:"`), base64(bytes), encoder.encode('"'));
    comma = ",";
  }
  parts.push(encoder.encode(`}}</script>${after}`));
  return joinBytes(parts);
}

function titled(page: string, name: string): string {
  const text = name.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  // Not a replacement text, in which "$&" would mean something.
  return page.replace(/<title>[^<]*<\/title>/, () => `<title>${text}</title>`);
}

const alphabet = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

/** Base64 as bytes: a text of a large model would pass the longest one that engines make. Source: RFC 4648, section 4. */
function base64(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(0x3d);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const word = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    const digits = Math.min(4, bytes.length - from + 1);
    for (let digit = 0; digit < digits; digit++) result[to + digit] = alphabet[(word >> (18 - 6 * digit)) & 63] ?? 0;
  }
  return result;
}
