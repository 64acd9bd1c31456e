import type { ScalableWorkload } from '../../clients/kubernetes-scaling.ts';

/** Which workloads of a release a drill scales up, which never, by the labels of their pods. */

type Labels = Readonly<Record<string, string>>;

const isPart = (labels: Labels, release: string, name: string): boolean =>
  (labels['app'] === name && labels['release'] === release) ||
  (labels['app.kubernetes.io/name'] === name && labels['app.kubernetes.io/instance'] === release);

/**
 * What the restore itself needs: storages, and the servers that a chart brings along. Nothing that is not named here is
 * ever scaled up.
 *
 * Sources: GitLab chart 9 and 10, charts/gitlab/charts/gitaly and praefect, charts/minio; Bitnami charts redis and
 * postgresql, common labels.
 */
const STORAGE = ['gitaly', 'praefect', 'redis', 'postgresql', 'minio'] as const;

/** What the checks behind a restore need beside: somebody who answers at the sign-in page. */
const WEB = ['webservice'] as const;

/**
 * What writes to others by itself: Sidekiq sends mail, fires webhooks and pushes to mirrors, mailroom takes mail out of
 * a mailbox that the real GitLab reads.
 */
const NEVER = ['sidekiq', 'mailroom'] as const;

const REPLICAS = 1;

/** Does it reach out by itself? */
const reachesOut = ({ podLabels }: Pick<ScalableWorkload, 'podLabels'>): boolean =>
  NEVER.some((name) => podLabels['app'] === name || podLabels['app.kubernetes.io/name'] === name);

interface Waking {
  readonly workload: ScalableWorkload;
  readonly replicas: number;
}

/**
 * What has to be scaled up.
 *
 * @param phase `restore` for the storages, `check` for the web pods beside them.
 */
export const listWaking = (
  workloads: readonly ScalableWorkload[],
  release: string,
  phase: 'restore' | 'check',
): Waking[] => {
  const names: readonly string[] = phase === 'restore' ? STORAGE : [...STORAGE, ...WEB];
  return workloads
    .filter((one) => !reachesOut(one) && names.some((name) => isPart(one.podLabels, release, name)))
    .filter(({ replicas }) => replicas === 0)
    .map((workload) => ({ workload, replicas: REPLICAS }))
    .toSorted((a, b) => (a.workload.name < b.workload.name ? -1 : 1));
};

/** Web pods of a release. */
export const listWeb = (workloads: readonly ScalableWorkload[], release: string): ScalableWorkload[] =>
  workloads.filter(({ podLabels }) => WEB.some((name) => isPart(podLabels, release, name)));

/**
 * What reaches out and is not at 0, as sentences: a GitOps controller or an autoscaler may scale it up at any time
 * between two looks. The whole namespace counts, whatever release it is of.
 */
export const findAwake = (workloads: readonly ScalableWorkload[]): string[] =>
  workloads
    .filter((one) => reachesOut(one) && (one.replicas > 0 || one.pods > 0))
    .map(
      ({ kind, namespace, name, replicas, pods }) =>
        `${kind} ${namespace}/${name} is not at 0: ${replicas} are wanted, ${pods} are there.`,
    );

/** Labels of the pods of Sidekiq, for a probe that policies can not tell from one. */
export const findSidekiqLabels = (
  workloads: readonly ScalableWorkload[],
  release: string,
): Labels | undefined => workloads.find(({ podLabels }) => isPart(podLabels, release, 'sidekiq'))?.podLabels;
