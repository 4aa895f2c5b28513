/** Words of an entry in a table of rows or columns: lower index, upper index, fraction. */
export const ENTRY_WORDS = 3;
