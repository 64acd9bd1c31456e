import { type Component, type ComponentRow, type GroupVersionKind } from './api-row.ts';

/**
 * APIs of components that clusters commonly hold, kept by hand: they end with the releases of the component, not with
 * those of Kubernetes, so that an upgrade of the cluster alone takes none of them away.
 */

interface Ending {
  readonly component: Component;
  readonly group: string;
  readonly versions: readonly string[];
  /** Kinds with their plurals. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly clusterScoped?: readonly string[];
  /** Release of the component. */
  readonly deprecated: string;
  readonly removed?: string;
  readonly replacement: (kind: string) => GroupVersionKind | undefined;
  readonly link: string;
}

const inVersion =
  (group: string, version: string) =>
  (kind: string): GroupVersionKind => ({ group, version, kind });

const CERTIFICATE_KINDS = {
  Certificate: 'certificates',
  CertificateRequest: 'certificaterequests',
  Issuer: 'issuers',
  ClusterIssuer: 'clusterissuers',
};
const ACME_KINDS = { Challenge: 'challenges', Order: 'orders' };

// https://cert-manager.io/docs/releases/upgrading/remove-deprecated-apis/: deprecated in 1.4, not served from 1.6.
const CERT_MANAGER_LINK = 'https://cert-manager.io/docs/releases/upgrading/remove-deprecated-apis/';
const CERT_MANAGER: readonly Ending[] = [
  {
    component: 'cert-manager',
    group: 'cert-manager.io',
    versions: ['v1alpha2', 'v1alpha3', 'v1beta1'],
    kinds: CERTIFICATE_KINDS,
    clusterScoped: ['ClusterIssuer'],
    deprecated: '1.4',
    removed: '1.6',
    replacement: inVersion('cert-manager.io', 'v1'),
    link: CERT_MANAGER_LINK,
  },
  {
    component: 'cert-manager',
    group: 'acme.cert-manager.io',
    versions: ['v1alpha2', 'v1alpha3', 'v1beta1'],
    kinds: ACME_KINDS,
    deprecated: '1.4',
    removed: '1.6',
    replacement: inVersion('acme.cert-manager.io', 'v1'),
    link: CERT_MANAGER_LINK,
  },
  // https://cert-manager.io/docs/releases/upgrading/upgrading-0.10-0.11: the group itself was renamed in 0.11.
  {
    component: 'cert-manager',
    group: 'certmanager.k8s.io',
    versions: ['v1alpha1'],
    kinds: { ...CERTIFICATE_KINDS, ...ACME_KINDS },
    clusterScoped: ['ClusterIssuer'],
    deprecated: '0.11',
    removed: '0.11',
    replacement: (kind) => ({
      group: kind in ACME_KINDS ? 'acme.cert-manager.io' : 'cert-manager.io',
      version: 'v1',
      kind,
    }),
    link: 'https://cert-manager.io/docs/releases/upgrading/upgrading-0.10-0.11',
  },
];

// https://istio.io/latest/blog/2021/migrate-alpha-policy/: deprecated in 1.4, removed in 1.6. What took their place
// is divided otherwise, so no apiVersion can be put in their stead. Istio keeps v1alpha3 and v1beta1 of its other
// kinds beside v1 and has set no end for them (https://istio.io/latest/blog/2024/v1-apis/): no row.
const ISTIO_LINK = 'https://istio.io/latest/blog/2021/migrate-alpha-policy/';
const ISTIO: readonly Ending[] = [
  {
    component: 'Istio',
    group: 'authentication.istio.io',
    versions: ['v1alpha1'],
    kinds: { Policy: 'policies', MeshPolicy: 'meshpolicies' },
    clusterScoped: ['MeshPolicy'],
    deprecated: '1.4',
    removed: '1.6',
    replacement: () => undefined,
    link: ISTIO_LINK,
  },
  {
    component: 'Istio',
    group: 'rbac.istio.io',
    versions: ['v1alpha1'],
    kinds: {
      ClusterRbacConfig: 'clusterrbacconfigs',
      RbacConfig: 'rbacconfigs',
      ServiceRole: 'serviceroles',
      ServiceRoleBinding: 'servicerolebindings',
    },
    clusterScoped: ['ClusterRbacConfig'],
    deprecated: '1.4',
    removed: '1.6',
    replacement: () => undefined,
    link: ISTIO_LINK,
  },
];

