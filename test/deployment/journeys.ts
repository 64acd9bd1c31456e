import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import type { Script } from '../support/scripted-walk.ts';
import type { Walk } from '../support/walk-machine.ts';

/** The ways through our machines: what each function answers, and by which states that leads to which end. */

/** An input or output of release 0.1.0. */
const Sample = z.object({ input: z.looseObject({}), output: z.looseObject({}) });
export const sample = (name: string) => {
  const file = new URL(`./release-samples/0.1.0/${name}.json`, import.meta.url);
  return Sample.parse(JSON.parse(readFileSync(file, 'utf8')));
};

export const ORDER = { order: sample('apply-image.order').input['order'] };
export const EVENT = { event: sample('verify-image.push').input['event'] };
const out = (name: string): object => sample(name).output;
const watched = (outcome: string) => ({ outcome, code: outcome, reasons: ['a reason'] });
const finished = (outcome: string) => ({ outcome });
const forbidden = new RefusedError('kubernetes.forbidden', 'The role may not patch.');
const down = new TransientError('kubernetes.unavailable', 'The API server does not answer.');

export interface Journey {
  readonly machine: string;
  readonly what: string;
  readonly input: unknown;
  readonly script: Script;
  readonly states: string;
  readonly status?: Walk['status'];
  readonly output?: object;
}

const ROLLOUT: Omit<Journey, 'machine' | 'input'>[] = [
  {
    what: 'an image that becomes healthy',
    script: {
      ApplyImage: out('apply-image.order'),
      WatchRollout: [out('watch-rollout.rollout'), watched('rolled-out')],
      FinishRollout: finished('rolled-out'),
    },
    states:
      'ApplyImage WasImageApplied WatchRollout IsRolloutSettled WatchRollout IsRolloutSettled FinishRollout EndRollout',
    output: { outcome: 'rolled-out' },
  },
  {
    what: 'an image that fails and is rolled back',
    script: {
      ApplyImage: out('apply-image.order'),
      WatchRollout: watched('failed'),
      CollectLogs: out('collect-logs.failed'),
      RollBack: out('roll-back.crash-loop'),
      WatchRollback: [watched('progressing'), out('watch-rollout.rollback')],
      FinishRollout: finished('rolled-back'),
    },
    states:
      'ApplyImage WasImageApplied WatchRollout IsRolloutSettled CollectLogs RollBack IsRollingBack ' +
      'WatchRollback IsRollbackSettled WatchRollback IsRollbackSettled FinishRollout EndRollout',
    output: { outcome: 'rolled-back' },
  },
  {
    what: 'a failure that may not be rolled back, whose logs cannot be read',
    script: {
      ApplyImage: out('apply-image.order'),
      WatchRollout: watched('failed'),
      CollectLogs: down,
      RollBack: { outcome: 'failed', code: 'rollback-forbidden', reasons: ['the target forbids it'] },
      FinishRollout: finished('failed'),
    },
    states:
      'ApplyImage WasImageApplied WatchRollout IsRolloutSettled CollectLogs RollBack IsRollingBack FinishRollout EndRollout',
    output: { outcome: 'failed' },
  },
  {
    what: 'a target that another rollout holds',
    script: { ApplyImage: { outcome: 'queued', code: 'queued', reasons: [] } },
    states: 'ApplyImage WasImageApplied EndRollout',
    output: { outcome: 'queued' },
  },
  {
    what: 'a right that is missing',
    script: { ApplyImage: forbidden, FinishRollout: finished('refused') },
    states: 'ApplyImage IsInputUnreadable FinishRollout EndRollout',
    output: { outcome: 'refused' },
  },
  {
    what: 'a cluster that is down',
    script: { ApplyImage: down, FinishRollout: finished('not-applied') },
    states: 'ApplyImage FinishRollout EndRollout',
    output: { outcome: 'not-applied' },
  },
  {
    what: 'an end that may not be told, so that the failure handler must free the target',
    script: {
      ApplyImage: forbidden,
      FinishRollout: new RefusedError('notifier.forbidden', 'The role may not publish.'),
    },
    states: 'ApplyImage IsInputUnreadable FinishRollout FailRollout',
    status: 'FAILED',
  },
  {
    what: 'a defect',
    script: { ApplyImage: new Error('a bug') },
    states: 'ApplyImage FailRollout',
    status: 'FAILED',
  },
];

