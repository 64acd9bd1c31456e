import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildStages } from './stages.ts';

/** Writes kwok's configuration: the stages, and the logs that each container serves through the API. */
export const writePodConfiguration = async (folder: string, now: Date): Promise<string> => {
  const logsFile = join(folder, 'container.log');
  const previousLogsFile = join(folder, 'container-before.log');
  await writeFile(logsFile, formatLog(RUNNING_LINES, now));
  await writeFile(previousLogsFile, formatLog(CRASHED_LINES, now));
  // One log for all: kwok chooses logs by pod name, and a pod of a Deployment has a random one.
  const logs = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: 'all-containers' },
    spec: { logs: [{ logsFile, previousLogsFile }] },
  };
  const path = join(folder, 'kwok.yaml');
  await writeFile(path, [...buildStages(), logs].map((document) => JSON.stringify(document)).join('\n---\n'));
  return path;
};

interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const RUNNING_LINES: readonly LogLine[] = [
  { stream: 'stdout', text: 'starting' },
  { stream: 'stdout', text: 'listening on 0.0.0.0:8080' },
];

const CRASHED_LINES: readonly LogLine[] = [
  { stream: 'stdout', text: 'starting' },
  { stream: 'stdout', text: 'reading settings from /etc/web/settings.yaml' },
  { stream: 'stderr', text: 'fatal: relation "orders" does not exist' },
  { stream: 'stderr', text: 'exiting with code 1' },
];

/** The container runtime's own log format, which kwok reads: time, stream, F for a full line, text. */
const formatLog = (lines: readonly LogLine[], now: Date): string =>
  lines
    .map(
      ({ stream, text }, index) => `${new Date(now.getTime() + index).toISOString()} ${stream} F ${text}\n`,
    )
    .join('');
