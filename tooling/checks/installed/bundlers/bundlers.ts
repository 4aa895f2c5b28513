import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { EmptyProject } from "../empty-project.ts";
import { type ServedPage, isolation, serveFolder } from "./page-server.ts";
import { startServer } from "./program-server.ts";
import { type Sample, pageProgram, workerPageProgram, workerProgram } from "./sample.ts";

/** A way in which strangers put the classifier into a page. */
export interface Bundler {
  readonly name: string;
  /** What they install beside `@featuremap/inference`. */
  readonly packages: readonly string[];
  /** Writes what they write, builds if there is something to be built, and serves it. */
  serve(project: EmptyProject, sample: Sample): Promise<ServedPage>;
}

const html = (script: string): string =>
  `<!doctype html><link rel="icon" href="data:," /><script type="module" src="${script}"></script>`;

const headers = JSON.stringify(isolation);

async function writePage(project: EmptyProject, sample: Sample): Promise<void> {
  await project.write("index.html", html("/main.js"));
  await project.write("main.js", pageProgram());
  await cp(sample.model, join(project.folder, "public", "model"), { recursive: true });
}

/** Serves what a bundler has put into `dist`. */
async function serveBuild(project: EmptyProject, sample: Sample): Promise<ServedPage> {
  await project.write("dist/index.html", html("/main.js"));
  await cp(sample.model, join(project.folder, "dist", "model"), { recursive: true });
  return serveFolder(join(project.folder, "dist"));
}

export function vite(version: string, mode: "dev" | "build"): Bundler {
  return {
    name: `Vite ${version} ${mode}`,
    packages: [`vite@${version}`],
    async serve(project, sample) {
      await writePage(project, sample);
      await project.write("vite.config.js", `export default { server: { headers: ${headers} } };`);
      const program = "node_modules/vite/bin/vite.js";
      if (mode === "dev") return startServer(project, program, ["--host", "localhost"]);
      await project.run(process.execPath, [program, "build"]);
      return serveFolder(join(project.folder, "dist"));
    },
  };
}

const webpack: Bundler = {
  name: "webpack 5.113.0",
  packages: ["webpack@5.113.0", "webpack-cli@7.3.1"],
  async serve(project, sample) {
    await writePage(project, sample);
    await project.run(process.execPath, [
      "node_modules/webpack-cli/bin/cli.js",
      "--mode=production",
      "--entry=./main.js",
    ]);
    return serveBuild(project, sample);
  },
};

const esbuild = (splitting: boolean): Bundler => ({
  name: `esbuild 0.28.2${splitting ? " --splitting" : ""}`,
  packages: ["esbuild@0.28.2"],
  async serve(project, sample) {
    await writePage(project, sample);
    const options = ["--bundle", "--minify", "--format=esm", "--outdir=dist", ...(splitting ? ["--splitting"] : [])];
    await project.run("node_modules/.bin/esbuild", ["main.js", ...options]);
    return serveBuild(project, sample);
  },
});

const rollup: Bundler = {
  name: "Rollup 4.68.8",
  packages: ["rollup@4.68.8", "@rollup/plugin-node-resolve@16.0.3", "@rollup/plugin-commonjs@29.0.3"],
  async serve(project, sample) {
    await writePage(project, sample);
    await project.write(
      "rollup.config.js",
      `import commonjs from "@rollup/plugin-commonjs";
       import resolve from "@rollup/plugin-node-resolve";
       export default { input: "main.js", output: { dir: "dist" }, plugins: [resolve({ browser: true }), commonjs()] };`,
    );
    await project.run(process.execPath, ["node_modules/rollup/dist/bin/rollup", "--config"]);
    return serveBuild(project, sample);
  },
};

