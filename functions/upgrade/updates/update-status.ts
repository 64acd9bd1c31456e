import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';

/** The states that EKS names as final. The documentation also speaks of one that its enumeration lacks. */
const FINAL = new Set(['Successful', 'Failed', 'Cancelled']);

/** Is this update under way? A status that nobody has heard of counts as running: nothing is started beside it. */
export const isRunning = ({ status }: Pick<UpdateFact, 'status'>): boolean => !FINAL.has(status);
