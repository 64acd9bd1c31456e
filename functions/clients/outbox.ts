import { type Notice, noticeKind, sentKey, UNSENT_PREFIX, unsentKey } from '../records/message.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Ledger } from './ledger.ts';
import type { Notifier } from './notifier.ts';

/** Messages that are sent once for each end, also when a Lambda dies between writing and publishing. */
export interface Outbox {
  /** Tells a notice; a second time with the same id tells nothing. */
  tell(notice: Notice): Promise<void>;
  /**
   * Publishes what was written down and never sent; one that cannot be sent hides no other.
   *
   * @returns how many.
   * @throws what the notifier threw for the first that could not be sent, after all were tried.
   */
  republish(): Promise<number>;
}

/** Seconds a notice may lie unsent before the sweep takes it for forgotten; its teller may be at it right now. */
const UNSENT_SECONDS = 60;

/**
 * Opens the outbox of a ledger: write down, publish, mark as sent. SNS may deliver a notice twice when a Lambda
 * dies in the middle; its id stays the same, so that receivers can tell.
 */
export const openOutbox = (ledger: Ledger, notifier: Notifier, clock: Clock): Outbox => {
  const publish = async (notice: Notice): Promise<void> => {
    await notifier.publish(notice);
    // What was sent is kept to tell a repeat; a command may carry a task token, which is nobody's but the reader's.
    const { command: _, ...kept } = notice;
    await ledger.claim(noticeKind, sentKey(notice.id), kept);
    await ledger.remove(unsentKey(notice.id));
  };

  return {
    async tell(notice) {
      if (await ledger.read(noticeKind, sentKey(notice.id))) return;
      await ledger.claim(noticeKind, unsentKey(notice.id), notice);
      await publish(notice);
    },

    async republish() {
      let published = 0;
      const failures: unknown[] = [];
      for await (const key of ledger.list(UNSENT_PREFIX)) {
        const notice = (await ledger.read(noticeKind, key))?.value;
        if (!notice) continue;
        if (clock.now().getTime() - Date.parse(notice.at) < UNSENT_SECONDS * 1_000) continue;
        if (await ledger.read(noticeKind, sentKey(notice.id))) {
          await ledger.remove(key);
          continue;
        }
        try {
          await publish(notice);
          published += 1;
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
      return published;
    },
  };
};
