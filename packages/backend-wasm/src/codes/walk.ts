/** Most outer axes over which a job walks: as many as fit among its arguments. */
export const MOST_AXES = 16;
