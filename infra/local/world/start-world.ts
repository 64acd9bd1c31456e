import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYMENT_GROUP, UPGRADE_GROUP } from '../../../functions/records/cluster-group.ts';
import { provisionAccount } from '../account/provision-account.ts';
import { type LocalQuotas, startQuotas } from '../account/start-quotas.ts';
import { type LocalAws, type StartAws, startAws } from '../aws/start-aws.ts';
import { startAuthenticatingProxy } from '../cluster/authenticating-proxy.ts';
import { setKubeletVersion } from '../cluster/node-versions.ts';
import { type Cluster, type LocalCluster, startCluster } from '../cluster/start-cluster.ts';
import { useCluster } from '../cluster/use-cluster.ts';
import { type LocalEks, startEks } from '../eks/start-eks.ts';
import { findFreePorts } from '../free-port.ts';
import { type LocalGitLab, startGitLab } from '../gitlab/start-gitlab.ts';
import type { GitLabReleaseOptions } from '../gitlab-release/options.ts';
import { type LocalOutside, startOutside } from '../gitlab-release/scratch/start-outside.ts';
import type { LocalGitLabRelease } from '../gitlab-release/start-gitlab-release.ts';
import { askLocalIam } from '../rds/authorise.ts';
import { type LocalRds, startRds } from '../rds/start-rds.ts';
import { type LocalRegistry, REGISTRY_CREDENTIALS, startRegistry } from '../registry/start-registry.ts';
import type { Report } from '../report.ts';
import { addAccessEntry, applyAccessManifests } from './access.ts';
import { NATIVE_SECTION, writeBackupSection, writeRestoreSection } from './backup-configuration.ts';
import {
  CLUSTER,
  GITLAB_PROJECT,
  NAMESPACE,
  type TargetSettings,
  type UpgradeSettings,
  writeWorldConfiguration,
} from './configuration.ts';
import { deploySite, type Site } from './deploy-site.ts';
import { enterForBackup, enterForDrill, enterForRestore, openGitLabRelease } from './gitlab-release.ts';
import { describeLocalCluster, NODE_GROUP } from './local-cluster.ts';
import { makeSecrets, storeSecrets, type WorldSecrets } from './secrets.ts';

export type { Site } from './deploy-site.ts';

export interface StartWorld {
  /** Takes logs, images and the cloud assembly of this run. */
  readonly folder: string;
  /** The targets of drydock.yaml, for a registry of this host. */
  readonly targets: (registryHost: string) => Readonly<Record<string, TargetSettings>>;
  /** Namespaces that Drydock is given; `shop` unless said otherwise. */
  readonly namespaces?: readonly string[];
  readonly report: Report;
  /** Who is told of each push beside the webhook. */
  readonly listeners?: readonly { readonly url: string }[];
  /** Factor on Wait states and retry pauses; the tests of retries need not wait for them. */
  readonly waitScale?: number;
  /** Where the local AWS listens, and more variables of every Lambda: to put a meter between the two, say. */
  readonly aws?: Pick<StartAws, 'port' | 'environment'>;
  /** Where Lambdas reach the registry of this host, when they shall not go there directly. */
  readonly registryUrl?: (host: string) => Promise<string>;
  /** The clock of the cluster's authenticator; tests move it. */
  readonly authenticatorClock?: () => Date;
  /** How long the API server believes an answer about a token; 0 asks anew each time. */
  readonly tokenCacheSeconds?: number;
  /** The version that EKS says the cluster has, and its nodes; the API server is 1.36 whatever it is. */
  readonly clusterVersion?: string;
  /** How the upgrade capability treats the cluster, where that differs from configuration.ts. */
  readonly upgrade?: UpgradeSettings;
  /** More clusters in drydock.yaml, by the names of their environments; EKS knows them once somebody adds them. */
  readonly clusters?: Readonly<Record<string, string>>;
  /** A GitLab in the local cluster, with all that is backed up of it, and the capability that does; none without it. */
  readonly gitlabRelease?: GitLabReleaseOptions;
}

