import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployApp } from '../aws/deploy.ts';
import { type LocalAws, type StartAws, startAws } from '../aws/start-aws.ts';
import { startAuthenticatingProxy } from '../cluster/authenticating-proxy.ts';
import { type Cluster, type LocalCluster, startCluster } from '../cluster/start-cluster.ts';
import { useCluster } from '../cluster/use-cluster.ts';
import { type LocalEks, startEks } from '../eks/start-eks.ts';
import { findFreePorts } from '../free-port.ts';
import { type LocalRegistry, REGISTRY_CREDENTIALS, startRegistry } from '../registry/start-registry.ts';
import type { Report } from '../report.ts';
import { addAccessEntry, applyAccessManifest } from './access.ts';
import { CLUSTER, NAMESPACE, type TargetSettings, writeWorldConfiguration } from './configuration.ts';
import { makeSecrets, storeSecrets, type WorldSecrets } from './secrets.ts';

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
}

/** What the deployed stack says of itself. */
export interface Site {
  readonly webhookUrl: string;
  readonly ledgerBucket: string;
  readonly topicArn: string;
  readonly eventQueueUrl: string;
  readonly clusterRoleArn: string;
  readonly machines: {
    readonly deployment: string;
    readonly rollout: string;
    readonly sweep: string;
    readonly control: string;
  };
}

export interface World {
  readonly folder: string;
  readonly aws: LocalAws;
  readonly eks: LocalEks;
  /** `apiServer` is there when the cluster is the local one and not the user's own. */
  readonly cluster: Cluster & Partial<Pick<LocalCluster, 'apiServer'>>;
  readonly registry: LocalRegistry;
  readonly secrets: WorldSecrets;
  readonly site: Site;
  readonly configurationFile: string;
  stop(): Promise<void>;
}

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
    const [eksPort = 0, registryPort = 0] = await findFreePorts(2);
    const host = `127.0.0.1:${registryPort}`;
    const environment = { AWS_ENDPOINT_URL_EKS: `http://127.0.0.1:${eksPort}`, ...options.aws?.environment };
    const scale = options.waitScale === undefined ? {} : { waitScale: options.waitScale };
    const aws = keep(
      await startAws({ folder: join(folder, 'aws'), report, ...options.aws, environment, ...scale }),
    );
    const { region, account } = aws;
    const clock = options.authenticatorClock === undefined ? {} : { now: options.authenticatorClock };
    const eks = keep(
      await startEks({ region, account, stsEndpoint: aws.url, port: eksPort, report, ...clock }),
    );

    const secrets = makeSecrets(REGISTRY_CREDENTIALS);
    const configurationFile = join(folder, 'drydock.yaml');
    const registry = { host, url: (await options.registryUrl?.(host)) ?? `http://${host}` };
    const targets = options.targets(host);
    await writeFile(configurationFile, writeWorldConfiguration({ account, region, registry, targets }));

    const [cluster, site] = await Promise.all([
      openCluster(options, eks).then(keep),
      storeSecrets(aws, secrets).then(() => deploySite(aws, configurationFile, options)),
    ]);
    eks.addCluster({ ...cluster, name: CLUSTER });
    await Promise.all([
      addAccessEntry(aws, eks.url, CLUSTER, site.clusterRoleArn),
      applyAccessManifest(cluster, namespaces),
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
    return { folder, aws, eks, cluster, registry: images, secrets, site, configurationFile, stop };
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

const deploySite = async (aws: LocalAws, configuration: string, options: StartWorld): Promise<Site> => {
  const outputs = await deployApp({
    aws,
    app: 'node infra/app.ts',
    folder: join(options.folder, 'cdk'),
    report: options.report,
    context: { stage: 'local', configuration },
  });
  const stack = outputs['drydock-local'] ?? {};
  const read = (name: string): string => {
    const value = stack[name];
    if (value === undefined)
      throw new Error(`The stack has no output ${name}; it has ${Object.keys(stack).join(', ')}.`);
    return value;
  };
  return {
    webhookUrl: aws.localUrl(read('DeploymentWebhookUrl')).replace(/\/$/, ''),
    ledgerBucket: read('LedgerBucketName'),
    topicArn: read('TopicArn'),
    eventQueueUrl: read('DeploymentEventQueueUrl'),
    clusterRoleArn: read('DeploymentClusterRoleArn'),
    machines: {
      deployment: read('DeploymentDeploymentMachineArn'),
      rollout: read('DeploymentRolloutMachineArn'),
      sweep: read('DeploymentSweepMachineArn'),
      control: read('DeploymentControlMachineArn'),
    },
  };
};
