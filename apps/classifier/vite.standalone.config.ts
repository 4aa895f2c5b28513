import { appendFileSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { completeLicenses } from "@featuremap/tsconfig/license-texts";
import { type Plugin, type UserConfig, defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";
import { fontLicenses } from "./scripts/font-licenses.ts";

/** One file has the icon in it, a place for the model, and the licences that otherwise lie beside it. */
function standalone(): Plugin {
  const licenses = ["third-party.md", "typefaces.txt"];
  return {
    name: "featuremap-standalone",
    enforce: "post",
    transformIndexHtml(html) {
      const icon = readFileSync(new URL("public/favicon.svg", import.meta.url)).toString("base64");
      return html
        .replace("./favicon.svg", `data:image/svg+xml;base64,${icon}`)
        .replace("</body>", '<script type="application/json" id="embedded-model"></script>\n</body>');
    },
    writeBundle({ dir = "" }) {
      // Only isolated pages have threads, and one that is opened from a disk is not.
      for (const name of readdirSync(dir).filter((file) => file.endsWith(".js"))) rmSync(join(dir, name));
      const texts = licenses.map((name) => {
        const text = readFileSync(join(dir, name), "utf8");
        rmSync(join(dir, name));
        return text.replaceAll("</script", "<\\/script");
      });
      texts.push(readFileSync(new URL("../../packages/images/jpeg-turbo/notice.md", import.meta.url), "utf8"));
      appendFileSync(
        join(dir, "index.html"),
        `<script type="text/plain" id="licenses">\n${texts.join("\n\n")}</script>\n`,
      );
    },
  };
}

/** The page as a single file, which opens from a disk: `encodePage` of @featuremap/formats/page puts a model into it. */
const config: UserConfig = defineConfig({
  base: "./",
  publicDir: false,
  build: {
    target: "es2022",
    outDir: "dist/standalone",
    license: { fileName: "third-party.md" },
  },
  plugins: [
    completeLicenses("third-party.md"),
    fontLicenses(["@fontsource-variable/archivo", "@fontsource-variable/azeret-mono"]),
    viteSingleFile({ removeViteModuleLoader: true }),
    standalone(),
  ],
});

export default config;