export interface World {
  readonly folder: string;
  readonly aws: LocalAws;
  readonly eks: LocalEks;
  /** `apiServer` is there when the cluster is the local one and not the user's own. */
  readonly cluster: Cluster & Partial<Pick<LocalCluster, 'apiServer'>>;
  readonly registry: LocalRegistry;
  readonly gitlab: LocalGitLab;
  readonly quotas: LocalQuotas;
  /** There when it was asked for. */
  readonly gitlabRelease: LocalGitLabRelease | undefined;
  /** There with a GitLab that is native. */
  readonly rds: LocalRds | undefined;
  /** Whom no pod of a drill may reach; there with the scratch of the GitLab. */
  readonly outside: LocalOutside | undefined;
  readonly secrets: WorldSecrets;
  readonly site: Site;
  readonly configurationFile: string;
  stop(): Promise<void>;
}

/** The version of the API server and of the nodes that kwok plays. */
const NEWEST = '1.36';

/**
 * Starts every part of the local world, deploys the CDK app onto it and connects them: the registry posts to the
 * webhook, the Lambdas reach the cluster through the EKS stand-in, under the role that the stack made.
 *
 * @throws Error naming the part that failed; what had been started is stopped then.
 */
export const startWorld = async (options: StartWorld): Promise<World> => {
  const { folder, report, namespaces = [NAMESPACE] } = options;
  await mkdir(folder, { recursive: true });
  const started: { stop(): Promise<void> }[] = [];
  let isOver = false;
  const keep = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    // It came up while another failed.
    if (isOver) void part.stop();
    started.push(part);
    return part;
  };
  const stop = async (): Promise<void> => {
    isOver = true;
    // All at once: an API server would wait for the Lambdas that watch it.
    await Promise.all(started.splice(0).map((part) => part.stop()));
  };

  try {
    const [eksPort = 0, registryPort = 0, quotasPort = 0, rdsPort = 0] = await findFreePorts(4);
    const release = options.gitlabRelease;
    const host = `127.0.0.1:${registryPort}`;
    const environment = {
      AWS_ENDPOINT_URL_EKS: `http://127.0.0.1:${eksPort}`,
      AWS_ENDPOINT_URL_SERVICE_QUOTAS: `http://127.0.0.1:${quotasPort}`,
      ...(release?.native ? { AWS_ENDPOINT_URL_RDS: `http://127.0.0.1:${rdsPort}` } : {}),
      ...options.aws?.environment,
    };
    const scale = options.waitScale === undefined ? {} : { waitScale: options.waitScale };
    const aws = keep(
      await startAws({ folder: join(folder, 'aws'), report, ...options.aws, environment, ...scale }),
    );
    const { region, account } = aws;
    const clock = options.authenticatorClock === undefined ? {} : { now: options.authenticatorClock };
    const eks = keep(
      await startEks({ region, account, stsEndpoint: aws.url, port: eksPort, report, ...clock }),
    );

    const quotas = keep(await startQuotas({ region, account, port: quotasPort, report }));
    const rds = release?.native
      ? keep(
          await startRds({
            folder: join(folder, 'rds'),
            region,
            account,
            port: rdsPort,
            authority: askLocalIam(aws),
            report,
          }),
        )
      : undefined;

    const secrets = makeSecrets(REGISTRY_CREDENTIALS);
    const gitlab = keep(await startGitLab({ token: secrets.gitlab, report }));
    const version = options.clusterVersion ?? NEWEST;
    gitlab.addProject(GITLAB_PROJECT.path, {
      [GITLAB_PROJECT.file]: `${GITLAB_PROJECT.line.replace('{version}', version)}\n`,
    });
    const configurationFile = join(folder, 'drydock.yaml');
    const registry = { host, url: (await options.registryUrl?.(host)) ?? `http://${host}` };
    const targets = options.targets(host);
    const helmNamespaces = options.upgrade?.helmNamespaces ?? [...namespaces];
    const upgrade = { ...options.upgrade, helmNamespaces };
    const { clusters = {} } = options;
    // By another name than S3, which a drill lets through: people's GitLab is what it must not reach.
    const gitlabUrl = release?.scratch ? gitlab.url.replace('127.0.0.1', 'localhost') : gitlab.url;
    const configured = { account, region, registry, targets, gitlabUrl, upgrade, clusters };
    const outside = release?.scratch ? keep(await startOutside()) : undefined;
    const restore = outside && {
      restore: writeRestoreSection(account, aws.url, outside, release?.native === true),
    };
    const native = release?.native ? NATIVE_SECTION : {};
    const backup = release && {
      backup: writeBackupSection(account, { ...native, ...restore, ...release.backup }),
    };
    await writeFile(configurationFile, writeWorldConfiguration({ ...configured, ...backup }));

    const opened = openCluster(options, eks).then(keep);
    const [cluster, gitlabRelease, provisioned, site] = await Promise.all([
      opened,
      release &&
        opened.then(async (cluster) =>
          keep(await openGitLabRelease({ folder, aws, cluster, options: release, rds, report })),
        ),
      provisionAccount(aws),
      storeSecrets(aws, secrets).then(() =>
        deploySite(aws, configurationFile, { folder: join(folder, 'cdk'), report }),
      ),
    ]);
    eks.addCluster(describeLocalCluster(cluster, provisioned, version));
    eks.setHooks({
      onNodeGroupUpdated: ({ nodeGroup, version: to }) =>
        setKubeletVersion(cluster.kubeconfig, nodeGroup, to),
    });
    const enter = (roleArn: string, group: string) => addAccessEntry(aws, eks.url, CLUSTER, roleArn, group);
    await Promise.all([
      enter(site.clusterRoleArn, DEPLOYMENT_GROUP),
      enter(site.upgradeReadRoleArn, UPGRADE_GROUP),
      enter(site.upgradePlanRoleArn, UPGRADE_GROUP),
      enter(site.upgradeAdvanceRoleArn, UPGRADE_GROUP),
      applyAccessManifests(cluster, namespaces, helmNamespaces),
      ...(gitlabRelease && site.backup ? [enterForBackup(enter, cluster, site.backup)] : []),
      ...(gitlabRelease && site.backup?.restore
        ? [enterForRestore(enter, cluster, site.backup.restore, Object.keys(gitlabRelease.secrets))]
        : []),
      ...(gitlabRelease && site.backup?.drill
        ? [enterForDrill(enter, cluster, site.backup.drill, Object.keys(gitlabRelease.secrets))]
        : []),
      ...(version === NEWEST ? [] : [setKubeletVersion(cluster.kubeconfig, NODE_GROUP, version)]),
    ]);
    const hook = {
      url: `${site.webhookUrl}/hooks/registry`,
      headers: { Authorization: `Bearer ${secrets.registryHook}` },
    };
    const images = keep(
      await startRegistry({
        folder: join(folder, 'registry'),
        port: registryPort,
        auth: true,
        notifications: [hook, ...(options.listeners ?? [])],
        report,
      }),
    );
    const parts = { aws, eks, cluster, registry: images, gitlab, quotas, gitlabRelease, rds, outside };
    return { folder, ...parts, secrets, site, configurationFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** The local cluster, or the user's own. */
const openCluster = async (
  { folder, report, tokenCacheSeconds }: StartWorld,
  eks: LocalEks,
): Promise<World['cluster']> => {
  const tokenWebhookUrl = eks.tokenWebhookUrl(CLUSTER);
  const own = process.env['DRYDOCK_KUBECONFIG'];
  if (!own) {
    const cache = tokenCacheSeconds === undefined ? {} : { tokenCacheSeconds };
    return startCluster({
      folder: join(folder, 'cluster'),
      name: CLUSTER,
      tokenWebhookUrl,
      report,
      ...cache,
    });
  }
  const cluster = await useCluster(own);
  return { ...cluster, ...(await startAuthenticatingProxy({ ...cluster, tokenWebhookUrl, report })) };
};
