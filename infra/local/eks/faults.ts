import { EksException, type EksExceptionName } from './answer.ts';

/** What goes wrong with the next calls of an operation. */
export interface Fault {
  /** `ListInsights`; `*` is every operation. */
  readonly operation: string;
  /** An exception, or `cut`: the connection ends without an answer. */
  readonly error: EksExceptionName | 'cut';
  readonly message?: string;
  /** How many calls; 1 unless said otherwise, `Infinity` for all. */
  readonly times?: number;
  /** That many calls go well first: the second page, say. */
  readonly after?: number;
}

/** Thrown when the connection is to be cut. */
export class CutConnection extends Error {
  override readonly name = 'CutConnection';
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** @throws EksException or CutConnection when a fault is set for this operation. */
  strike(operation: string): void;
}

/** Faults on demand, in the order in which they were set. */
export const createFaults = (): Faults => {
  const waiting: { fault: Fault; left: number; skip: number }[] = [];
  return {
    add: (fault) => waiting.push({ fault, left: fault.times ?? 1, skip: fault.after ?? 0 }),
    clear: () => waiting.splice(0),
    strike: (operation) => {
      const due = waiting.find(
        ({ fault, left }) => left > 0 && (fault.operation === '*' || fault.operation === operation),
      );
      if (!due) return;
      if (due.skip > 0) {
        due.skip -= 1;
        return;
      }
      due.left -= 1;
      if (due.fault.error === 'cut') throw new CutConnection();
      throw new EksException(due.fault.error, due.fault.message ?? usualMessage(operation, due.fault.error));
    },
  };
};

const usualMessage = (operation: string, error: EksExceptionName): string => {
  if (error === 'AccessDeniedException') {
    return `User: arn:aws:sts::111122223333:assumed-role/drydock/run is not authorized to perform: eks:${operation}`;
  }
  if (error === 'ThrottlingException') return 'Rate exceeded';
  return `${operation} was made to fail with ${error}.`;
};
