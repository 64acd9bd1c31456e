import type { Notice } from '../../records/message.ts';
import type { FreshnessChange } from '../freshness/freshness-change.ts';
import { sayDuration } from './quantities.ts';

/**
 * Tells that there is no fresh backup, and that there is one again. Named after the moment at which that began, so it is
 * told once, and after what was before: a set that is the last one again, since a newer one was found corrupt, is news.
 */
export const composeFreshnessNotice = (
  environment: string,
  { kind, now, before }: FreshnessChange,
  at: Date,
): Notice => {
  const { policy, state, since, limitHours } = now;
  const isLate = kind === 'late';
  const whose = policy === undefined ? environment : `${environment} (policy ${policy})`;
  const happened = isLate ? LATE[state](whose, limitHours) : `There is a fresh backup of ${whose} again.`;
  return {
    version: 1,
    id: ['backup', environment, policy ?? '', kind, seconds(since), before ? seconds(before.since) : 0].join(
      '-',
    ),
    capability: 'backup',
    target: policy ?? 'none',
    environment,
    outcome: isLate ? `freshness-${state}` : 'freshness-recovered',
    severity: isLate ? 'critical' : 'info',
    happened,
    matters: `Whoever must be able to bring the GitLab of ${environment} back.`,
    did: isLate
      ? 'Looked from outside of the cluster; it starts no backup by this.'
      : 'Looked from outside of the cluster; the alarm is over.',
    next: isLate ? 'Look at the last execution of backup, if there was one; then start backup.' : 'Nothing.',
    stop: 'Without the policy in drydock.yaml it is not watched any more: npm run deploy',
    reasons: [
      now.text,
      ...(isLate || !before
        ? []
        : [`It was so for ${sayDuration(Math.max(0, at.getTime() - Date.parse(before.since)))}.`]),
    ],
    at: at.toISOString(),
  };
};

/** Two full names leave an id no room for a date. */
const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

const LATE: Readonly<Record<FreshnessChange['now']['state'], (whose: string, hours: number) => string>> = {
  late: (whose, hours) => `No verified backup of ${whose} in ${hours} hours.`,
  never: (whose, hours) => `Never a verified backup of ${whose}, and ${hours} hours are over.`,
  unknown: (whose) => `Whether there is a fresh backup of ${whose} can not be told.`,
  ok: (whose) => `The backup of ${whose} is fresh.`,
};
