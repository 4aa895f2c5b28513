import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

/**
 * Puts the licences of the typefaces beside the built page, as the SIL Open Font License asks of whoever passes them on.
 *
 * @param packages npm packages that hold a typeface and its LICENSE
 */
export function fontLicenses(packages: readonly string[]): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: "featuremap-font-licenses",
    generateBundle() {
      const texts = packages.map((name) => readFileSync(require.resolve(`${name}/LICENSE`), "utf8").trim());
      this.emitFile({ type: "asset", fileName: "typefaces.txt", source: `${texts.join("\n\n\n")}\n` });
    },
  };
}
