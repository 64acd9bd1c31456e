import { expect, test } from 'vitest';
import type * as z from 'zod';
import * as acceptApprovalContract from '../../../../functions/backup/accept-restore-approval.contract.ts';
import { run as acceptApproval } from '../../../../functions/backup/accept-restore-approval.ts';
import * as acceptChoiceContract from '../../../../functions/backup/accept-restore-choice.contract.ts';
import { run as acceptChoice } from '../../../../functions/backup/accept-restore-choice.ts';
import * as advanceContract from '../../../../functions/backup/advance-restore.contract.ts';
import { run as advance } from '../../../../functions/backup/advance-restore.ts';
import * as askContract from '../../../../functions/backup/ask-restore-choice.contract.ts';
import { run as ask } from '../../../../functions/backup/ask-restore-choice.ts';
import * as beginContract from '../../../../functions/backup/begin-restore.contract.ts';
import { run as begin } from '../../../../functions/backup/begin-restore.ts';
import * as finishContract from '../../../../functions/backup/finish-restore.contract.ts';
import { run as finish } from '../../../../functions/backup/finish-restore.ts';
import * as inspectContract from '../../../../functions/backup/inspect-restore.contract.ts';
import { run as inspect } from '../../../../functions/backup/inspect-restore.ts';
import * as planContract from '../../../../functions/backup/plan-restore.contract.ts';
import { run as plan } from '../../../../functions/backup/plan-restore.ts';
import * as probeExtensionsContract from '../../../../functions/backup/probe-extensions.contract.ts';
import { run as probeExtensions } from '../../../../functions/backup/probe-extensions.ts';
import * as putBackContract from '../../../../functions/backup/put-back-objects.contract.ts';
import { run as putBack } from '../../../../functions/backup/put-back-objects.ts';
import * as requestApprovalContract from '../../../../functions/backup/request-restore-approval.contract.ts';
import { run as requestApproval } from '../../../../functions/backup/request-restore-approval.ts';
import * as writeSecretsContract from '../../../../functions/backup/write-restore-secrets.contract.ts';
import { run as writeSecrets } from '../../../../functions/backup/write-restore-secrets.ts';
import { restorePlanKey, restorePlanKind } from '../../../../functions/records/backup/restore-plan.ts';
import { executionOf, REPLACE, readPlaceRun } from '../../../support/restore-execution.ts';
import { createRestoreSite, type RestoreSite } from '../../../support/restore-site.ts';
import { calmInvocation } from '../../../support/target-world.ts';
import { type Answer, walkMachine } from '../../../support/walk-machine.ts';
import { buildCronJob, buildWorkload } from '../restore-builders.ts';

/** How large the payloads of a restore become, with the real steps behind the real machine and a huge place. */

/** Of a state, its payload, and what a Task takes and gives. Source: Step Functions developer guide, "Service quotas". */
const MAX_PAYLOAD_BYTES = 256 * 1024;
/** What is merged into the payload of a state comes of two answers at most: that of the plan, and that of the approval. */
const MERGED = 2;

const fill = (site: RestoreSite, count: number): void => {
  for (let index = 0; index < count; index++) {
    const name = `gitlab-sidekiq-${'queue'.repeat(8)}-${index}`;
    site.scaling.putWorkload(buildWorkload(name, { app: 'sidekiq', replicas: 2 }));
    site.scaling.putCronJob(buildCronJob(`gitlab-clean-up-${index}`));
  }
};

type Deps = RestoreSite['deps'];
type Step = (payload: unknown, deps: Deps) => Promise<unknown>;
const calm = () => ({ ...calmInvocation(), remainingMs: () => 600_000 });
type Calm = ReturnType<typeof calm>;

/** A Lambda as Step Functions calls it: by its contract. */
const step =
  <Input extends z.ZodType>(
    contract: { readonly Input: Input },
    run: (input: z.output<Input>, deps: Deps, calling: Calm) => Promise<unknown>,
  ): Step =>
  (payload, deps) =>
    run(contract.Input.parse(payload), deps, calm());

const STEPS: Readonly<Record<string, Step>> = {
  InspectRestore: step(inspectContract, inspect),
  PlanRestore: step(planContract, plan),
  ProbeExtensions: step(probeExtensionsContract, probeExtensions),
  RequestRestoreApproval: step(requestApprovalContract, requestApproval),
  AcceptRestoreApproval: step(acceptApprovalContract, acceptApproval),
  BeginRestore: step(beginContract, begin),
  AdvanceRestore: step(advanceContract, advance),
  WriteRestoreSecrets: step(writeSecretsContract, writeSecrets),
  PutBackObjects: step(putBackContract, putBack),
  AskRestoreChoice: step(askContract, ask),
  AcceptRestoreChoice: step(acceptChoiceContract, acceptChoice),
  FinishRestore: step(finishContract, finish),
};

/** Walks one restore. @returns the largest answer of a step by its name, in bytes, and how it ended. */
const walkRestore = async (site: RestoreSite, choice: string) => {
  const execution = executionOf('restore-1');
  const sizes = new Map<string, number>();
  const play = async (called: string, payload: unknown): Promise<unknown> => {
    const output = await STEPS[called]?.(payload, site.deps);
    if (called === 'AskRestoreChoice')
      return { restore: 'restore-1', choice, by: 'Grace', why: 'people wait' };
    if (called !== 'RequestRestoreApproval') return output;
    const kept = await site.memory.read(restorePlanKind, restorePlanKey(execution.name));
    return { plan: kept?.value.id, by: 'Grace' };
  };
  const answer = async (called: string, payload: unknown): Promise<Answer> => {
    const output = await play(called, payload);
    for (const one of [payload, output]) {
      const size = Buffer.byteLength(JSON.stringify(one));
      sizes.set(called, Math.max(size, sizes.get(called) ?? 0));
    }
    site.clock.advance(10_000);
    return { output };
  };
  const walked = await walkMachine({ machine: 'restore', execution, input: REPLACE, answer });
  sizes.set('the end', Buffer.byteLength(JSON.stringify(walked.output)));
  return { sizes, outcome: (await readPlaceRun(site))?.outcome };
};

test.each([
  ['that goes well', [], 'resume', 'restored'],
  ['that fails half-way and is put back', ['restore-job'], 'put-back', 'put-back'],
])(
  'a restore %s fits into its payloads with 1,000 Deployments and CronJobs',
  async (_, failing, choice, end) => {
    const site = await createRestoreSite();
    site.state.failing.push(...failing);
    fill(site, 1_000);
    const { sizes, outcome } = await walkRestore(site, choice);
    expect(outcome).toBe(end);
    const tooLarge = [...sizes].filter(([, size]) => size * MERGED > MAX_PAYLOAD_BYTES);
    expect(tooLarge).toEqual([]);
  },
);

test('only what a person reads of a plan grows with the place, and stops growing', async () => {
  const sizesAt = async (count: number): Promise<ReadonlyMap<string, number>> => {
    const site = await createRestoreSite();
    fill(site, count);
    return (await walkRestore(site, 'resume')).sizes;
  };
  const [some, many] = [await sizesAt(300), await sizesAt(1_200)];
  for (const [name, size] of many) expect([name, size - (some.get(name) ?? 0) < 100]).toEqual([name, true]);
});
