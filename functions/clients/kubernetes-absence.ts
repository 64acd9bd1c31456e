import type { Clock } from '../runtime/clock.ts';
import { TransientError } from '../runtime/errors.ts';

/** An API server that does not answer at all is not asked anew for each of fifty lists. */
export interface Absence {
  /** @throws TransientError `kubernetes.unreachable`, the last one, while the API server counts as gone. */
  check(): void;
  /** Takes what a question ended with; any answer at all, a refusal too, means that somebody is there. */
  note(error: unknown): void;
}

/** Questions in a row, each tried several times, that got no answer. One may have met a bad moment. */
const GONE_AFTER = 2;
/** Milliseconds for which nobody is asked then. A collection lasts minutes, and a restart of a control plane one. */
const LEFT_ALONE_MS = 60_000;

/** Watches whether anybody answers. Each question to a dead address costs half a minute of a Lambda's fifteen. */
export const watchAbsence = (clock: Clock): Absence => {
  let unanswered = 0;
  let gone: { error: TransientError; until: number } | undefined;
  return {
    check: () => {
      if (gone && clock.now().getTime() < gone.until) throw gone.error;
      gone = undefined;
    },
    note: (error) => {
      const isSilence = error instanceof TransientError && error.code === 'kubernetes.unreachable';
      unanswered = isSilence ? unanswered + 1 : 0;
      if (isSilence && unanswered >= GONE_AFTER) {
        gone = { error, until: clock.now().getTime() + LEFT_ALONE_MS };
      }
    },
  };
};
