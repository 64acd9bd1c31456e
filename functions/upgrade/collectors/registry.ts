import type { Collector } from '../collection.ts';

/**
 * Every collector, in the order in which a collection asks them. A part of a collection names its collector by its
 * place here, so a new one is a line at the end.
 */
export const COLLECTORS: readonly Collector[] = [];
