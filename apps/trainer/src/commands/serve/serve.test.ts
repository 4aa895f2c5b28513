import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { saveSmallModel, temporaryFolder } from "../../testing/saved-model.ts";
import { serve } from "./serve.ts";

describe("serve", () => {
  const folder = temporaryFolder();

  beforeAll(async () => {
    await saveSmallModel(folder.path("model"));
    await mkdir(folder.path("web"));
    await writeFile(folder.path("web/index.html"), "<p>page</p>");
  });

  test.for(["model", "model/model.json"])("serves the page, and the bundle at %s under /model/", async (bundle) => {
    const server = await serve({ bundle: folder.path(bundle), port: 0, web: folder.path("web") });
    expect(server.address).toBe(`http://localhost:${server.port}/`);
    const page = await fetch(server.address);
    expect(await page.text()).toBe("<p>page</p>");
    expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    const document = await fetch(`${server.address}model/model.json`);
    expect(await document.text()).toBe(await readFile(folder.path("model/model.json"), "utf8"));
    await server.close();
  });

  test("without a bundle the page is served alone", async () => {
    const server = await serve({ port: 0, web: folder.path("web") });
    expect((await fetch(`${server.address}model/model.json`)).status).toBe(404);
    await server.close();
  });

  test("a port in use is told, with the option that helps", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    await expect(serve({ port, web: folder.path("web") })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: `Port ${port} is in use. Choose another with --port; 0 takes any free one.`,
    });
    other.close();
  });

  test("a name that is not an address of this machine is told", async () => {
    await expect(serve({ port: 0, host: "256.256.256.256", web: folder.path("web") })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("Cannot listen on 256.256.256.256"),
    });
  });

  test("a page that is not built is told", async () => {
    await expect(serve({ port: 0, web: folder.path("nowhere") })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("Build the project"),
    });
  });

  test("a damaged bundle is told before anything is served", async () => {
    await saveSmallModel(folder.path("damaged"));
    const weights = folder.path("damaged/weights.safetensors");
    const bytes = await readFile(weights);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(weights, bytes);
    await expect(serve({ bundle: folder.path("damaged"), port: 0, web: folder.path("web") })).rejects.toMatchObject({
      code: "INVALID_FORMAT",
    });
  });

  test("an address is told to be none of its own", async () => {
    await expect(
      serve({ bundle: "https://example.org/model", port: 0, web: folder.path("web") }),
    ).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "bundle" });
  });

  test("it answers under the names that it is given", async () => {
    const server = await serve({ port: 0, web: folder.path("web"), allowedHosts: ["mybox"] });
    const statusFor = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        get({ port: server.port, host: "127.0.0.1", headers: { host } }, ({ statusCode }) => resolve(statusCode)).on(
          "error",
          reject,
        );
      });
    expect([await statusFor("mybox"), await statusFor("evil.com")]).toEqual([200, 403]);
    await server.close();
  });
});
