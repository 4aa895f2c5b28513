/** The compiled `assembly/resample.ts`, in base64. Made by `npm run build`. */
declare const binary: string;
export default binary;
