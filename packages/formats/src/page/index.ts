export { type PageContent, encodePage } from "./encode-page.ts";
