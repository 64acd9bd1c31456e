/** Ctrl-C and SIGTERM, as a run waits for them or is broken off by them. */
export interface Interruption {
  /** Resolves at the first signal. */
  readonly happened: Promise<NodeJS.Signals>;
  hasHappened(): boolean;
  /** What follows the first signal: by default nothing but `happened`; while parts start, breaking off. */
  onSignal(act: () => void): void;
}

/** Exit code of a run that was broken off: 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

/** Listens for both; a second signal ends this process at once, and the reaper its children (reaper.ts). */
export const listenForInterruption = (): Interruption => {
  let act = (): void => undefined;
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let count = 0;
  const take = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count > 1) process.exit(INTERRUPTED);
    resolve(signal);
    act();
  };
  process.on('SIGINT', take);
  process.on('SIGTERM', take);
  return {
    happened: promise,
    hasHappened: () => count > 0,
    onSignal: (next) => {
      act = next;
    },
  };
};
