/** What goes wrong with the next calls of an operation of a stand-in. */
export interface Fault<Name extends string> {
  /** `ListInsights`; `*` is every operation. */
  readonly operation: string;
  /** An exception; `cut`: the connection ends and nothing is done; `lost`: it is done, and nobody is told. */
  readonly error: Name | 'cut' | 'lost';
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

export interface Faults<Name extends string> {
  add(fault: Fault<Name>): void;
  clear(): void;
  /**
   * @returns whether the answer is to be lost.
   * @throws what `refuse` makes, or CutConnection, when a fault is set for this operation.
   */
  strike(operation: string): boolean;
}

/** Faults on demand, in the order in which they were set. @param refuse makes what the service answers. */
export const createFaults = <Name extends string>(
  refuse: (operation: string, name: Name, message: string | undefined) => Error,
): Faults<Name> => {
  const waiting: { fault: Fault<Name>; left: number; skip: number }[] = [];
  return {
    add: (fault) => waiting.push({ fault, left: fault.times ?? 1, skip: fault.after ?? 0 }),
    clear: () => waiting.splice(0),
    strike: (operation) => {
      const due = waiting.find(
        ({ fault, left }) => left > 0 && (fault.operation === '*' || fault.operation === operation),
      );
      if (!due) return false;
      if (due.skip > 0) {
        due.skip -= 1;
        return false;
      }
      due.left -= 1;
      const { error, message } = due.fault;
      if (error === 'lost') return true;
      throw error === 'cut' ? new CutConnection() : refuse(operation, error, message);
    },
  };
};
