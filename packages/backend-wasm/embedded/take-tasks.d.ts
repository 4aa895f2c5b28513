/** The text of `worker/take-tasks.js` as a script that declares `takeTasks`. Written by `scripts/build-kernels.mjs`. */
declare const source: string;
export default source;
