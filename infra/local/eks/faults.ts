import { createFaults, type Fault, type Faults } from '../faults.ts';
import { EksException, type EksExceptionName } from './answer.ts';

/** What goes wrong with the next calls of an operation. */
export type EksFault = Fault<EksExceptionName>;
export type EksFaults = Faults<EksExceptionName>;

/** Faults on demand, in the order in which they were set. */
export const createEksFaults = (): EksFaults =>
  createFaults(
    (operation, name, message) => new EksException(name, message ?? usualMessage(operation, name)),
  );

const usualMessage = (operation: string, error: EksExceptionName): string => {
  if (error === 'AccessDeniedException') {
    return `User: arn:aws:sts::111122223333:assumed-role/drydock/run is not authorized to perform: eks:${operation}`;
  }
  if (error === 'ThrottlingException') return 'Rate exceeded';
  return `${operation} was made to fail with ${error}.`;
};
