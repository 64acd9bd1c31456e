import { BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod';
import { BACKUP_CONTAINER, nameCronJob, nameJob } from '../../../../functions/backup/job/backup-job.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../../../functions/records/verified-backup.ts';
import { GITLAB } from '../../gitlab-release/names.ts';
import { ENVIRONMENT } from '../../world/configuration.ts';
import type { World } from '../../world/start-world.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { SceneFailed, waitUntil } from '../wait-until.ts';

const Output = z.object({
  outcome: z.string(),
  set: z.string().default(''),
  message: z.string(),
  reasons: z.array(z.string()),
});
type Output = z.output<typeof Output>;

/** A run takes some 8 s; on a machine that does other things beside it, many times that. */
const PATIENCE_SECONDS = 240;

const LOST = 'uploads';

/** GitLab's own tool passes over a bucket and ends green; what it wrote is read, and does not count. */
export const greenBackup: Scene = {
  title: 'A backup that looks green',
  needsLocalCluster: 'it needs a GitLab whose backup runs on this machine',
  play: async (stage) => {
    const { terminal, world } = stage;
    const toolbox = world.gitlabRelease?.toolbox;
    if (!toolbox) throw new SceneFailed('This world has no GitLab.');
    terminal.say(
      `Each night, or when a person starts the backup machine, GitLab's own tool runs as a Job, under its own role. ` +
        `Tonight it does not find the bucket of ${LOST}, says so in one line of many, and goes on:`,
    );
    toolbox.trouble({ skippedBuckets: [LOST] });
    const before = (await stage.notices()).length;
    const green = await backUp(stage);
    const job = await look(world, green.set);
    terminal.quote(`kubectl get job: ${job.condition}, exit code ${job.exitCode}`);
    terminal.quote(job.lastLine);
    stage.confirm(
      'to Kubernetes and to the tool all is well',
      job.condition === 'Complete' && job.exitCode === 0 && job.lastLine.startsWith('[DONE]'),
      JSON.stringify(job),
    );
    const found = green.reasons.filter((reason) => reason.startsWith('incomplete: '));
    terminal.say('Drydock has read what was written, by a few ranges of it:');
    for (const reason of found) terminal.event('', 'incomplete', reason.slice('incomplete: '.length));
    stage.confirm(
      'it is known by name what is missing, and the set counts for nothing',
      green.outcome === 'incomplete' &&
        found.some((reason) => reason.includes(LOST)) &&
        (await findNewest(stage)) === undefined,
      JSON.stringify(green),
    );
    const message = await waitUntil('the message is in the inbox', async () =>
      (await stage.notices()).slice(before).find(({ body }) => body.includes(LOST)),
    );
    terminal.say('The person who is subscribed reads:');
    terminal.quote(message.subject);

    toolbox.trouble({});
    terminal.say('Once the bucket is found again, the next run:');
    const sound = await backUp(stage);
    terminal.quote(sound.message);
    stage.confirm(
      'it is verified, and now the newest backup that gates accept',
      sound.outcome === 'verified' && (await findNewest(stage)) === sound.set,
      JSON.stringify(sound),
    );
  },
};

const backUp = async ({ executions, world }: Stage): Promise<Output> => {
  const { backup } = world.site;
  if (!backup) throw new SceneFailed('The stack has no backup machine.');
  return Output.parse(
    await executions.run(backup.machines.backup, { environment: ENVIRONMENT }, PATIENCE_SECONDS),
  );
};

/** What gates ask for. */
const findNewest = async ({ ledger }: Stage): Promise<string | undefined> =>
  (await ledger.read(verifiedBackupKind, verifiedBackupKey(ENVIRONMENT)))?.set;

/** What a person sees of the Job of a set, by kubectl. */
const look = async ({ cluster }: World, set: string) => {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const { namespace, release } = GITLAB;
  const name = nameJob(nameCronJob(release), set);
  const job = await config.makeApiClient(BatchV1Api).readNamespacedJob({ namespace, name });
  const core = config.makeApiClient(CoreV1Api);
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  const [pod] = (await core.listNamespacedPod({ namespace, labelSelector })).items;
  const lines = await core.readNamespacedPodLog({
    namespace,
    name: pod?.metadata?.name ?? '',
    container: BACKUP_CONTAINER,
    tailLines: 1,
  });
  return {
    condition: job.status?.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed')?.type,
    exitCode: pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode,
    lastLine: lines.trim(),
  };
};
