/** Ctrl-C and SIGTERM, as a run waits for them or is broken off by them. */
export interface Interruption {
  /** Resolves at the first signal. */
  readonly happened: Promise<NodeJS.Signals>;
  /** What follows the first signal: by default nothing but `happened`; while parts start, breaking off. */
  onSignal(act: () => void): void;
}

/** Listens for both; a second signal ends this process at once, and the reaper its children (reaper.ts). */
export const listenForInterruption = (): Interruption => {
  let act = (): void => undefined;
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let count = 0;
  const take = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count > 1) process.exit(130);
    resolve(signal);
    act();
  };
  process.on('SIGINT', take);
  process.on('SIGTERM', take);
  return {
    happened: promise,
    onSignal: (next) => {
      act = next;
    },
  };
};
