import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodePage } from "./encode-page.ts";

const place = '<script type="application/json" id="embedded-model"></script>';
const shell = `<html><head><title>Featuremap classifier</title></head><body>${place}</body></html>`;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (page: Uint8Array): string => new TextDecoder().decode(page);

interface Embedded {
  readonly name: string;
  readonly files: Record<string, string>;
}

/** What a browser makes of the script: all up to the first end of it. */
function embedded(page: Uint8Array): Embedded {
  const [, script = ""] = textOf(page).split('id="embedded-model">');
  return JSON.parse(script.slice(0, script.indexOf("</script"))) as Embedded;
}

test("puts a bundle's files into the page, whatever their bytes and names", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.uint8Array()), fc.string(), (others, name) => {
      const files = new Map(Object.entries({ ...others, "model.json": bytesOf("{}") }));
      const found = embedded(encodePage({ shell, files, name }));
      expect(found.name).toBe(name);
      const decoded = Object.entries(found.files).map(
        ([file, base64]) => [file, Buffer.from(base64, "base64")] as const,
      );
      expect(new Map(decoded.map(([file, bytes]) => [file, new Uint8Array(bytes)]))).toEqual(files);
    }),
    { numRuns: 200 },
  );
});

test("names the page after the model, as text", () => {
  const files = new Map([["model.json", bytesOf("{}")]]);
  const page = textOf(encodePage({ shell, files, name: "</title><script>alert(1)</script>$&" }));
  expect(page).toContain("<title>&lt;/title>&lt;script>alert(1)&lt;/script>$&amp;</title>");
  expect(page.endsWith("</script></body></html>")).toBe(true);
});

test.for([
  ["no shell", { shell: undefined }, "shell must be a page with one place for a model"],
  ["a shell without a place", { shell: "<html></html>" }, "shell must be a page with one place for a model"],
  ["a shell with two places", { shell: shell + place }, "shell must be a page with one place for a model"],
  ["files without a document", { files: new Map() }, "files must be a Map with the bytes of model.json"],
  ["files as an object", { files: {} }, "files must be a Map with the bytes of model.json"],
  ["a file of text", { files: new Map([["model.json", "{}"]]) }, "file model.json must be a Uint8Array"],
  ["a name that is a number", { name: 1 }, "name must be text"],
  [
    "more than a page takes",
    { files: new Map([["model.json", new Uint8Array(2 ** 28 + 1)]]) },
    "at most 268435456 bytes",
  ],
  ["a misspelt option", { nmae: "a" }, "did you mean name"],
] as const)("refuses %s", ([, change, message]) => {
  const content = { shell, files: new Map([["model.json", bytesOf("{}")]]), ...change };
  const encode = (): unknown => Reflect.apply(encodePage, undefined, [content]);
  expect(encode).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  expect(encode).toThrow(message);
});
