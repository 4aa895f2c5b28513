import { Fields, type Hdf5Bytes } from "./hdf5-bytes.ts";

/** Kinds of messages, which is what an object's header consists of. */
export const messages = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** One message of an object's header. */
export interface Message {
  readonly type: number;
  /** Whether it only says where the real one is. */
  readonly isShared: boolean;
  readonly fields: () => Fields;
}

interface Block {
  readonly begin: number;
  readonly length: number;
}

/**
 * The messages of an object: what it is, where its data are, its attributes.
 *
 * @param what the object, for errors
 * @throws {FormatError} the header is damaged, or of a version that is not known.
 */
export async function readObjectHeader(file: Hdf5Bytes, address: number, what: string): Promise<Message[]> {
  const start = await file.view(address, Math.min(48, file.size - address), what);
  if (start.byteLength < 16) throw file.refusal(what, "a whole object", "the end of the file");
  return start.getUint8(0) === 1 ? readFirst(file, address, start, what) : readSecond(file, address, start, what);
}

/** Version 1, of HDF5 before 1.8 and of h5py to this day. */
function readFirst(file: Hdf5Bytes, address: number, start: DataView, what: string): Promise<Message[]> {
  const first = { begin: address + 16, length: start.getUint32(8, true) };
  return walk(file, first, what, (view, found) => {
    const fields = new Fields(file, view, what);
    while (fields.left >= 8) {
      const [type, size, flags] = [fields.number(2), fields.number(2), fields.number(1)];
      fields.skip(3);
      found(type, flags, fields.part(size));
    }
  });
}

/** Version 2. */
function readSecond(file: Hdf5Bytes, address: number, start: DataView<ArrayBuffer>, what: string): Promise<Message[]> {
  file.requireSignature(start, "OHDR", what);
  const head = new Fields(file, start, what, 4);
  const version = head.number(1);
  if (version !== 2) throw file.refusal(what, "an object of version 1 or 2", `version ${version}`);
  const flags = head.number(1);
  head.skip(((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4));
  const length = head.number(([1, 2, 4, 8] as const)[flags & 3] ?? 8);
  const headLength = (flags & 4) === 0 ? 4 : 6;
  const first = { begin: address + head.at, length };
  return walk(file, first, what, (view, found, isFirst) => {
    if (!isFirst) file.requireSignature(view, "OCHK", what);
    // A continuation ends with a checksum; the length of the first block is without it.
    const end = view.byteLength - (isFirst ? 0 : 4);
    const fields = new Fields(file, view, what, isFirst ? 0 : 4);
    while (end - fields.at >= headLength) {
      const [type, size, kind] = [fields.number(1), fields.number(2), fields.number(1)];
      fields.skip(headLength - 4);
      if (size > end - fields.at) throw file.refusal(what, "whole", "a message that is cut off");
      found(type, kind, fields.part(size));
    }
  });
}

type Parse = (
  view: DataView<ArrayBuffer>,
  found: (type: number, flags: number, fields: Fields) => void,
  isFirst: boolean,
) => void;

async function walk(file: Hdf5Bytes, first: Block, what: string, parse: Parse): Promise<Message[]> {
  const list: Message[] = [];
  const blocks: Block[] = [first];
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const view = await file.view(block.begin, block.length, what);
    parse(
      view,
      (type, flags, part) => {
        if (type === messages.continuation) blocks.push({ begin: part.address(), length: part.number(8) });
        else {
          const fields = (): Fields => new Fields(file, part.view, what);
          list.push({ type, isShared: (flags & 2) !== 0, fields });
        }
      },
      block === first,
    );
  }
  return list;
}

/** The one message of a kind, if there is one. @throws {FormatError} it lies elsewhere, which is not read. */
export function messageOf(list: readonly Message[], type: number): Fields | undefined {
  const message = list.find((entry) => entry.type === type);
  const fields = message?.fields();
  if (message?.isShared)
    throw fields?.refusal("one with types of its own", "a type that is kept elsewhere in the file");
  return fields;
}
