import type { ModelSource } from "./model-host.ts";

/** The model that a page of a single file carries, as `encodePage` of @featuremap/formats/page puts it there, if any. */
export function embeddedModel(page: Document): ModelSource | undefined {
  const element = page.getElementById("embedded-model");
  const text = element?.textContent.trim() ?? "";
  if (text === "") return undefined;
  // So that the text is not in memory twice for as long as the page is open.
  element?.remove();
  const { name, files } = JSON.parse(text) as { readonly name: string; readonly files: Record<string, string> };
  return { name, location: new Map(Object.entries(files).map(([file, base64]) => [file, fromBase64(base64)])) };
}

function fromBase64(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
