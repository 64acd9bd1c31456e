import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { PlaceFacts } from '../place-facts.ts';
import { act, done, keyOf, type Mark, type StepTurn } from '../step-turn.ts';
import { refOf } from './quiesce-turn.ts';

/**
 * Suspends every CronJob of the release: a backup or a clean-up that starts in the middle works on what is being
 * replaced. One that is suspended already, as that of the toolbox should be, is left alone and noted as it is.
 */
export const suspendTurn = (run: Pick<RestoreRun, 'plan' | 'touched'>, facts: PlaceFacts): StepTurn => {
  const known = new Map(run.touched.map((one) => [keyOf(one), one]));
  const ours = facts.cronJobs.filter(({ labels }) => isOfRelease(labels, run.plan.target.release));
  const waking = ours.filter(({ suspended }) => !suspended);
  const notes = ours.map(({ namespace, name, uid, suspended }) => ({
    deed: 'suspended' as const,
    object: { kind: 'CronJob' as const, namespace, name, uid },
    step: 'suspend-schedules' as const,
    notedAt: facts.now.toISOString(),
    before: { suspended },
  }));
  const marks = ours.flatMap(({ name, suspended }): Mark[] => {
    const key = `suspended CronJob/${name}`;
    return suspended && known.get(key)?.doneAt === undefined && known.has(key) ? [{ key, mark: 'done' }] : [];
  });
  return {
    notes: notes.filter((one) => !known.has(keyOf(one))),
    marks,
    changes: waking.map((one) => ({ deed: 'suspended', object: refOf(one), suspended: true })),
    findings: [],
    verdict:
      waking.length > 0
        ? act(`suspends ${waking.map(({ name }) => name).join(', ')}`)
        : done('no schedule starts anything'),
  };
};

/** Charts beside GitLab's own, such as that of cert-manager, use the second label. */
const isOfRelease = (labels: Readonly<Record<string, string>>, release: string): boolean =>
  labels['release'] === release || labels['app.kubernetes.io/instance'] === release;
