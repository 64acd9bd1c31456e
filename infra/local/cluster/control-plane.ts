import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

/** A node with this label is not kwok's. */
export const OWN_KUBELET_LABEL = 'local.drydock.dev/own-kubelet';

/** The files and ports that the parts of one control plane agree on. */
export interface ControlPlane {
  readonly bin: string;
  readonly folder: string;
  /** Host and port of the API server are in it. */
  readonly endpoint: string;
  readonly ports: ControlPlanePorts;
  readonly tokenWebhookUrl: string | undefined;
  readonly tokenCacheSeconds: number;
  readonly apiServerFlags: readonly string[];
  readonly kubeconfig: (user: ControlPlaneUser) => string;
}

export interface ControlPlanePorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly kubelet: number;
}

/** Each part has its own identity and only that identity's rights, as in a real control plane. */
const USERS = {
  admin: { name: 'admin', groups: 'system:masters' },
  'controller-manager': { name: 'system:kube-controller-manager', groups: '' },
  scheduler: { name: 'system:kube-scheduler', groups: '' },
  // kwok plays every kubelet and may delete any pod, which no single kubelet may.
  kwok: { name: 'kwok', groups: 'system:masters' },
} as const;
export type ControlPlaneUser = keyof typeof USERS;

const USER_NAMES: readonly ControlPlaneUser[] = ['admin', 'controller-manager', 'scheduler', 'kwok'];

/** The API server makes this pair itself and signs with it; a certificate and its issuer in one file. */
export const apiServerCertificate = (folder: string): string => join(folder, 'pki', 'apiserver.crt');

/**
 * Writes what the parts read before they start: identities, the key of service accounts, the webhook's address.
 * The secrets are random, live in this folder only and are readable by its owner only.
 */
export const writeControlPlaneFiles = async (plane: ControlPlane): Promise<void> => {
  const { folder } = plane;
  await mkdir(join(folder, 'pki'), { recursive: true });
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writePrivate(join(folder, 'pki', 'service-accounts.key'), privateKey);
  const rows = await Promise.all(
    USER_NAMES.map(async (user) => {
      const token = randomBytes(24).toString('hex');
      await writePrivate(plane.kubeconfig(user), describeAccess(plane, user, token));
      const { name, groups } = USERS[user];
      return `${token},${name},${user}${groups ? `,"${groups}"` : ''}\n`;
    }),
  );
  await writePrivate(join(folder, 'tokens.csv'), rows.join(''));
  if (plane.tokenWebhookUrl !== undefined) {
    await writePrivate(webhookFile(folder), describeWebhook(plane.tokenWebhookUrl));
  }
};

const webhookFile = (folder: string): string => join(folder, 'token-webhook.yaml');

const writePrivate = (path: string, content: string): Promise<void> =>
  writeFile(path, content, { mode: 0o600 });

const describeAccess = ({ folder, endpoint }: ControlPlane, user: string, token: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'local', cluster: { server: endpoint, 'certificate-authority': apiServerCertificate(folder) } },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user } }],
    'current-context': 'local',
  });

const describeWebhook = (url: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'tokens', cluster: { server: url } }],
    users: [{ name: 'api-server', user: {} }],
    contexts: [{ name: 'tokens', context: { cluster: 'tokens', user: 'api-server' } }],
    'current-context': 'tokens',
  });

/** etcd's own store is thrown away with the cluster, so it need not reach the disk. */
export const etcdArguments = ({ folder, ports }: ControlPlane): string[] => [
  `--data-dir=${join(folder, 'etcd')}`,
  `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
  `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
  `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
  `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
  `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
  '--unsafe-no-fsync=true',
  '--log-level=warn',
];

export const apiServerArguments = (plane: ControlPlane): string[] => [
  '--bind-address=127.0.0.1',
  // Must not be a loopback address, and nothing here connects to it.
  '--advertise-address=192.0.2.1',
  `--secure-port=${plane.ports.apiServer}`,
  `--etcd-servers=http://127.0.0.1:${plane.ports.etcd}`,
  `--cert-dir=${join(plane.folder, 'pki')}`,
  '--service-cluster-ip-range=172.20.0.0/16',
  `--service-account-issuer=${plane.endpoint}`,
  `--service-account-key-file=${join(plane.folder, 'pki', 'service-accounts.key')}`,
  `--service-account-signing-key-file=${join(plane.folder, 'pki', 'service-accounts.key')}`,
  '--authorization-mode=Node,RBAC',
  '--enable-admission-plugins=NodeRestriction',
  `--token-auth-file=${join(plane.folder, 'tokens.csv')}`,
  '--kubelet-preferred-address-types=InternalIP',
  ...(plane.tokenWebhookUrl === undefined
    ? []
    : [
        `--authentication-token-webhook-config-file=${webhookFile(plane.folder)}`,
        '--authentication-token-webhook-version=v1',
        `--authentication-token-webhook-cache-ttl=${plane.tokenCacheSeconds}s`,
      ]),
  ...plane.apiServerFlags,
];

export const controllerManagerArguments = (plane: ControlPlane): string[] => [
  `--kubeconfig=${plane.kubeconfig('controller-manager')}`,
  `--service-account-private-key-file=${join(plane.folder, 'pki', 'service-accounts.key')}`,
  `--root-ca-file=${apiServerCertificate(plane.folder)}`,
  '--use-service-account-credentials=true',
  // The default of 20 requests a second holds its own start up for 4 s.
  '--kube-api-qps=500',
  '--kube-api-burst=1000',
  '--leader-elect=false',
  '--secure-port=0',
];

export const schedulerArguments = (plane: ControlPlane): string[] => [
  `--kubeconfig=${plane.kubeconfig('scheduler')}`,
  '--leader-elect=false',
  '--secure-port=0',
];

export const kwokArguments = (plane: ControlPlane, configFile: string): string[] => [
  `--kubeconfig=${plane.kubeconfig('kwok')}`,
  `--config=${configFile}`,
  // All but those that have a kubelet of their own (toolbox/kubelet/node.ts).
  `--manage-nodes-with-label-selector=!${OWN_KUBELET_LABEL}`,
  '--node-ip=127.0.0.1',
  `--node-port=${plane.ports.kubelet}`,
  `--server-address=127.0.0.1:${plane.ports.kubelet}`,
  '--node-lease-duration-seconds=40',
];
