/** The compiled `assembly/`, in base64. Made by `npm run build`. */
declare const binary: string;
export default binary;
