import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

/** A control plane that is replaced, or a network that is down, is away for minutes; no backup is to be lost by that. */

const AWAY_SECONDS = 5 * 60;
const MACHINES = new URL('../../state-machines/', import.meta.url);
const FUNCTIONS = new URL('../../functions/backup/', import.meta.url);

const Retrier = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
  BackoffRate: z.number(),
  MaxDelaySeconds: z.number(),
  JitterStrategy: z.literal('FULL'),
});
const Catcher = z.object({ ErrorEquals: z.array(z.string()), Next: z.string() });
const Task = z.object({
  Arguments: z.object({ FunctionName: z.string() }),
  Retry: z.array(Retrier),
  Catch: z.array(Catcher),
});
type Task = z.output<typeof Task>;
const State = z.looseObject({ Type: z.string(), Next: z.string().optional() });
const Machine = z.object({ States: z.record(z.string(), State) });

const machines = ['backup', 'backup-verification', 'backup-upkeep', 'restore', 'restore-drill'].map(
  (name) => {
    const definition: unknown = JSON.parse(readFileSync(new URL(`${name}.asl.json`, MACHINES), 'utf8'));
    return { machine: name, ...Machine.parse(definition) };
  },
);

/** What a file of ours loads, types left out. */
const listLoaded = (file: string): string[] => {
  const source = readFileSync(new URL(file, FUNCTIONS), 'utf8');
  const loads = source.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)';$/gms);
  return [...loads].map(([, path = '']) => new URL(path, new URL(file, FUNCTIONS)).href);
};
/** Every client of a cluster begins here. */
const CLUSTER = new URL('../clients/kubernetes.ts', FUNCTIONS).href;

/** `${BeginBackupArn}` is begin-backup.ts; a Lambda that comes to load the connection to a cluster asks it. */
const asksCluster = ({ Arguments: { FunctionName } }: Task): boolean => {
  const words = /^\$\{(\w+)Arn\}$/.exec(FunctionName)?.[1]?.split(/(?=[A-Z])/) ?? [];
  const seen = new Set<string>();
  const open = [new URL(`${words.join('-').toLowerCase()}.ts`, FUNCTIONS).href];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === CLUSTER) return true;
    if (!seen.has(file)) open.push(...listLoaded(file));
    seen.add(file);
  }
  return false;
};

const rows = machines.flatMap(({ machine, States }) =>
  Object.entries(States).flatMap(([name, state]) => {
    const task = Task.safeParse(state).data;
    return task && asksCluster(task) ? [{ machine, name, task, States }] : [];
  }),
);

/**
 * Seconds of pauses between the attempts, with luck against them: each is drawn evenly from 0 up to its length (Step
 * Functions developer guide, "Retrying after an error", JitterStrategy), so half of their sum is to be expected, and one
 * run in a thousand gets less than three standard deviations below that. An attempt itself takes from nothing, when the
 * connection is refused, to the time limit of the Lambda, and is not counted.
 */
const leastPatience = ({ Retry }: Task): number => {
  const retrier = Retry.find(({ ErrorEquals }) => ErrorEquals.includes('TransientError'));
  if (!retrier) return 0;
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts } = retrier;
  const pauses = Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt),
  );
  const expected = pauses.reduce((sum, pause) => sum + pause / 2, 0);
  const variance = pauses.reduce((sum, pause) => sum + pause ** 2 / 12, 0);
  return expected - 3 * Math.sqrt(variance);
};

/** Does what catches it only wait, and then ask again? */
const looksAgain = ({ task, States }: (typeof rows)[number]): boolean => {
  let name = task.Catch.find(({ ErrorEquals }) => ErrorEquals.includes('TransientError'))?.Next;
  let hasWaited = false;
  while (name !== undefined) {
    const state: z.output<typeof State> | undefined = States[name];
    if (state?.Type === 'Task') return hasWaited && rows.some((row) => row.name === name);
    if (state?.Type !== 'Pass' && state?.Type !== 'Wait') return false;
    hasWaited ||= state.Type === 'Wait';
    name = state.Next;
  }
  return false;
};

describe('while a cluster is away for five minutes', () => {
  it.each(rows.map((row) => [row.machine, row.name, row] as const))(
    '%s: %s waits',
    (_machine, _name, row) => {
      expect(looksAgain(row) || leastPatience(row.task) > AWAY_SECONDS).toBe(true);
    },
  );
});

it('finds the steps that ask a cluster', () => {
  const found = rows.map(({ name }) => name);
  expect(found).toEqual(
    expect.arrayContaining([
      'BeginBackup',
      'ReadRelease',
      'ProbeAccess',
      'CheckPreflight',
      'StartBackupJob',
      'WatchBackupJob',
      'ExportSecrets',
      'InspectRestore',
      'PlanRestore',
      'AdvanceRestore',
      'WriteSecrets',
    ]),
  );
});
