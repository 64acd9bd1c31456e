import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import { type ApiRow, apiVersionOf, KubernetesTable } from './api-row.ts';
import kubernetes from './kubernetes.json' with { type: 'json' };
import { COMPONENT_ROWS } from './others.ts';

/** The tables of deprecations as one, by apiVersion and kind. */

const table = KubernetesTable.parse(kubernetes);

/** Which Go modules the rows of Kubernetes were read from, on which day, and the newest release they know. */
export const TABLE_SOURCE: Pick<KubernetesTable, 'modules' | 'written'> & {
  readonly newest: KubernetesMinor;
} = {
  modules: table.modules,
  written: table.written,
  // k8s.io/api@v0.37.2 is the module of Kubernetes 1.37.
  newest: `1.${/@v0\.(\d+)\./.exec(table.modules[0] ?? '')?.[1]}`,
};

export const API_ROWS: readonly ApiRow[] = [
  ...table.rows.map((row) => ({ ...row, component: 'Kubernetes' as const })),
  ...COMPONENT_ROWS,
];

const keyOf = (apiVersion: string, kind: string): string => `${apiVersion} ${kind}`;
const byKey: ReadonlyMap<string, ApiRow> = new Map(
  API_ROWS.map((row) => [keyOf(apiVersionOf(row), row.kind), row]),
);

/** The row of `policy/v1beta1` and `PodDisruptionBudget`; none for what the tables do not know. */
export const lookupApi = (apiVersion: string, kind: string): ApiRow | undefined =>
  byKey.get(keyOf(apiVersion, kind));

/** Is it deprecated or removed in any version? */
const isRuled = ({ deprecated, removed }: ApiRow): boolean =>
  deprecated !== undefined || removed !== undefined;

const RULED_ROWS = API_ROWS.filter(isRuled);

/** The row, when its version is deprecated or removed in any release. */
export const lookupRuledApi = (apiVersion: string, kind: string): ApiRow | undefined => {
  const row = lookupApi(apiVersion, kind);
  return row && isRuled(row) ? row : undefined;
};

/** Every apiVersion in which at least one kind is ruled: what is not in it needs no second look. */
export const RULED_API_VERSIONS: ReadonlySet<string> = new Set(RULED_ROWS.map(apiVersionOf));

const ruledVersionsByKind: ReadonlyMap<string, readonly string[]> = new Map(
  [...Map.groupBy(RULED_ROWS, ({ kind }) => kind)].map(([kind, rows]) => [kind, rows.map(apiVersionOf)]),
);

/** The ruled apiVersions of a kind, in whatever group: `extensions/v1beta1` too is one of Ingress. */
export const ruledApiVersionsOf = (kind: string): readonly string[] => ruledVersionsByKind.get(kind) ?? [];

/** The ruled row of a resource as URLs and metrics name it: group, version and plural. */
export const lookupRuledResource = (group: string, version: string, resource: string): ApiRow | undefined =>
  byResource.get(`${group}/${version}/${resource}`);

const byResource: ReadonlyMap<string, ApiRow> = new Map(
  RULED_ROWS.flatMap((row) =>
    row.resource === undefined ? [] : [[`${row.group}/${row.version}/${row.resource}`, row] as const],
  ),
);

/**
 * Kinds that nobody keeps in a file and applies: components write them by themselves, through client libraries that
 * are upgraded with them, and they are the long lists of a cluster. Who still asks for them by an old version is seen
 * in the metric of requests and in the insights.
 */
const WRITTEN_BY_COMPONENTS: ReadonlySet<string> = new Set([
  'apps/ControllerRevision', // copies of what a DaemonSet or StatefulSet was, made by their controllers
  'apps/ReplicaSet', // made by Deployments, which are scanned
  'certificates.k8s.io/CertificateSigningRequest', // gone after a day at most
  'certificates.k8s.io/PodCertificateRequest', // made by each kubelet, gone within minutes
  'coordination.k8s.io/Lease', // renewed every few seconds
  'coordination.k8s.io/LeaseCandidate', // of control plane components that elect a leader
  'discovery.k8s.io/EndpointSlice', // made for each Service
  'events.k8s.io/Event', // gone after an hour
  'networking.k8s.io/IPAddress', // made by the API server, one for each Service
  'resource.k8s.io/ResourcePoolStatusRequest', // a question that is answered and thrown away
  'storage.k8s.io/CSINode', // made by each kubelet
  'storage.k8s.io/CSIStorageCapacity', // made by CSI drivers
  'storage.k8s.io/VolumeAttachment', // made by the attach and detach controller
  'acme.cert-manager.io/Challenge', // made by cert-manager for each order
  'acme.cert-manager.io/Order', // made by cert-manager for each certificate
]);

/** A group and kind whose objects are worth a look. `resource` is the plural, as in the URL. */
export interface RuledResource {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
}

/**
 * The groups and kinds whose objects are worth a look: some version of them is deprecated or removed in some release,
 * they can be listed, and people keep them in files. A list goes by whatever version of the group is served, so groups
 * that lie under several names (Deployment in `extensions` and `apps`) are all named; discovery says which are there.
 */
export const listRuledResources = (): readonly RuledResource[] => RULED_RESOURCES;

const RULED_RESOURCES: readonly RuledResource[] = [
  ...new Map(
    RULED_ROWS.flatMap(({ group, kind, resource }) =>
      resource === undefined || WRITTEN_BY_COMPONENTS.has(`${group}/${kind}`)
        ? []
        : [[`${group}/${kind}`, { group, kind, resource }] as const],
    ),
  ).values(),
];