const next = (mode: "dev" | "build", compiler: "turbopack" | "webpack"): Bundler => ({
  name: `Next.js 16.4.6 ${mode}, ${compiler}`,
  packages: ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"],
  async serve(project, sample) {
    await cp(sample.model, join(project.folder, "public", "model"), { recursive: true });
    await project.write(
      "next.config.mjs",
      `const headers = Object.entries(${headers}).map(([key, value]) => ({ key, value }));
       export default { headers: () => [{ source: "/(.*)", headers }], devIndicators: false };`,
    );
    await mkdir(join(project.folder, "app"));
    await project.write(
      "app/layout.js",
      `export default ({ children }) => <html><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;`,
    );
    await project.write("app/answer.js", pageProgram());
    await project.write(
      "app/page.js",
      `"use client";
       import { useEffect } from "react";
       export default function Page() {
         useEffect(() => void import("./answer.js"), []);
         return <p>A page</p>;
       }`,
    );
    const program = "node_modules/next/dist/bin/next";
    if (mode === "dev") return startServer(project, program, ["dev", `--${compiler}`, "--port", "0"]);
    await project.run(process.execPath, [program, "build", `--${compiler}`], { env: { NEXT_TELEMETRY_DISABLED: "1" } });
    return startServer(project, program, ["start", "--port", "0"]);
  },
});

/** A page whose worker classifies; Vite and webpack find it by this expression, and a browser too. */
const moduleWorker = 'new Worker(new URL("./worker.js", import.meta.url), { type: "module" })';

async function writeWorkerPage(project: EmptyProject, sample: Sample, from?: string): Promise<void> {
  await writePage(project, sample);
  await project.write("main.js", workerPageProgram(moduleWorker));
  await project.write("worker.js", workerProgram(from));
}

const viteWorker: Bundler = {
  name: "Vite 8.3.8 build, in a worker",
  packages: ["vite@8.3.8"],
  async serve(project, sample) {
    await writeWorkerPage(project, sample);
    // Vite's workers are classic scripts unless it is told otherwise, and those cannot be split.
    await project.write("vite.config.js", 'export default { worker: { format: "es" } };');
    await project.run(process.execPath, ["node_modules/vite/bin/vite.js", "build"]);
    return serveFolder(join(project.folder, "dist"));
  },
};

const webpackWorker: Bundler = {
  ...webpack,
  name: `${webpack.name}, in a worker`,
  async serve(project, sample) {
    await writeWorkerPage(project, sample);
    const parameters = ["--mode=production", "--entry=./main.js"];
    await project.run(process.execPath, ["node_modules/webpack-cli/bin/cli.js", ...parameters]);
    return serveBuild(project, sample);
  },
};

/** The package's own build for pages, as a server of files has it. */
const pageBuild = "/node_modules/@featuremap/inference/dist/page/page.js";

const bareWorker: Bundler = {
  name: "no bundler, in a worker",
  packages: [],
  async serve(project, sample) {
    await writeWorkerPage(project, sample, pageBuild);
    await cp(sample.model, join(project.folder, "model"), { recursive: true });
    return serveFolder(project.folder);
  },
};

/** Without a bundler, but with the package's name: the page says where it is. */
const importMap: Bundler = {
  name: "no bundler, an import map",
  packages: [],
  async serve(project, sample) {
    const map = JSON.stringify({ imports: { "@featuremap/inference": pageBuild } });
    await project.write("index.html", `<script type="importmap">${map}</script>${html("/main.js")}`);
    await project.write("main.js", pageProgram());
    await cp(sample.model, join(project.folder, "model"), { recursive: true });
    return serveFolder(project.folder);
  },
};

/** Without a bundler: the package's own build for pages. @param policy the page's Content-Security-Policy */
export const barePage = (policy?: string): Bundler => ({
  name: `no bundler${policy === undefined ? "" : `, ${policy}`}`,
  packages: [],
  async serve(project, sample) {
    await project.write("index.html", html("/main.js"));
    await project.write("main.js", pageProgram(pageBuild));
    await cp(sample.model, join(project.folder, "model"), { recursive: true });
    return serveFolder(project.folder, policy);
  },
});

/** Allows the page's own files and the compilation of WebAssembly, and nothing else. */
export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:";

/** All that are tried by `npm run test:long`, of versions that run on Node 20. */
export const bundlers: readonly Bundler[] = [
  vite("7.3.8", "dev"),
  vite("7.3.8", "build"),
  vite("8.3.8", "dev"),
  vite("8.3.8", "build"),
  webpack,
  esbuild(false),
  esbuild(true),
  rollup,
  next("dev", "turbopack"),
  next("build", "turbopack"),
  next("build", "webpack"),
  barePage(),
  barePage(`${strictPolicy}; worker-src blob:`),
  importMap,
  viteWorker,
  webpackWorker,
  bareWorker,
];
