import { fileURLToPath } from "node:url";

/** The page's built files, which the build copies here; the same from `src/` and from `dist/`. */
export const webFolder: string = fileURLToPath(new URL("../dist/web/", import.meta.url));

/** The page of a single file, without a model. */
export const standalonePage: string = fileURLToPath(new URL("../dist/standalone.html", import.meta.url));
