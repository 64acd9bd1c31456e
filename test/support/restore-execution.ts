import { run as acceptApproval } from '../../functions/backup/accept-restore-approval.ts';
import { run as acceptChoice } from '../../functions/backup/accept-restore-choice.ts';
import { run as advance } from '../../functions/backup/advance-restore.ts';
import { run as ask } from '../../functions/backup/ask-restore-choice.ts';
import { run as begin } from '../../functions/backup/begin-restore.ts';
import { run as finish } from '../../functions/backup/finish-restore.ts';
import { run as handleFailure } from '../../functions/backup/handle-failure.ts';
import { run as inspect } from '../../functions/backup/inspect-restore.ts';
import { run as plan } from '../../functions/backup/plan-restore.ts';
import { run as probeExtensions } from '../../functions/backup/probe-extensions.ts';
import { run as putBack } from '../../functions/backup/put-back-objects.ts';
import { run as requestApproval } from '../../functions/backup/request-restore-approval.ts';
import { run as restoreNative } from '../../functions/backup/restore-native.ts';
import { run as writeSecrets } from '../../functions/backup/write-restore-secrets.ts';
import {
  type RestoreReference,
  type RestoreRun,
  restoreRunKey,
  restoreRunKind,
} from '../../functions/records/backup/restore.ts';
import {
  type RestoreStep,
  restorePlanKey,
  restorePlanKind,
} from '../../functions/records/backup/restore-plan.ts';
import { RestoreRequest } from '../../functions/records/backup/restore-request.ts';
import type { Execution } from '../../functions/records/execution.ts';
import { retried } from './kill-switch.ts';
import { type RestoreSite, SIDEKIQ, WEB } from './restore-site.ts';
import { calmInvocation } from './target-world.ts';

/** Executions of the machine `restore`, state by state as its definition has them. */

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-restore';

export const REPLACE = {
  environment: 'production',
  target: 'production',
  confirm: 'production',
  by: 'Ada',
  why: 'a table is gone',
  dryRun: false,
};

export const executionOf = (name: string): Execution => ({
  arn: `${MACHINE.replace('stateMachine', 'execution')}:${name}`,
  name,
  startedAt: '2026-11-22T09:00:00.000Z',
});

export const readPlaceRun = async (
  site: RestoreSite,
  place = 'production',
): Promise<RestoreRun | undefined> => (await site.memory.read(restoreRunKind, restoreRunKey(place)))?.value;

export interface Executed {
  readonly outcome: string;
  readonly restore?: RestoreReference | undefined;
}

