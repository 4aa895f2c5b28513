import type { Browser, Page } from "playwright-core";
import { build, defaultClientConditions } from "vite";

/** The page, whose address needs no server: WebGPU wants a secure context, and localhost is one. */
const address = "http://localhost/";

/** A page and the errors that it has reported. */
export interface ScriptPage {
  readonly page: Page;
  readonly errors: readonly string[];
}

/**
 * A TypeScript module and all that it imports, as one script for a page.
 *
 * @param options.sources whether to take packages of this repository from their sources, as tests in Node do; a module
 *   that looks inside a package needs it, or it would have the package twice. Else their builds are taken.
 */
export async function bundleScript(
  entry: string,
  { sources = false }: { readonly sources?: boolean } = {},
): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    ...(sources ? { resolve: { conditions: ["@featuremap/source", ...defaultClientConditions] } } : {}),
    build: {
      write: false,
      target: "es2022",
      minify: false,
      rolldownOptions: { input: entry, output: { codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ("output" in part ? part.output : []));
  return outputs.map((file) => (file.type === "chunk" ? file.code : "")).join("\n");
}

/**
 * Opens a page that runs a script.
 *
 * @param ready a function that the script puts on `globalThis` when it has run
 */
export async function openScriptPage(browser: Browser, script: string, ready: string): Promise<ScriptPage> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.route(`${address}**`, (route) => {
    const isScript = route.request().url().endsWith(".js");
    return isScript
      ? route.fulfill({ contentType: "text/javascript", body: script })
      : route.fulfill({
          contentType: "text/html",
          body: '<!doctype html><script type="module" src="/main.js"></script>',
        });
  });
  await page.goto(address);
  await page.waitForFunction(`typeof ${ready} === 'function'`);
  return { page, errors };
}
