import type * as z from 'zod';
import type { EksReader } from '../clients/eks/eks-reader.ts';
import { openEksReader } from '../clients/eks/open-eks-reader.ts';
import type { Outbox } from '../clients/outbox.ts';
import type { KubernetesMinor } from '../records/kubernetes-version.ts';
import { isDrydockError, RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { judgeTarget } from './check-target.ts';
import { type ClusterSubject, findSubject } from './cluster-subjects.ts';
import { nameClusterCheck } from './execution-name.ts';
import * as contract from './plan-checks.contract.ts';
import { wireTelling } from './telling/wiring.ts';
import { readSubjects } from './wiring.ts';

interface Deps {
  readonly subjects: readonly ClusterSubject[];
  /** EKS in a region. */
  readonly eks: (region: string) => Pick<EksReader, 'readCluster' | 'listVersions'>;
  readonly outbox: Pick<Outbox, 'republish'>;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Lists the clusters to check: all of the site, or the one that is named by itself or by an environment on it. Sends
 * what an earlier check wrote down and did not send, too.
 *
 * @throws RefusedError `cluster.unknown`, `clusters.none`, `target.refused` with what to write instead.
 */
export const run = async (
  { execution, request }: Input,
  deps: Deps,
  { signal, log }: Pick<Invocation, 'signal' | 'log'>,
): Promise<Output> => {
  const { cluster, target, gate } = request;
  const subjects = cluster === undefined ? deps.subjects : [find(cluster, deps.subjects)];
  if (subjects.length === 0) {
    throw new RefusedError('clusters.none', 'This site has no cluster; add an environment to drydock.yaml.');
  }
  if (target !== undefined) {
    for (const subject of subjects) await checkTarget(target, subject, deps, signal);
  }
  const published = await deps.outbox.republish().catch((error: unknown) => {
    // Nobody's check waits for an old message; the alarm on this topic's own errors tells.
    log.warn(error instanceof Error ? error.message : String(error));
    return 0;
  });
  const checks = subjects.map((subject) => ({
    name: nameClusterCheck(execution.name, subject.cluster),
    check: { cluster: subject.cluster, gate, ...(target === undefined ? {} : { target }) },
  }));
  return { gate, checks, published };
};

const find = (name: string, subjects: readonly ClusterSubject[]): ClusterSubject => {
  const found = findSubject(subjects, name);
  if (found) return found;
  const known = subjects.flatMap(({ cluster, environments }) => [cluster, ...environments]);
  throw new RefusedError(
    'cluster.unknown',
    `There is no cluster or environment ${name}; write one of ${[...new Set(known)].join(', ')}.`,
  );
};

/** A cluster or EKS that does not answer refuses no target: the check itself will say what it could not read. */
const checkTarget = async (
  target: KubernetesMinor,
  { cluster, region }: ClusterSubject,
  { eks }: Deps,
  signal: AbortSignal,
): Promise<void> => {
  const reader = eks(region);
  const current = await orNothing(reader.readCluster(cluster, signal));
  if (!current) return;
  const offered = (await orNothing(reader.listVersions(signal))) ?? [];
  const verdict = judgeTarget(
    target,
    current.version,
    offered.map(({ version }) => version),
  );
  if (!verdict.ok) throw new RefusedError('target.refused', `${cluster}: ${verdict.reason}`);
};

const orNothing = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (isDrydockError(error)) return undefined;
    throw error;
  });

export const handler = makeLambda({
  contract,
  deps: (env) => ({ subjects: readSubjects(), eks: openEksReader, ...wireTelling(env) }),
  run,
});
