import { FeaturemapError, FormatError } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../reading/byte-source.ts";
import { encodeZip } from "./encode-zip.ts";
import { type OpenZipOptions, openZip } from "./open-zip.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const files = new Map([
  ["config.json", text('{"a":1}')],
  ["assets/words.txt", text("words ".repeat(100))],
  ["empty", new Uint8Array(0)],
]);

async function unpack(archive: Uint8Array, options?: OpenZipOptions): Promise<Map<string, Uint8Array>> {
  const { entries } = await openZip(bytesSource(archive, "a.zip"), options);
  const unpacked = new Map<string, Uint8Array>();
  for (const [name, entry] of entries) unpacked.set(name, await entry.read());
  return unpacked;
}

/** Other bytes of the same number in place of each occurrence. */
function replaceBytes(archive: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(archive).toString("latin1").replaceAll(from, to), "latin1");
}

describe("zip archives", () => {
  test.for([true, false])("give back what was written, stored: %s", async (stored) => {
    const archive = await encodeZip(files, { stored });
    expect(await unpack(archive)).toEqual(files);
    expect(await encodeZip(files, { stored })).toEqual(archive);
    expect(archive.length < 600).toBe(!stored);
  });

  test("say of one that was cut off that it was", async () => {
    const archive = await encodeZip(files);
    await expect(unpack(archive.subarray(0, 100))).rejects.toThrow("it was cut off");
  });

  test.for([true, false])("let parts of a file be read, stored: %s", async (stored) => {
    const { entries } = await openZip(bytesSource(await encodeZip(files, { stored }), "a.zip"));
    const source = await entries.get("assets/words.txt")?.open();
    expect(source).toMatchObject({ name: "a.zip: assets/words.txt", size: 600 });
    expect(new TextDecoder().decode(await source?.read(6, 17))).toBe("words words");
  });

  test("are read as Python writes them, folders left out", async () => {
    // zipfile: "d/" of mkdir and "d/a" of writestr, deflated.
    const archive = Buffer.from(
      "UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAACAAAAZC9QSwMEFAAAAAgAAAAhAH2610cGAAAAMgAAAAMAAABkL2FLTCQVAABQSwECFAMUAAAAAAAAACEAAAAAAAAAAAAAAAAAAgAAAAAAAAAAABAA7UEAAAAAZC9QSwECFAMUAAAACAAAACEAfbrXRwYAAAAyAAAAAwAAAAAAAAAAAAAApAEgAAAAZC9hUEsFBgAAAAACAAIAYQAAAEcAAAAAAA==",
      "base64",
    );
    expect(await unpack(archive)).toEqual(new Map([["d/a", text("a".repeat(50))]]));
  });

  test.for<[string, (archive: Uint8Array) => Uint8Array, string]>([
    ["bytes whose checksum is another", (archive) => replaceBytes(archive, '{"a":1}', '{"a":2}'), '"config.json"'],
    ["a name that leads out", (archive) => replaceBytes(archive, "config.json", "../fig.json"), "archive"],
    ["a drive", (archive) => replaceBytes(archive, "config.json", "C:/fig.json"), "archive"],
    ["an absolute path", (archive) => replaceBytes(archive, "config.json", "/onfig.json"), "archive"],
    ["bytes behind it", (archive) => Buffer.concat([archive, Buffer.from([1])]), "archive"],
    ["bytes before it", (archive) => Buffer.concat([Buffer.from([1]), archive]), "archive"],
    ["an end that is missing", (archive) => archive.subarray(0, -1), "archive"],
    ["nothing", () => new Uint8Array(0), "archive"],
  ])("are refused with %s", async ([, alter, what]) => {
    const archive = alter(await encodeZip(files));
    const error: unknown = await unpack(archive).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FormatError);
    expect(String(error)).toContain(what);
  });

  test("are refused where names are alike", async () => {
    const alike = await encodeZip(
      new Map([
        ["a", text("1")],
        ["b", text("2")],
      ]),
    );
    const same = Buffer.from(alike);
    for (const at of [...same.keys()].filter((index) => same[index] === 0x62)) same[at] = 0x61;
    await expect(unpack(same)).rejects.toThrow("a.zip: archive must be");
  });

  test("are refused where files overlap", async () => {
    const archive = Buffer.from(await encodeZip(files));
    const directory = archive.indexOf("PK\u0001\u0002");
    const second = archive.indexOf("PK\u0001\u0002", directory + 1);
    archive.writeUInt32LE(0, second + 42);
    await expect(unpack(archive)).rejects.toThrow('"assets/words.txt" must be behind the file before it');
  });

  test("unpack no more than the limits, and no more than deflate can make", async () => {
    const archive = await encodeZip(files, { stored: false });
    await expect(unpack(archive, { bytes: 599, limitName: "limits.weightsBytes" })).rejects.toThrow(
      "at most 599 bytes (limits.weightsBytes), found 600",
    );
    await expect(unpack(archive, { entries: 2 })).rejects.toThrow("of at most 2 files");
    const lying = Buffer.from(archive);
    for (let at = lying.indexOf(600, 0); at < lying.length - 4 && at >= 0; at++) {
      if (lying.readUInt32LE(at) === 600) lying.writeUInt32LE(2 ** 30, at);
    }
    await expect(unpack(lying)).rejects.toThrow("no longer than deflate can make it, found 1073741824 bytes");
  });

  test("stop when the signal is raised", async () => {
    const signal = AbortSignal.abort();
    await expect(unpack(await encodeZip(files), { signal })).rejects.toMatchObject({ code: "ABORTED" });
  });

  test("are read or refused with errors of this project when they are damaged", async () => {
    const archives = [await encodeZip(files), await encodeZip(files, { stored: false })];
    const damage = fc.record({
      which: fc.constantFrom(0, 1),
      flips: fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 4 }),
      length: fc.option(fc.nat()),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ which, flips, length }) => {
        const archive = new Uint8Array(archives[which] ?? []);
        for (const [at, bit] of flips) archive[at % archive.length] = (archive[at % archive.length] ?? 0) ^ (1 << bit);
        const cut = length === null ? archive : archive.subarray(0, length % archive.length);
        expect(await longest(cut)).toBeLessThanOrEqual(600);
      }),
      { numRuns: 400 },
    );
  });
});

/** Bytes of the longest file of an archive; none where it is refused with an error of this project's own. */
async function longest(archive: Uint8Array): Promise<number> {
  try {
    return Math.max(0, ...[...(await unpack(archive)).values()].map(({ length }) => length));
  } catch (error) {
    if (error instanceof FeaturemapError) return 0;
    throw error;
  }
}
