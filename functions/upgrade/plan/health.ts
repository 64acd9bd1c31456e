import type { Health } from '../../records/upgrade/plan.ts';

export type HealthVerdict =
  | { readonly state: 'ok' }
  | {
      /** `not-checked`: something could not be looked at, which is neither well nor worse. */
      readonly state: 'worse' | 'not-checked';
      readonly reasons: readonly string[];
    };

/** How many workloads a sentence names. */
const MAX_NAMED = 10;

/**
 * Is the cluster less healthy than before? What was not ready before does not count, and nodes are counted by those
 * that are not ready, since an update may leave more or fewer of them. Worse wins over not-checked: it is known.
 */
export const compareHealth = (before: Health, now: Health): HealthVerdict => {
  const known = new Set(before.unready);
  const unready = now.unready.filter((workload) => !known.has(workload));
  const reasons = [...compareNodes(before, now), ...compareGitLab(before, now), ...nameUnready(unready)];
  if (reasons.length > 0) return { state: 'worse', reasons };
  // What could not be read before was let pass by whoever began; nothing can be compared with it.
  const blind = now.unread.filter((what) => !before.unread.includes(what));
  if (blind.length === 0) return { state: 'ok' };
  return { state: 'not-checked', reasons: blind.map((what) => `could not be looked at: ${what}`) };
};

const compareNodes = (before: Health, now: Health): string[] => {
  const [missing, missingBefore] = [
    now.nodes.total - now.nodes.ready,
    before.nodes.total - before.nodes.ready,
  ];
  if (missing > missingBefore) {
    return [`${missing} of ${now.nodes.total} nodes are not ready; before it were ${missingBefore}`];
  }
  return before.nodes.ready > 0 && now.nodes.ready === 0 && now.unread.length === 0
    ? ['no node is left']
    : [];
};

const compareGitLab = (before: Health, now: Health): string[] =>
  before.gitlab === 'answers' && now.gitlab === 'does-not-answer' ? ['GitLab does not answer any more'] : [];

const nameUnready = (unready: readonly string[]): string[] => {
  if (unready.length === 0) return [];
  const more = unready.length > MAX_NAMED ? ` and ${unready.length - MAX_NAMED} more` : '';
  return [`not ready, and ready before: ${unready.slice(0, MAX_NAMED).join(', ')}${more}`];
};

/** One line about a state of health. */
export const describeHealth = ({ nodes, unready, workloads, gitlab, unread }: Health): string =>
  [
    `${nodes.ready} of ${nodes.total} nodes ready`,
    `${workloads - unready.length} of ${workloads} workloads ready`,
    ...(gitlab === undefined ? [] : [gitlab === 'answers' ? 'GitLab answers' : 'GitLab does not answer']),
    ...(unread.length === 0 ? [] : [`not looked at: ${unread.join(', ')}`]),
  ].join(', ');
