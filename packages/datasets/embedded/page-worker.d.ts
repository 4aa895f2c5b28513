/** The script of a page's worker, which the build writes. */
declare const script: string;
export default script;
