import { mapBounded } from '../../clients/bounded.ts';
import { listSteps, shiftMinor } from '../../records/kubernetes-version.ts';
import type { Collector } from '../reading/collection.ts';
import { attemptTopic, unreadTopic } from './attempt.ts';
import { NO_AWS } from './aws-sources.ts';

/** So many minors beyond the target the outlook of a report looks. */
const OUTLOOK_MINORS = 2;
/** Histories that are read at the same time; each looks at several updates at once. */
const HISTORY_WIDTH = 2;

/** Managed add-ons with the versions offered from the current minor to the outlook, and the updates of each. */
export const collectAddons: Collector = {
  name: 'add-ons',
  collect: async ({ eks }, { cluster, current, target }, _cursor, signal) => {
    if (!eks) {
      return {
        facts: {
          addons: unreadTopic('add-ons', NO_AWS),
          updates: unreadTopic('updates of add-ons', NO_AWS),
        },
      };
    }
    const minors = [current, ...listSteps(current, shiftMinor(target, OUTLOOK_MINORS))];
    const addons = await attemptTopic('add-ons', signal, () => eks.listAddons(cluster, minors, signal));
    const updates = await attemptTopic('updates of add-ons', signal, async () => {
      const histories = await mapBounded(addons.items, HISTORY_WIDTH, ({ name }) =>
        eks.listUpdates(cluster, { addon: name }, signal),
      );
      return histories.flat();
    });
    // Which add-ons there are is not known then, so neither is what happened to them.
    const unknown = addons.unread.map((one) => ({ ...one, what: 'updates of add-ons' }));
    return { facts: { addons, updates: { ...updates, unread: [...updates.unread, ...unknown] } } };
  },
};
