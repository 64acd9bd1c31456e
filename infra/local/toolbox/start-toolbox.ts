import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { V1Pod } from '@kubernetes/client-node';
import type * as z from 'zod';
import type { Report } from '../report.ts';
import type { ForcedEnd } from './kubelet/forced-end.ts';
import type { NodeIdentity } from './kubelet/node.ts';
import type { AwsPlace } from './kubelet/pod-identity.ts';
import { startKubelet } from './kubelet/start-kubelet.ts';
import { openPodNetwork, type PodNetwork } from './network/pod-network.ts';
import { ToolboxTroubles } from './troubles.ts';
import { type HasPeople, serveWeb } from './web/serve-web.ts';

/**
 * The toolbox of GitLab in the local world: a node of its own with a kubelet of ours, on which the pods of Jobs run as
 * processes of this machine, each under the role of its ServiceAccount. Scheduler, Job controller, API server, STS, S3,
 * PostgreSQL, bash, git, tar, pg_dump and psql are real.
 *
 * What of GitLab is not run: nothing of Rails, so no `gitlab-backup`, no migrations, no caches; no Gitaly, so
 * repositories are bundled by git itself out of a folder; no container image, so no limits of memory or disk, no other
 * user, no file system of a container. `backup-utility`, `gitlab-rake`, `gitlab-rails` and `aws` are programs of ours
 * (`programs/`) that do what the backup, the restore and their checks need: of `backup-utility` no pruning (`--maximum-backups`), no
 * file from elsewhere (`-f`), no other backend than S3, one database (`main`), none of the registry; of `gitlab-rake`
 * a few tasks, of `gitlab-rails` statements of SQL and the removal of repositories; of `aws` a few calls, and of
 * `curl` one; what answers it is told in `web/serve-web.ts`. A pod that no Job owns is said to run, and does not.
 *
 * Whoever may make a Job for this node in the local cluster may run a command on this machine.
 */
export interface LocalToolbox {
  /** What goes wrong with pods that start from now on; `{}` for nothing. */
  trouble(troubles: z.input<typeof ToolboxTroubles>): void;
  /** Of its pods; absent where it was not asked for. `web` is where web pods answer, `host:port`. */
  readonly network: (Pick<PodNetwork, 'trouble'> & { readonly web: string }) | undefined;
  stop(): Promise<void>;
}

export interface StartToolbox {
  /** Takes volumes and homes of pods, and the programs. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly node: NodeIdentity;
  readonly aws: AwsPlace;
  /** The folder that stands for the storages of Gitaly, of the GitLab in a namespace. */
  readonly gitaly: (namespace: string) => string;
  /** The bucket into which that Gitaly writes backups by itself; none unless said otherwise. */
  readonly gitalyBucket?: (namespace: string) => string | undefined;
  /** Keeps pods to the NetworkPolicies of their namespaces; web pods answer when this is so. */
  readonly network?: { readonly hasPeople: HasPeople } | undefined;
  /** So many times faster goes `sleep` in pods: what waits for the agent of a network plugin would wait for nothing. */
  readonly pace: number;
  /** Folder of pg_dump and psql. */
  readonly postgresqlBin: string;
  readonly report: Report;
}

const PROGRAMS = {
  'backup-utility': 'backup-utility.ts',
  'gitlab-rake': 'gitlab-rake.ts',
  'gitlab-rails': 'gitlab-rails.ts',
  aws: 'aws.ts',
  curl: 'curl.ts',
};
/** The image of the toolbox: its edition and the version behind `v`. */
const IMAGE = /\/gitlab-toolbox-(?<edition>[a-z]+):v(?<version>[^@]+)/;

/** Starts node and kubelet. @throws Error when the node can not be registered. */
export const startToolbox = async (options: StartToolbox): Promise<LocalToolbox> => {
  const { folder, kubeconfig, node, aws, report } = options;
  const bin = join(folder, 'bin');
  await writePrograms(bin, options.pace);
  const web = options.network && (await serveWeb(kubeconfig, options.network.hasPeople));
  const network = web && (await openPodNetwork(kubeconfig, web.port, report));
  let troubles = ToolboxTroubles.parse({});
  const kubelet = await startKubelet({
    kubeconfig,
    node,
    aws,
    network,
    folder: join(folder, 'pods'),
    environment: (pod) => ({
      PATH: [bin, options.postgresqlBin, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
      LANG: 'C.UTF-8',
      TOOLBOX_GITALY: options.gitaly(pod.metadata?.namespace ?? ''),
      ...describeGitalyBucket(options.gitalyBucket?.(pod.metadata?.namespace ?? '')),
      TOOLBOX_VERSION: readVersion(pod),
      TOOLBOX_NAMESPACE: pod.metadata?.namespace ?? '',
      TOOLBOX_WEB_PORT: String(web?.port ?? 0),
      TOOLBOX_TROUBLES: JSON.stringify(troubles),
    }),
    forcedEnd: (): ForcedEnd | undefined => troubles.end,
    now: () => new Date(Date.now() + troubles.clockAheadMs),
  });
  report(`Toolbox: pods of Jobs run on ${node.name}`);
  return {
    network: network && web && { ...network, web: `127.0.0.1:${web.port}` },
    trouble: (wanted) => {
      troubles = ToolboxTroubles.parse(wanted);
    },
    stop: async () => {
      await kubelet.stop();
      await web?.stop();
    },
  };
};

const describeGitalyBucket = (bucket: string | undefined) =>
  bucket === undefined ? {} : { TOOLBOX_GITALY_BUCKET: bucket };

/** As the VERSION file of the image says it: `18.10.0-ee`; plain for the community edition. */
const readVersion = (pod: V1Pod): string => {
  for (const { image = '' } of pod.spec?.containers ?? []) {
    const { edition, version = '' } = IMAGE.exec(image)?.groups ?? {};
    if (edition !== undefined) return edition === 'ee' ? `${version}-ee` : version;
  }
  return '0.0.0';
};

const writePrograms = async (bin: string, pace: number): Promise<void> => {
  await mkdir(bin, { recursive: true });
  for (const [name, source] of Object.entries(PROGRAMS)) {
    const program = fileURLToPath(new URL(`./programs/${source}`, import.meta.url));
    await writeProgram(join(bin, name), `exec '${process.execPath}' --no-warnings '${program}' "$@"`);
  }
  if (pace !== 1) {
    const seconds = `awk -v wanted="$1" 'BEGIN { print wanted / ${pace} }'`;
    await writeProgram(join(bin, 'sleep'), `exec /bin/sleep "$(${seconds})"`);
  }
};

const writeProgram = async (path: string, script: string): Promise<void> => {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
};
