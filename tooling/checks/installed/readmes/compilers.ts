import { join } from "node:path";
import { type EmptyProject, createProject } from "../empty-project.ts";
import { strictOptions } from "./readme-examples.ts";

/** Versions of TypeScript that projects have; the first is the oldest that docs/start/index.md promises. */
export const compilerVersions = ["5.7", "5.9", "6.0", "7.0"] as const;

/** How a project that uses a bundler, and one that Node runs, find what they import. */
export const resolutions = ["bundler", "nodenext"] as const;

/**
 * What docs/reference/errors.md advises: since TypeScript 6.0 its own types of WebGPU clash with those that TensorFlow.js asks for.
 *
 * @returns options for the compiler
 */
async function leaveOutTypesOfWebgpu(project: EmptyProject): Promise<{ readonly typeRoots: readonly string[] }> {
  await project.write("types/@webgpu/types/dist/index.d.ts", "// TypeScript's own DOM types describe WebGPU.\n");
  return { typeRoots: ["./types", "./node_modules/@types"] };
}

/** Several versions of TypeScript beside each other. */
export interface Compilers {
  /**
   * Compiles `example.ts` of a project as strictly as TypeScript can, with the declarations of everyone whom it reaches.
   *
   * @returns one line for each error
   */
  compile(project: EmptyProject, version: string, resolution: (typeof resolutions)[number]): Promise<string[]>;
  remove(): Promise<void>;
}

export async function installCompilers(registry: string): Promise<Compilers> {
  const home = await createProject("npm", registry);
  await home.install(compilerVersions.map((version) => `typescript-${version}@npm:typescript@~${version}.0`));
  return {
    async compile(project, version, resolution) {
      const module = resolution === "bundler" ? "ESNext" : "NodeNext";
      const roots = version.startsWith("5.") ? {} : await leaveOutTypesOfWebgpu(project);
      const chosen = { ...strictOptions, module, moduleResolution: resolution, ...roots };
      // Without a list of types, TypeScript 5 includes all of `@types`.
      const { types: _, ...everyType } = chosen;
      const compiler = join(home.folder, "node_modules", `typescript-${version}`, "lib", "tsc.js");
      const errors: string[] = [];
      for (const compilerOptions of [chosen, everyType]) {
        await project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["example.ts"] }));
        errors.push(...(await runCompiler(project, compiler)));
      }
      return errors;
    },
    remove: () => home.remove(),
  };
}

/** TypeScript ends with 1 or 2 where it finds errors; that it ran at all shows in what it lists. @returns one line for each error */
async function runCompiler(project: EmptyProject, compiler: string): Promise<string[]> {
  const script = `
    const { spawnSync } = require("node:child_process");
    const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1], "-p", ".", "--pretty", "false", "--listFiles"], { encoding: "utf8", maxBuffer: 1e8 });
    console.log(JSON.stringify({ status, lines: (stdout + stderr).split(/\\r?\\n/) }));
  `;
  const printed = await project.run(process.execPath, ["-e", script, compiler]);
  const { status, lines }: { status: number; lines: string[] } = JSON.parse(printed);
  if (!lines.some((line) => /[\\/]example\.ts$/.test(line))) return [`It did not run: ${lines.join("\n")}`];
  const errors = lines.filter((line) => /error TS\d+:/.test(line));
  return status === 0 || errors.length > 0 ? errors : [`It ended with ${status}: ${lines.join("\n")}`];
}
