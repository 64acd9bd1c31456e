import type { Collector } from '../reading/collection.ts';
import { attemptTopic, unreadTopic } from './attempt.ts';
import { NO_CONNECTION } from './kubernetes-listed.ts';

const WHAT = 'requests of deprecated APIs';

/** Which deprecated APIs were asked for since the API servers started, by their own metric. */
export const collectRequestedApis: Collector = {
  name: WHAT,
  collect: async ({ kubernetes }, _task, _cursor, signal) => ({
    facts: {
      requestedApis: kubernetes
        ? await attemptTopic(WHAT, signal, () => kubernetes.readRequestedApis(signal))
        : unreadTopic(WHAT, NO_CONNECTION),
    },
  }),
};
