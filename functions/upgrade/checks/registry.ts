import type { Check } from '../check.ts';

/** Every check, in the order in which reports show them. Adding one is a file and a line here. */
export const CHECKS: readonly Check[] = [];
