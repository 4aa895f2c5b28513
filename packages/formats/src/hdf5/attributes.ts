import { describeValue, sizeOf } from "@featuremap/tensor";
import { type TextType, readDataspace, readDatatype } from "./datatype.ts";
import { type Fields, type Hdf5Bytes, undefinedAddress } from "./hdf5-bytes.ts";
import { type Message, messages } from "./object-header.ts";

const utf8 = new TextDecoder();

/** The texts of an attribute, in their order, or its only one. */
export type TextAttribute = string | readonly string[];

/**
 * An attribute of an object, if it has that one.
 *
 * @param what the object, for errors
 * @throws {FormatError} it is damaged, or not text.
 */
export async function readAttribute(
  file: Hdf5Bytes,
  header: readonly Message[],
  name: string,
  what: string,
): Promise<TextAttribute | undefined> {
  refuseDense(header);
  for (const { type, fields } of header) {
    if (type !== messages.attribute) continue;
    const found = splitAttribute(fields());
    if (found.name !== name) continue;
    const part = `attribute ${describeValue(name)} of ${what}`;
    if (found.isShared) throw file.refusal(part, "with a type of its own", "a type that is kept elsewhere in the file");
    const datatype = readDatatype(found.datatype);
    const shape = readDataspace(found.dataspace);
    // NumPy has numbers in an empty list, and so has h5py.
    if (shape !== undefined && sizeOf(shape) === 0) return [];
    if (datatype.kind !== "text")
      throw file.refusal(part, "text", datatype.kind === "other" ? datatype.name : "numbers");
    if (shape === undefined) throw file.refusal(part, "text", "nothing");
    const count = sizeOf(shape);
    if (count > found.data.left / datatype.size) throw file.refusal(part, `of ${count} texts`, "its end");
    const texts = await readTexts(file, datatype, found.data, count, part);
    return shape.length === 0 ? (texts[0] ?? "") : texts;
  }
  return undefined;
}

/** Attributes beyond what a header holds lie in a heap of newer files. */
function refuseDense(header: readonly Message[]): void {
  const info = header.find(({ type }) => type === messages.attributeInfo)?.fields();
  if (info === undefined) return;
  info.skip(1);
  if ((info.number(1) & 1) !== 0) info.skip(2);
  if (info.addressIfAny() === undefinedAddress) return;
  throw info.refusal('written with h5py\'s own settings (not libver="latest")', "attributes of the newer kind");
}

interface Attribute {
  readonly name: string;
  readonly isShared: boolean;
  readonly datatype: Fields;
  readonly dataspace: Fields;
  readonly data: Fields;
}

function splitAttribute(fields: Fields): Attribute {
  const version = fields.number(1);
  if (version < 1 || version > 3) throw fields.refusal("with attributes of version 1 to 3", `version ${version}`);
  const flags = fields.number(1);
  const [nameLength, typeLength, spaceLength] = [fields.number(2), fields.number(2), fields.number(2)];
  if (version === 3) fields.skip(1);
  const part = (length: number): Fields => {
    const found = fields.part(length);
    if (version === 1) fields.skip(Math.min(fields.left, (8 - (length % 8)) % 8));
    return found;
  };
  const name = decodeText(part(nameLength).bytes(nameLength), false);
  return {
    name,
    isShared: version > 1 && (flags & 3) !== 0,
    datatype: part(typeLength),
    dataspace: part(spaceLength),
    data: fields,
  };
}

async function readTexts(
  file: Hdf5Bytes,
  { size, hasOwnLength, isPadded }: TextType,
  data: Fields,
  count: number,
  what: string,
): Promise<string[]> {
  const texts: string[] = [];
  for (let index = 0; index < count; index++) {
    if (hasOwnLength) {
      const length = data.number(4);
      const collection = data.addressIfAny();
      const object = data.number(4);
      const isEmpty = length === 0 || collection === undefinedAddress;
      const bytes = isEmpty ? new Uint8Array(0) : await readHeapObject(file, collection, object, what);
      if (bytes.length < length) throw file.refusal(what, `of ${length} bytes`, `${bytes.length}`);
      file.spend(length);
      texts.push(decodeText(bytes.subarray(0, length), false));
    } else texts.push(decodeText(data.bytes(size), isPadded));
  }
  return texts;
}

/** An object of a global heap, where texts of any length lie. Source: "Global Heap". */
async function readHeapObject(
  file: Hdf5Bytes,
  address: number,
  index: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const head = await file.view(address, 16, what);
  file.requireSignature(head, "GCOL", what);
  const end = address + file.length(head, 8, what);
  for (let at = address + 16; at + 16 <= end;) {
    const object = await file.view(at, 16, what);
    const number = object.getUint16(0, true);
    const size = file.length(object, 8, what);
    if (number === index && number !== 0) return new Uint8Array((await file.view(at + 16, size, what)).buffer);
    if (number === 0) break;
    at += 16 + 8 * Math.ceil(size / 8);
  }
  throw file.refusal(what, "in a heap of the file", `number ${index}, which the heap has not`);
}

function decodeText(bytes: Uint8Array, isPadded: boolean): string {
  const end = bytes.indexOf(0);
  const text = utf8.decode(end === -1 ? bytes : bytes.subarray(0, end));
  return isPadded ? text.trimEnd() : text;
}
