/** Bytes at the end of each thread's working memory where a product computes rows beside the output, 8 columns wide. */
export const ASIDE_BYTES = 1536;