const DEPLOYMENT: Omit<Journey, 'machine' | 'input'>[] = [
  {
    what: 'an image that many targets want',
    script: {
      VerifyImage: out('verify-image.push'),
      DecideTargets: out('decide-targets.confirmed'),
      StartRollouts: [out('start-rollouts.first-page'), out('start-rollouts.next-page')],
    },
    states:
      'VerifyImage IsImageConfirmed DecideTargets IsAnythingToRollOut StartRollouts AreAllStarted StartRollouts ' +
      'AreAllStarted EndDeployment',
  },
  {
    what: 'an image that nobody wants',
    script: {
      VerifyImage: out('verify-image.push'),
      DecideTargets: { outcome: 'decided', rollouts: 0, refused: 2, notChecked: 0 },
    },
    states: 'VerifyImage IsImageConfirmed DecideTargets IsAnythingToRollOut EndDeployment',
  },
  {
    what: 'a tag that is gone',
    script: { VerifyImage: { outcome: 'ignored', reason: 'the tag is gone' } },
    states: 'VerifyImage IsImageConfirmed EndDeployment',
  },
  {
    what: 'a registry that is down',
    script: { VerifyImage: down, DeferImage: out('defer-image.registry-down') },
    states: 'VerifyImage IsInputUnreadable DeferImage EndDeployment',
  },
  {
    what: 'a registry that refuses us',
    script: { VerifyImage: forbidden, DeferImage: out('defer-image.registry-down') },
    states: 'VerifyImage IsInputUnreadable DeferImage EndDeployment',
  },
  {
    what: 'a deferral that cannot be stored',
    script: { VerifyImage: down, DeferImage: down },
    states: 'VerifyImage IsInputUnreadable DeferImage FailDeployment',
    status: 'FAILED',
  },
];

const SWEEP: Omit<Journey, 'machine' | 'input'>[] = [
  {
    what: 'two repositories, of which one does not answer',
    script: {
      PlanSweep: { images: ['registry.example.com/shop/web', 'registry.example.com/shop/api'] },
      SweepRepository: [out('sweep-repository.image'), down],
      RepairRecords: out('repair-records.schedule'),
    },
    states:
      'PlanSweep RepairRecords SweepRepositories SweepRepository SweepRepository NoteUnchecked IsEverythingRepaired ' +
      'EndSweep',
  },
  {
    what: 'records that cannot be repaired, which stops no repository from being looked at',
    script: {
      PlanSweep: out('plan-sweep.schedule'),
      SweepRepository: out('sweep-repository.image'),
      RepairRecords: down,
    },
    states: 'PlanSweep RepairRecords SweepRepositories SweepRepository IsEverythingRepaired FailRepairs',
    status: 'FAILED',
  },
];

const CONTROL: (Omit<Journey, 'machine' | 'input'> & { readonly input: unknown })[] = [
  {
    what: 'a pause',
    input: sample('set-control.pause-all').input,
    script: { SetControl: out('set-control.pause-all') },
    states: 'SetControl EndControl',
  },
  {
    what: 'a resume',
    input: sample('set-control.resume-target').input,
    script: { SetControl: out('set-control.resume-target') },
    states: 'SetControl EndControl',
    output: { outcome: 'resumed' },
  },
  {
    what: 'a lifted hold',
    input: sample('set-control.lift-hold').input,
    script: { SetControl: out('set-control.lift-hold') },
    states: 'SetControl EndControl',
  },
];

export const JOURNEYS: Journey[] = [
  ...ROLLOUT.map((journey) => ({ machine: 'rollout', input: ORDER, ...journey })),
  ...DEPLOYMENT.map((journey) => ({ machine: 'deployment', input: EVENT, ...journey })),
  ...SWEEP.map((journey) => ({ machine: 'deployment-sweep', input: {}, ...journey })),
  ...CONTROL.map((journey) => ({ machine: 'control', ...journey })),
];
