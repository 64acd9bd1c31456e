import type { KubernetesScaling, ScalableWorkload } from '../../../clients/kubernetes-scaling.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import { listToSleep } from '../destroy-list.ts';
import { findDrillStep } from '../drill-steps.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';
import { listWaking } from '../workload-kinds.ts';

/** Wakes what a drill needs, and puts it to sleep again. */

/** A node and an image come within minutes; a volume that can not be attached, never. */
const GIVE_UP_MS = 20 * 60_000;
const LOOK_SECONDS = 10;

/** The turn `wake`, and the first half of `check`: up from 0, and waited for until it runs. */
export const wakeWorkloads = async (
  run: DrillRun,
  phase: 'restore' | 'check',
  scaling: Pick<KubernetesScaling, 'listWorkloads' | 'scale'>,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const { namespace, release } = run.target;
  const workloads = await scaling.listWorkloads(namespace, signal);
  const waking = listWaking(workloads, release, phase);
  if (waking.length > 0) {
    return {
      verdict: {
        state: 'act',
        message: `scales up ${waking.map(({ workload }) => workload.name).join(', ')}`,
      },
      intend: (before) => ({
        ...before,
        // One that was put to sleep and is woken again is awake: its old note must not say otherwise.
        woken: [
          ...before.woken.filter(({ uid }) => !waking.some(({ workload }) => workload.uid === uid)),
          ...waking.map(({ workload: { kind, name, uid }, replicas }) => ({
            kind,
            name,
            uid,
            replicas,
            notedAt: now.toISOString(),
          })),
        ],
      }),
      deed: async () => {
        for (const { workload, replicas } of waking) await scaling.scale(workload, replicas, signal);
      },
    };
  }
  const unsettled = wokenOf(run, workloads).filter(({ isSettled }) => !isSettled);
  if (unsettled.length === 0) return { verdict: { state: 'done', message: 'all that is needed runs' } };
  const names = unsettled.map(({ name }) => name).join(', ');
  // What ran for hours and is moved to another node has its time again.
  const since = Math.max(
    Date.parse(findDrillStep(run)?.startedAt ?? run.startedAt),
    ...run.woken.filter(({ uid }) => unsettled.some((one) => one.uid === uid)).map(notedAtOf),
  );
  return now.getTime() - since > GIVE_UP_MS
    ? failTurn(`${names} did not come up within ${GIVE_UP_MS / 60_000} minutes.`)
    : { verdict: { state: 'wait', seconds: LOOK_SECONDS, message: `waits for ${names}` } };
};

const notedAtOf = ({ notedAt }: DrillRun['woken'][number]): number => Date.parse(notedAt);

/** The turn `sleep`: back to 0, and waited for until the last pod is gone. */
export const putToSleep = async (
  run: DrillRun,
  scaling: Pick<KubernetesScaling, 'listWorkloads' | 'scale'>,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const { namespace } = run.target;
  const workloads = await scaling.listWorkloads(namespace, signal);
  const awake = listToSleep(run, workloads);
  const left = wokenOf(run, workloads).filter(({ replicas, pods }) => replicas > 0 || pods > 0);
  const learn = (before: DrillRun): DrillRun => ({
    ...before,
    woken: before.woken.map((one) =>
      one.asleepAt !== undefined || left.some(({ uid }) => uid === one.uid)
        ? one
        : { ...one, asleepAt: now.toISOString() },
    ),
  });
  if (awake.length > 0) {
    return {
      verdict: { state: 'act', message: `scales ${awake.map(({ name }) => name).join(', ')} to 0` },
      learn,
      deed: async () => {
        for (const one of awake) await scaling.scale({ ...one, namespace }, 0, signal);
      },
    };
  }
  if (left.length === 0) return { verdict: { state: 'done', message: 'everything is at 0' }, learn };
  const message = `waits for the pods of ${left.map(({ name }) => name).join(', ')} to go`;
  return { verdict: { state: 'wait', seconds: LOOK_SECONDS, message }, learn };
};

const wokenOf = ({ woken }: DrillRun, workloads: readonly ScalableWorkload[]): ScalableWorkload[] =>
  workloads.filter(({ uid }) => woken.some((one) => one.uid === uid));
