import type { NamedTarget } from '../../records/configuration/lookup.ts';
import type { Pause } from '../../records/pause.ts';
import type { Hold } from '../../records/target-state.ts';
import { renderColumns } from '../terminal.ts';
import type { Line, TargetNow } from './history.ts';

/** What `why` prints: how a target stands, and what was decided, newest first. */

/** How a person starts the control machine with an input. */
type Steer = (input: Readonly<Record<string, unknown>>) => string;

/** Writes the command that steers a site, or what to start in the console when its machine is not known. */
export const steerBy =
  (controlMachine: string | undefined): Steer =>
  (input) => {
    const json = JSON.stringify({ ...input, by: '<you>', why: '<why>' });
    if (controlMachine === undefined) return `start the control machine with ${json}`;
    return `aws stepfunctions start-execution --region ${controlMachine.split(':')[3]} --state-machine-arn ${controlMachine} --input '${json}'`;
  };

/** Writes the entries as a table, newest first. */
export const renderHistory = (lines: readonly Line[], width?: number): string => {
  const rows = lines.map(({ at, target, outcome, tag, digest, reason }) => [
    at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    target ?? '(event)',
    outcome,
    tag ?? shortDigest(digest) ?? '-',
    reason,
  ]);
  return renderColumns([['TIME', 'TARGET', 'OUTCOME', 'TAG', 'REASON'], ...rows], width);
};

/** Writes how a target stands now, with the command that lifts each hold and ends a pause. */
export const renderTarget = (
  name: string,
  target: NamedTarget | undefined,
  now: TargetNow | undefined,
  steer: Steer,
  width?: number,
): string => {
  const rows = [
    ...(target ? describeTarget(target) : [['target', `${name} is not in drydock.yaml (any more)`]]),
    ...(now ? describeNow(now, steer) : [['running', 'nothing that Drydock has rolled out yet']]),
  ];
  return [
    name,
    renderColumns(
      rows.map(([what = '', says = '']) => ['', what, says]),
      width,
    ),
  ].join('\n');
};

const describeTarget = ({ environment, workload, image, policy, mode }: NamedTarget): string[][] => [
  ['target', `${workload.kind} ${workload.namespace}/${workload.name} in ${environment}, mode ${mode}`],
  ['follows', `${image} by ${JSON.stringify(policy)}`],
];

const describeNow = ({ state, pause }: TargetNow, steer: Steer): string[][] => {
  const { running, rolling, desired, holds, applied } = state;
  return [
    [
      'running',
      running
        ? `${running.tag} ${running.digest} since ${running.since}`
        : 'nothing Drydock has rolled out yet',
    ],
    ...(rolling ? [['rolling out', `${rolling.digest} (execution ${rolling.rollout})`]] : []),
    ...(desired
      ? [['waiting', `${desired.tag} ${desired.digest}, for the end of the rollout before it`]]
      : []),
    ...(applied && applied.digest !== running?.digest
      ? [['last set', `${applied.tag ?? 'an image without tag'} ${applied.digest}`]]
      : []),
    ...holds.flatMap((hold) => describeHold(state.target, hold, steer)),
    ...(pause ? describePause(pause, steer) : []),
  ];
};

const describeHold = (target: string, { tag, digest, since, why }: Hold, steer: Steer): string[][] => [
  ['on hold', `${tag} ${digest} since ${since}: ${why}`],
  ['', `lift it: ${steer({ liftHold: { target, digest } })}`],
];

const describePause = ({ scope, by, why, since, until }: Pause, steer: Steer): string[][] => [
  ['paused', `${scope} by ${by} since ${since} ${until ? `until ${until}` : 'without end'}: ${why}`],
  ['', `resume: ${steer({ resume: scope })}`],
];

const shortDigest = (digest: string | undefined): string | undefined => digest?.slice(0, 19);
