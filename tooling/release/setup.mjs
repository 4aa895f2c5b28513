/* Installs what the repository needs, unless it is there: what `npm test` and `npm start` do first. */
import { install } from "./workspace.mjs";

process.exitCode = await install();
