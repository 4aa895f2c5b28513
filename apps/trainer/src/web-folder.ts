import { fileURLToPath } from "node:url";

/** The page's built files, which the build copies here; the same from `src/` and from `dist/`. */
export const webFolder: string = fileURLToPath(new URL("../dist/web/", import.meta.url));
