import type { CronJob } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER } from './backup-container.ts';
import { type BackupCommand, readBackupCommand } from './extra-arguments.ts';

type Container = CronJob['spec']['jobTemplate']['spec']['template']['spec']['containers'][number];

interface Unusable {
  readonly ok: false;
  /** A sentence without its dot. */
  readonly why: string;
}

interface Found {
  readonly ok: true;
  /** As messages name the CronJob. */
  readonly where: string;
  readonly container: Container;
  /** Path of the bash that it runs. */
  readonly shell: string;
  /** What it tells the shell to do. */
  readonly script: string;
}

export type ToolboxContainer = Found | Unusable;

/**
 * The container with which the chart's CronJob makes backups: every Job of ours is a copy of its pod.
 *
 * Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml: its arguments are
 * `/bin/bash`, `-c` and one script.
 */
export const findToolbox = ({ metadata, spec }: CronJob): ToolboxContainer => {
  const where = `CronJob ${metadata.namespace}/${metadata.name}`;
  const { containers } = spec.jobTemplate.spec.template.spec;
  const container = containers.find(({ name }) => name === BACKUP_CONTAINER);
  const [shell, option, script] = container?.args ?? [];
  if (!container || script === undefined || option !== '-c' || !shell?.endsWith('bash')) {
    return { ok: false, why: `${where} has no container ${BACKUP_CONTAINER} that runs a script of bash` };
  }
  return { ok: true, where, container, shell, script };
};

type ToolboxCommand = (Found & { readonly command: BackupCommand }) | Unusable;

/** The same, with the backup tool's command, for a Job that does other work in the surroundings of that command. */
export const findToolboxCommand = (cronJob: CronJob): ToolboxCommand => {
  const toolbox = findToolbox(cronJob);
  if (!toolbox.ok) return toolbox;
  const command = readBackupCommand(toolbox.script);
  if (typeof command === 'string')
    return { ok: false, why: `${toolbox.where} can not be copied: ${command}` };
  return { ...toolbox, command };
};
