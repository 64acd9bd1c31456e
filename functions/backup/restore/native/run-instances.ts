import { createHash } from 'node:crypto';
import { nameBeside } from '../../../records/backup/instance-names.ts';

/** Identifiers of the instances of a run, the same whoever makes them again. @param run its id. */
export const nameInstances = (
  instance: string,
  run: string,
): { readonly interim: string; readonly kept: string } => {
  const hash = createHash('sha256').update([instance, run].join('\n')).digest('hex');
  return { interim: nameBeside(instance, 'restore', hash), kept: nameBeside(instance, 'before', hash) };
};
