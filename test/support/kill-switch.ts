/** Thrown where a Lambda dies: no code of ours may take it for an answer. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

const isKilled = (error: unknown): boolean => error instanceof Killed;

/**
 * A step as Step Functions takes it: a Lambda that died is called again.
 *
 * @param mayPass what else is tried again.
 */
export const retried = async <T>(
  step: () => Promise<T>,
  mayPass: (error: unknown) => boolean = isKilled,
  attempts = 3,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!mayPass(error) || attempt === attempts) throw error;
    }
  }
};

const STREAMS: ReadonlySet<string | symbol> = new Set(['streamLog', 'list']);

/**
 * Kills a Lambda at one of its calls to the outside, before the call was made or after, when its answer was lost. What
 * was done until then stays done.
 */
export const createKillSwitch = () => {
  let count = 0;
  let death: { readonly call: number; readonly answered: boolean } | undefined;

  /** The same object, each call of which may be the last. What comes piece by piece is passed on. */
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name, receiver) => {
        const member: unknown = Reflect.get(object, name, receiver);
        if (typeof member !== 'function') return member;
        if (STREAMS.has(name)) return member.bind(object);
        return (...given: unknown[]) => {
          const call = (): unknown => Reflect.apply(member, object, given);
          count += 1;
          if (!death || count !== death.call) return call();
          death = death.answered ? death : undefined;
          return (async () => {
            if (death) await call();
            death = undefined;
            throw new Killed(`at ${String(name)}`);
          })();
        };
      },
    });

  return {
    guard,
    /** Calls so far. */
    get calls() {
      return count;
    },
    /** @param call counted from now on, the first is 1. @param answered was it made, and only its answer lost? */
    arm: (call: number, answered: boolean) => {
      count = 0;
      death = { call, answered };
    },
    /** Has nobody died since it was armed? */
    get isArmed() {
      return death !== undefined;
    },
  };
};
export type KillSwitch = ReturnType<typeof createKillSwitch>;
