import type { ScalableWorkload } from '../../clients/kubernetes-scaling.ts';

/** What has to stand still while a GitLab is restored: whatever reads or writes what is being replaced. */

interface ClientKind {
  /** Is it one, by the labels of its pods? */
  readonly isOne: (labels: Readonly<Record<string, string>>, release: string) => boolean;
  /** The end of a sentence. */
  readonly why: string;
  /** Only when objects of this component are replaced. */
  readonly component?: string;
}

const isApp =
  (app: string): ClientKind['isOne'] =>
  (labels, release) =>
    labels['app'] === app && labels['release'] === release;

/**
 * One row a kind. Several Deployments carry one label: each queue of Sidekiq and each group of web pods has its own.
 * Gitaly, Praefect and the toolbox are no rows, since the restore itself needs them.
 *
 * Sources: GitLab documentation, charts, "Restoring a GitLab installation" (Sidekiq, web pods, Prometheus); GitLab
 * chart 9 and 10, charts/prometheus (labels of its own, so that the documented `-lapp=prometheus` matches nothing) and
 * charts/gitlab/charts/gitlab-exporter and geo-logcursor, which query the database as well.
 */
const KINDS: readonly ClientKind[] = [
  { isOne: isApp('sidekiq'), why: 'runs jobs on the database and on all objects' },
  { isOne: isApp('webservice'), why: 'takes the writes of all users' },
  {
    isOne: (labels, release) =>
      isApp('prometheus')(labels, release) ||
      (labels['app.kubernetes.io/name'] === 'prometheus' && labels['app.kubernetes.io/instance'] === release),
    why: 'has the database queried',
  },
  { isOne: isApp('gitlab-exporter'), why: 'holds connections to the database' },
  { isOne: isApp('geo-logcursor'), why: 'reads the database' },
  { isOne: isApp('registry'), why: 'writes images into the bucket that is replaced', component: 'registry' },
];

export interface DatabaseClient {
  readonly workload: ScalableWorkload;
  readonly why: string;
}

/**
 * Finds what is scaled to 0, in the order of the rules and of their names.
 *
 * @param replaced components whose buckets the restore replaces.
 */
export const findDatabaseClients = (
  workloads: readonly ScalableWorkload[],
  { release, replaced }: { readonly release: string; readonly replaced: readonly string[] },
): readonly DatabaseClient[] => {
  const sorted = workloads.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return KINDS.filter(({ component }) => component === undefined || replaced.includes(component)).flatMap(
    ({ isOne, why }) =>
      sorted.filter(({ podLabels }) => isOne(podLabels, release)).map((workload) => ({ workload, why })),
  );
};
