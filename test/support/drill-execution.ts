import { run as advance } from '../../functions/backup/advance-drill.ts';
import { run as begin } from '../../functions/backup/begin-drill.ts';
import { run as finish } from '../../functions/backup/finish-drill.ts';
import { run as inspect } from '../../functions/backup/inspect-drill.ts';
import type { DrillReference } from '../../functions/records/backup/drill.ts';
import { DrillRequest } from '../../functions/records/backup/drill-request.ts';
import type { Execution } from '../../functions/records/execution.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import type { DrillSite } from './drill-site.ts';
import { Killed, retried as retryKilled } from './kill-switch.ts';
import { calmInvocation } from './target-world.ts';

/** Executions of the machine `restore-drill`, state by state as its definition has them. */

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-restore-drill';

export const drillExecutionOf = (name: string): Execution => ({
  arn: `${MACHINE.replace('stateMachine', 'execution')}:${name}`,
  name,
  startedAt: '2026-11-22T10:00:00.000Z',
});

/** Step Functions retries a Lambda that died, or that asks for it. */
const retried = <T>(step: () => Promise<T>): Promise<T> =>
  retryKilled(step, (error) => error instanceof Killed || error instanceof TransientError, 6);

export interface DrillPlayed {
  readonly outcome: string;
  readonly message: string;
  readonly reasons: readonly string[];
}

export const openDrillExecution = (site: DrillSite, name = 'drill-1') => {
  const execution = drillExecutionOf(name);
  const { deps, clock } = site;
  let drill: DrillReference | undefined;
  const reference = (): DrillReference => {
    if (!drill) throw new Error(`${name} has begun nothing.`);
    return drill;
  };
  const steps = {
    execution,
    begin: async (request: object = {}) => {
      const parsed = DrillRequest.parse({ environment: 'production', ...request });
      const begun = await retried(() => begin({ execution, request: parsed }, deps));
      drill = begun.drill;
      return begun;
    },
    advance: (looks = 0) => advance({ execution, drill: reference(), looks }, deps, calmInvocation()),
    inspect: () => inspect({ execution, drill: reference() }, deps, calmInvocation()),
    finish: () => finish({ execution, drill: reference(), scheduled: false, reasons: [] }, deps),
    /** One turn of the loop, with what the machine does about its answer. */
    turn: async (looks: number) => {
      const look = await retried(() => steps.advance(looks));
      if (look.outcome === 'under-way') clock.advance(look.waitSeconds * 1_000);
      if (look.outcome === 'inspect') await retried(() => steps.inspect());
      return look;
    },
    /** Until it has ended. @param each asked before every turn; `false`: the execution is stopped there. */
    follow: async (each: (looks: number) => unknown = () => undefined): Promise<DrillPlayed> => {
      for (let looks = 0; looks < 400; looks++) {
        if ((await each(looks)) === false) return { outcome: 'stopped', message: '', reasons: [] };
        const { outcome } = await steps.turn(looks);
        if (outcome === 'ended' || outcome === 'lost') return retried(() => steps.finish());
      }
      throw new Error('It never came to an end.');
    },
    /** From the request to the end. */
    play: async (request: object = {}, each?: (looks: number) => unknown): Promise<DrillPlayed> => {
      const begun = await steps.begin(request);
      return begun.outcome === 'begun' ? steps.follow(each) : begun;
    },
  };
  return steps;
};
