import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { KubernetesNetworkPolicies } from '../../../clients/kubernetes-network-policies.ts';
import type { DrillRun, MadeObject } from '../../../records/backup/drill.ts';
import type { NetworkPolicyManifest } from '../../../records/kubernetes-network-policy.ts';
import { listDestruction, noteRemoved, type StandingObject } from '../destroy-list.ts';
import { DRILL_LABEL, isOfDrill, labelOf } from '../drill-label.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';
import { findOpenings, judgeClosure } from '../network-policies.ts';

/** Closes the network of a place, and at the very end opens it again. */

const noteMade = (run: DrillRun, objects: readonly Omit<MadeObject, 'notedAt'>[], now: Date): DrillRun => {
  const isNoted = ({ kind, namespace, name }: Omit<MadeObject, 'notedAt'>): boolean =>
    run.made.some((one) => one.kind === kind && one.namespace === namespace && one.name === name);
  const fresh = objects.filter((one) => !isNoted(one));
  return { ...run, made: [...run.made, ...fresh.map((one) => ({ ...one, notedAt: now.toISOString() }))] };
};

/** A Job that a drill is about to make. */
export const noteJob = (
  run: DrillRun,
  { namespace, name }: Pick<MadeObject, 'namespace' | 'name'>,
  now: Date,
) => noteMade(run, [{ kind: 'Job', namespace, name }], now);

/** Notes the uids of what was made, so that no later object of the same name is taken for it. */
export const noteUids = (run: DrillRun, standing: readonly StandingObject[]): DrillRun => ({
  ...run,
  made: run.made.map((one) => {
    const found = standing.find(
      (object) => object.kind === one.kind && object.namespace === one.namespace && object.name === one.name,
    );
    return one.uid === undefined && found && isOfDrill(found, run.id) ? { ...one, uid: found.uid } : one;
  }),
});

/**
 * The turn `close-network`. What others have opened is theirs to close.
 *
 * @param wanted of `makeNetworkPolicies`.
 */
export const closeNetwork = async (
  run: DrillRun,
  wanted: readonly NetworkPolicyManifest[],
  policies: Pick<KubernetesNetworkPolicies, 'list' | 'create'>,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const standing = await policies.list(run.target.namespace, signal);
  const learn = (before: DrillRun): DrillRun =>
    noteUids(
      before,
      standing.map((one) => ({ ...one, kind: 'NetworkPolicy' })),
    );
  const openings = findOpenings(standing, run.id);
  if (openings.length > 0) return failTurn(...openings);
  if (judgeClosure(standing, wanted, run.id).length === 0) {
    return { verdict: { state: 'done', message: 'the network policies stand' }, learn };
  }
  return {
    verdict: { state: 'act', message: 'makes the network policies' },
    learn,
    intend: (before) =>
      noteMade(
        before,
        wanted.map(({ metadata: { namespace, name } }) => ({ kind: 'NetworkPolicy', namespace, name })),
        now,
      ),
    deed: async () => {
      for (const one of wanted) await policies.create(one, signal);
    },
  };
};

/** The turn `remove`: Jobs in one look, and the policies in a later one, when no Job is left. */
export const removeMade = async (
  run: DrillRun,
  clients: {
    readonly jobs: Pick<KubernetesJobs, 'listJobs' | 'deleteJob'>;
    readonly policies: Pick<KubernetesNetworkPolicies, 'list' | 'delete'>;
  },
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const { namespace } = run.target;
  const selector = `${DRILL_LABEL}=${labelOf(run.id)}`;
  const [jobs, policies] = await Promise.all([
    clients.jobs.listJobs(namespace, selector, signal),
    clients.policies.list(namespace, signal),
  ]);
  const standing: StandingObject[] = [
    ...jobs.map((one) => ({ ...one, kind: 'Job' as const })),
    ...policies.map((one) => ({ ...one, kind: 'NetworkPolicy' as const })),
  ];
  const learn = (before: DrillRun): DrillRun => noteRemoved(before, standing, now);
  const [first, ...rest] = listDestruction(run, standing);
  if (!first) return { verdict: { state: 'done', message: 'nothing of the drill is left' }, learn };
  const next = [first, ...rest].filter(({ kind }) => kind === first.kind);
  return {
    verdict: {
      state: 'act',
      message: `deletes ${next.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
    },
    learn,
    deed: async () => {
      for (const one of next) {
        if (one.kind === 'Job') await clients.jobs.deleteJob(one, signal);
        else await clients.policies.delete(one, signal);
      }
    },
  };
};
