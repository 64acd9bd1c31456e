import type { CronJob } from '../../records/kubernetes-job.ts';
import { findToolboxCommand } from '../job/toolbox-container.ts';
import type { ToolboxJobPlan } from '../job/toolbox-job.ts';
import { makeDrillJob } from './drill-job.ts';
import { labelOf, nameDrillObject } from './drill-label.ts';
import { writeEmptyArguments } from './empty-script.ts';

/** One emptying of a place. */
interface EmptyRequest {
  readonly drill: string;
  /** Name of the execution that makes it. */
  readonly execution: string;
  /** Failures of this execution so far: another try is another Job. */
  readonly attempt: number;
  /** Buckets of the place, of a second look. */
  readonly buckets: readonly string[];
}

export const EMPTY_CONTAINER = 'toolbox-empty';

/** Buckets of millions of objects take hours. */
const DEADLINE_SECONDS = 12 * 3_600;
const KEPT_SECONDS = 48 * 3_600;

/** What the names of all Jobs that empty a place begin with. */
export const EMPTY_NAME = 'drydock-drill-empty-';

/** Of the hash of its execution, right behind that. */
export const EXECUTION_DIGITS = 8;

/**
 * Name of one try: whoever makes it again makes the same one. An execution that takes a drill up begins anew, and must
 * not find the failures of the one before it under its own names.
 */
export const nameEmptyJob = (drill: string, execution: string, attempt: number): string =>
  nameDrillObject(drill, `empty-${labelOf(execution).slice(0, EXECUTION_DIGITS)}-${attempt}`);

/** A Job with the pod of the toolbox, under its own labels, ServiceAccount and role: what it may reach, it may empty. */
export const makeEmptyJob = (
  cronJob: CronJob,
  { drill, execution, attempt, buckets }: EmptyRequest,
): ToolboxJobPlan => {
  const toolbox = findToolboxCommand(cronJob);
  if (!toolbox.ok) return toolbox;
  const { shell, container, command } = toolbox;
  const tool =
    (command.given.valueOf('--s3tool-data') ?? command.given.valueOf('--s3tool')) === 'awscli'
      ? 'awscli'
      : 's3cmd';
  const args = writeEmptyArguments(
    shell,
    command.head,
    buckets.map((bucket) => ({ bucket, tool })),
  );
  return {
    ok: true,
    job: makeDrillJob(cronJob, {
      drill,
      name: nameEmptyJob(drill, execution, attempt),
      execution,
      container: { ...container, name: EMPTY_CONTAINER, args },
      deadlineSeconds: DEADLINE_SECONDS,
      keptSeconds: KEPT_SECONDS,
    }),
  };
};
