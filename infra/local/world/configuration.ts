import { stringify } from 'yaml';
import type * as z from 'zod';
import type { Configuration } from '../../../functions/records/configuration.ts';
import type { BackupInput } from './backup-configuration.ts';

/** A target as a person writes it in drydock.yaml. */
export type TargetSettings = NonNullable<
  NonNullable<z.input<typeof Configuration>['deployment']>['targets']
>[string];

/** How the upgrade capability treats the local cluster, as a person writes it in drydock.yaml. */
export type UpgradeSettings = NonNullable<
  NonNullable<z.input<typeof Configuration>['upgrade']>['environments']
>[string];

/** Names of the secrets that the local world puts into its Secrets Manager. */
export const SECRETS = {
  /** The registry proves itself to the webhook with it. */
  registryHook: 'drydock/registry-hook',
  /** A CI job signs with it (Standard Webhooks). */
  pipelines: 'drydock/pipelines',
  /** Drydock proves itself to the registry with it. */
  registry: 'drydock/registry',
  /** Drydock keeps issues and offers merge requests with it. */
  gitlab: 'drydock/gitlab',
} as const;

export const CLUSTER = 'local';
export const ENVIRONMENT = 'local';
export const NAMESPACE = 'shop';

/** The GitLab project that holds the definition of the cluster. */
export const GITLAB_PROJECT = {
  path: 'platform/clusters',
  file: 'local/terraform.tfvars',
  line: 'cluster_version = "{version}"',
} as const;

/**
 * Writes the drydock.yaml of the local world. What it sets shorter than the defaults is what a person at the
 * keyboard would have to wait for; the code has no knowledge of it.
 */
export const writeWorldConfiguration = (world: {
  readonly account: string;
  readonly region: string;
  readonly registry: { readonly host: string; readonly url: string };
  readonly targets: Readonly<Record<string, TargetSettings>>;
  readonly gitlabUrl: string;
  /** What differs from the settings below. */
  readonly upgrade?: UpgradeSettings;
  /** More clusters, by the names of their environments. */
  readonly clusters?: Readonly<Record<string, string>>;
  /** How the GitLab of the local cluster is backed up; without it the capability is off. */
  readonly backup?: BackupInput;
}): string =>
  stringify({
    version: 1,
    sites: {
      local: {
        account: world.account,
        region: world.region,
        webhook: { exposure: 'public' },
        logRetentionDays: 1,
      },
    },
    environments: {
      [ENVIRONMENT]: { cluster: { name: CLUSTER }, gitlab: { url: world.gitlabUrl } },
      ...Object.fromEntries(
        Object.entries(world.clusters ?? {}).map(([name, cluster]) => [name, { cluster: { name: cluster } }]),
      ),
    },
    registries: {
      local: { ...world.registry, credentials: { secret: SECRETS.registry } },
    },
    sources: {
      registry: {
        kind: 'distribution',
        registry: 'local',
        auth: { type: 'bearer', secret: SECRETS.registryHook },
      },
      pipelines: { kind: 'native', auth: { type: 'hmac', secret: SECRETS.pipelines } },
    },
    deployment: {
      sweep: { everyMinutes: 5 },
      watch: {
        deadlineSeconds: 120,
        pollSeconds: 10,
        steadySeconds: 1,
        graces: {
          imagePullBackOffSeconds: 1,
          crashLoopBackOffSeconds: 1,
          createContainerConfigErrorSeconds: 1,
          oomKilledSeconds: 1,
          unschedulableSeconds: 10,
        },
      },
      targets: world.targets,
    },
    upgrade: {
      environments: {
        [ENVIRONMENT]: {
          gitlab: {
            url: world.gitlabUrl,
            project: GITLAB_PROJECT.path,
            token: { secret: SECRETS.gitlab },
            issue: true,
            mergeRequest: { file: GITLAB_PROJECT.file, line: GITLAB_PROJECT.line },
          },
          ...world.upgrade,
        },
      },
    },
    ...(world.backup ? { backup: { environments: { [ENVIRONMENT]: world.backup } } } : {}),
  } satisfies z.input<typeof Configuration>);