const GATEWAY = 'gateway.networking.k8s.io';
const GATEWAY_API: readonly Ending[] = [
  // https://github.com/kubernetes-sigs/gateway-api/releases/tag/v0.6.0: superseded by v1beta1, then by v1 (1.0).
  {
    component: 'Gateway API',
    group: GATEWAY,
    versions: ['v1alpha2'],
    kinds: { GatewayClass: 'gatewayclasses', Gateway: 'gateways', HTTPRoute: 'httproutes' },
    clusterScoped: ['GatewayClass'],
    deprecated: '0.6',
    replacement: inVersion(GATEWAY, 'v1'),
    link: 'https://github.com/kubernetes-sigs/gateway-api/releases/tag/v0.6.0',
  },
  // https://github.com/kubernetes-sigs/gateway-api/releases/tag/v1.2.0: no longer served, announced in 1.1.
  {
    component: 'Gateway API',
    group: GATEWAY,
    versions: ['v1alpha2'],
    kinds: { GRPCRoute: 'grpcroutes', ReferenceGrant: 'referencegrants' },
    deprecated: '1.1',
    removed: '1.2',
    // ReferenceGrant has had no v1 before 1.5, so v1beta1 is what every release serves.
    replacement: (kind) => ({
      group: GATEWAY,
      version: kind === 'ReferenceGrant' ? 'v1beta1' : 'v1',
      kind,
    }),
    link: 'https://github.com/kubernetes-sigs/gateway-api/releases/tag/v1.2.0',
  },
  // https://github.com/kubernetes-sigs/gateway-api/releases/tag/v0.6.0: ReferencePolicy became ReferenceGrant.
  {
    component: 'Gateway API',
    group: GATEWAY,
    versions: ['v1alpha2'],
    kinds: { ReferencePolicy: 'referencepolicies' },
    deprecated: '0.5',
    removed: '0.6',
    replacement: () => ({ group: GATEWAY, version: 'v1beta1', kind: 'ReferenceGrant' }),
    link: 'https://github.com/kubernetes-sigs/gateway-api/releases/tag/v0.6.0',
  },
];

const SNAPSHOT = 'snapshot.storage.k8s.io';
const GROUP_SNAPSHOT = 'groupsnapshot.storage.k8s.io';
const SNAPSHOTS: readonly Ending[] = [
  // https://github.com/kubernetes-csi/external-snapshotter/releases/tag/v6.0.0: no longer served; deprecated in 4.1.
  {
    component: 'external-snapshotter',
    group: SNAPSHOT,
    versions: ['v1beta1'],
    kinds: {
      VolumeSnapshot: 'volumesnapshots',
      VolumeSnapshotClass: 'volumesnapshotclasses',
      VolumeSnapshotContent: 'volumesnapshotcontents',
    },
    clusterScoped: ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
    deprecated: '4.1',
    removed: '6.0',
    replacement: inVersion(SNAPSHOT, 'v1'),
    link: 'https://github.com/kubernetes-csi/external-snapshotter/releases/tag/v6.0.0',
  },
  // https://github.com/kubernetes-csi/external-snapshotter/blob/v8.4.0/CHANGELOG/CHANGELOG-8.4.md
  {
    component: 'external-snapshotter',
    group: GROUP_SNAPSHOT,
    versions: ['v1beta1'],
    kinds: {
      VolumeGroupSnapshot: 'volumegroupsnapshots',
      VolumeGroupSnapshotClass: 'volumegroupsnapshotclasses',
      VolumeGroupSnapshotContent: 'volumegroupsnapshotcontents',
    },
    clusterScoped: ['VolumeGroupSnapshotClass', 'VolumeGroupSnapshotContent'],
    deprecated: '8.4',
    replacement: inVersion(GROUP_SNAPSHOT, 'v1beta2'),
    link: 'https://github.com/kubernetes-csi/external-snapshotter/blob/v8.4.0/CHANGELOG/CHANGELOG-8.4.md',
  },
];

const expand = ({ kinds, versions, clusterScoped, replacement, ...ending }: Ending): ComponentRow[] =>
  versions.flatMap((version) =>
    Object.entries(kinds).map(([kind, resource]) => {
      const successor = replacement(kind);
      return {
        ...ending,
        version,
        kind,
        resource,
        ...(clusterScoped?.includes(kind) ? { clusterScoped: true as const } : {}),
        ...(successor === undefined ? {} : { replacement: successor }),
      };
    }),
  );

/** One row a kind and version; `deprecated` and `removed` are releases of the component. */
export const COMPONENT_ROWS: readonly ComponentRow[] = [
  ...CERT_MANAGER,
  ...ISTIO,
  ...GATEWAY_API,
  ...SNAPSHOTS,
].flatMap(expand);