export const openExecution = (site: RestoreSite, name = 'restore-1') => {
  const execution = executionOf(name);
  const { deps, clock } = site;
  const calm = () => ({ ...calmInvocation(), remainingMs: () => 600_000 });
  let restore: RestoreReference | undefined;
  const reference = (): RestoreReference => {
    if (!restore) throw new Error(`${name} has begun nothing.`);
    return restore;
  };
  const steps = {
    execution,
    retry: retried,
    plan: async (request: object = REPLACE) => {
      const parsed = RestoreRequest.parse(request);
      const inspected = await retried(() => inspect({ execution, request: parsed }, deps, calm()));
      if (inspected.outcome === 'refused') return { ...inspected, text: [] };
      const first = await retried(() => plan({ execution, request: parsed, mayProbe: true }, deps, calm()));
      if (first.outcome !== 'probe') return first;
      await retried(() => probeExtensions({ execution, request: parsed }, deps, calm()));
      return retried(() => plan({ execution, request: parsed, mayProbe: false }, deps, calm()));
    },
    approve: async (by = 'Grace') => {
      await retried(() => requestApproval({ execution, taskToken: 'token', approvalSeconds: 3_600 }, deps));
      const { id } = (await site.memory.read(restorePlanKind, restorePlanKey(name)))?.value ?? { id: '' };
      return retried(() => acceptApproval({ execution, answer: { plan: id, by } }, deps));
    },
    begin: async (carryOn?: RestoreReference & { readonly giveBack?: true }) => {
      const begun = await retried(() => begin({ execution, ...(carryOn ? { carryOn } : {}) }, deps, calm()));
      restore = begun.restore;
      return begun;
    },
    advance: (looks = 0) => advance({ execution, restore: reference(), looks }, deps, calm()),
    writeSecrets: () => writeSecrets({ execution, restore: reference() }, deps, calm()),
    ask: (taskToken = 'choice', refused: string[] = []) =>
      ask({ execution, restore: reference(), taskToken, refused }, deps),
    answer: (answer: unknown) => acceptChoice({ execution, restore: reference(), answer }, deps),
    finish: () => finish({ execution, restore: reference(), outcome: 'refused', reasons: [] }, deps),
    /** From the request to its begin, approved. */
    start: async (request: object = REPLACE) => {
      await steps.plan(request);
      await steps.approve();
      return steps.begin();
    },
    /** Until the run is so, before anything of its next look. */
    until: async (holds: (run: RestoreRun) => boolean): Promise<void> => {
      for (let looks = 0; looks < 400; looks++) {
        const run = await readPlaceRun(site);
        if (run && holds(run)) return;
        await steps.turn(looks);
      }
      throw new Error('It never came to that.');
    },
    /** One turn of the loop, with what the machine does about its answer. */
    turn: async (looks: number) => {
      const look = await retried(() => steps.advance(looks));
      if (look.outcome === 'under-way') clock.advance(look.waitSeconds * 1_000);
      if (look.outcome === 'secrets') await retried(() => steps.writeSecrets());
      if (look.outcome === 'objects') {
        await retried(() => putBack({ execution, restore: reference() }, deps, calm()));
      }
      if (look.outcome === 'native') {
        await retried(() => restoreNative({ execution, restore: reference() }, deps, calm()));
      }
      return look;
    },
    /** Until it has ended, or waits for a person. */
    follow: async (each: (run: RestoreRun | undefined) => void = () => undefined): Promise<Executed> => {
      for (let looks = 0; looks < 400; looks++) {
        const { outcome } = await steps.turn(looks);
        each(await readPlaceRun(site));
        if (outcome === 'ask') return { outcome, restore: reference() };
        if (outcome === 'ended' || outcome === 'lost') {
          const ended = await retried(() => steps.finish());
          return { outcome: ended.outcome, restore: reference() };
        }
      }
      throw new Error('It never came to an end.');
    },
    /** From the request to the end, or to a question. */
    play: async (request: object = REPLACE): Promise<Executed> => {
      const planned = await steps.plan(request);
      if (planned.outcome !== 'proceed') return planned;
      await steps.approve();
      const begun = await steps.begin();
      return begun.outcome === 'begun' ? steps.follow() : begun;
    },
    /** Its end as EventBridge tells it. */
    fail: (status: 'FAILED' | 'ABORTED' = 'ABORTED', input: object = REPLACE) =>
      retried(() =>
        handleFailure(
          {
            'detail-type': 'Step Functions Execution Status Change' as const,
            detail: {
              executionArn: execution.arn,
              stateMachineArn: MACHINE,
              name,
              status,
              startDate: Date.parse(execution.startedAt),
              stopDate: clock.now().getTime(),
              input: JSON.stringify(input),
            },
          },
          deps,
        ),
      ),
  };
  return steps;
};

/** Has a step of it ended well? */
export const hasDone =
  (step: RestoreStep) =>
  ({ steps }: Pick<RestoreRun, 'steps'>): boolean =>
    steps.some((one) => one.step === step && one.state === 'done');

/** Is anything up that takes writes? */
export const isOpen = async ({ scaling }: RestoreSite): Promise<boolean> =>
  (await scaling.listWorkloads('gitlab')).some(
    ({ name, replicas }) => [WEB, SIDEKIQ].includes(name) && replicas > 0,
  );
