import { describeValue } from "@featuremap/tensor";
import { Fields, type Hdf5Bytes, undefinedAddress } from "./hdf5-bytes.ts";
import { type Message, messageOf, messages } from "./object-header.ts";

/** Where a name of a group leads: to an object in the file; other kinds of links are not followed. */
export type Link = number | "a soft link" | "an external link" | "an unknown link";

/** What a name in a local heap may have at most; HDF5 sets no limit. */
const longestName = 2 ** 16;
const utf8 = new TextDecoder();

/**
 * The links of a group, by name; undefined if the object is not a group.
 *
 * @throws {FormatError} the group is damaged, or kept as only newer files keep large groups.
 */
export async function readGroup(
  file: Hdf5Bytes,
  header: readonly Message[],
  what: string,
): Promise<ReadonlyMap<string, Link> | undefined> {
  const links = new Map<string, Link>();
  const add = (name: string, link: Link): void => {
    if (name === "" || name.includes("/")) throw file.refusal(what, "with names", `the name ${describeValue(name)}`);
    if (links.has(name)) throw file.refusal(what, "without repeated names", `${describeValue(name)} twice`);
    links.set(name, link);
  };
  const table = messageOf(header, messages.symbolTable);
  if (table !== undefined) {
    await readSymbolTable(file, table.address(), table.address(), what, add);
    return links;
  }
  const info = messageOf(header, messages.linkInfo);
  const direct = header.filter(({ type }) => type === messages.link);
  if (info === undefined && direct.length === 0) return undefined;
  if (info !== undefined) refuseDense(info);
  for (const message of direct) addLink(message.fields(), add);
  return links;
}

function refuseDense(info: Fields): void {
  info.skip(1);
  if ((info.number(1) & 1) !== 0) info.skip(8);
  if (info.addressIfAny() === undefinedAddress) return;
  throw info.refusal('written with h5py\'s own settings (not libver="latest")', "a large group of the newer kind");
}

/** Source: HDF5 File Format Specification 3.0, "Link Message". */
function addLink(fields: Fields, add: (name: string, link: Link) => void): void {
  const version = fields.number(1);
  if (version !== 1) throw fields.refusal("with links of version 1", `version ${version}`);
  const flags = fields.number(1);
  const type = (flags & 8) === 0 ? 0 : fields.number(1);
  if ((flags & 4) !== 0) fields.skip(8);
  if ((flags & 0x10) !== 0) fields.skip(1);
  const length = fields.number(([1, 2, 4, 8] as const)[flags & 3] ?? 8);
  const name = utf8.decode(fields.bytes(length));
  add(
    name,
    type === 0 ? fields.address() : type === 1 ? "a soft link" : type === 64 ? "an external link" : "an unknown link",
  );
}

/** A tree whose leaves name the group's objects; the names themselves lie in a heap. Source: "B-trees: version 1". */
async function readSymbolTable(
  file: Hdf5Bytes,
  tree: number,
  heapAddress: number,
  what: string,
  add: (name: string, link: Link) => void,
): Promise<void> {
  const heapHead = await file.view(heapAddress, 32, what);
  file.requireSignature(heapHead, "HEAP", what);
  const heap = await file.view(file.address(heapHead, 24, what), file.length(heapHead, 8, what), what);
  const names = new Uint8Array(heap.buffer);
  const nameAt = (offset: number): string => {
    const end = names.subarray(0, offset + longestName).indexOf(0, offset);
    if (offset >= names.length || end === -1) throw file.refusal(what, "with names", "one that does not end");
    return utf8.decode(names.subarray(offset, end));
  };
  const seen = new Set<number>();
  const nodes = [tree];
  for (let node = nodes.shift(); node !== undefined; node = nodes.shift()) {
    if (seen.has(node)) throw file.refusal(what, "a tree", "one that leads in circles");
    seen.add(node);
    const head = await file.view(node, 8, what);
    if (head.getUint8(0) === 0x53) {
      file.requireSignature(head, "SNOD", what);
      const entries = new Fields(file, await file.view(node + 8, 40 * head.getUint16(6, true), what), what);
      while (entries.left > 0) {
        const name = nameAt(entries.number(8));
        const target = entries.addressIfAny();
        const kind = entries.number(4);
        entries.skip(20);
        add(name, kind === 2 || target === undefinedAddress ? "a soft link" : target);
      }
    } else {
      file.requireSignature(head, "TREE", what);
      const children = new Fields(file, await file.view(node + 24, 16 * head.getUint16(6, true), what), what);
      while (children.left > 0) {
        children.skip(8);
        nodes.push(children.address());
      }
    }
  }
}
