/**
 * Layout of the memory, in bytes: the control block, the ring of jobs, the kernels' constants, then tensors.
 */

/** Jobs published, and jobs done: the number of the job under way. */
export const PUBLISHED = 1024;
export const DONE = 1088;

/** The ring of jobs, each a claim (its number in the upper half, tasks that nobody has claimed in the lower) and more. */
export const RING = 4096;
export const JOBS = 64;
export const JOB_BYTES = 512;

/** First address that tensors may take; between the ring and them lie the kernels' constants. */
export const HEAP = 65536;
