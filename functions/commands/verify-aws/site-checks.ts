import * as z from 'zod';
import type { ExecutionState } from '../../clients/executions.ts';
import { type Pause, pauseKey, pauseKind } from '../../records/pause.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { type Check, type Finding, fail, notChecked, pass } from '../doctor/check.ts';
import type { Verification } from './subject.ts';

/** A deployed site does what it is there for: it runs, it writes down, it is heard, it can be stopped. */

export const stackCheck: Check<Verification> = {
  name: 'stack',
  async run(at) {
    const found = Object.keys(await at.outputs()).length;
    return found > 0
      ? pass(`is there, with ${found} outputs`)
      : fail(`is not there in ${at.site.region}`, `npm run deploy -- --site ${at.name}`);
  },
};

/** Where the deployment capability is on. */
export const sweepCheck: Check<Verification> = {
  name: 'sweep',
  needs: ['stack'],
  async run(at) {
    const state = await runMachine(at, 'DeploymentSweepMachineArn', `${at.runId}-sweep`, {});
    return judgeExecution(state, 'a sweep');
  },
};

const CheckedClusters = z.object({
  clusters: z.array(z.object({ cluster: z.string(), outcome: z.string() })),
});

/** Where the upgrade capability is on: as a pipeline asks, so that nobody is told and no last report is replaced. */
export const clusterCheck: Check<Verification> = {
  name: 'upgrade check',
  needs: ['stack'],
  async run(at) {
    const name = `${at.runId}-upgrade-check`;
    const state = await runMachine(at, 'UpgradeCheckMachineArn', name, { gate: true });
    const ran = judgeExecution(state, 'an upgrade check');
    if (ran.state !== 'pass') return ran;
    const { clusters } = CheckedClusters.parse(JSON.parse(state?.output ?? ''));
    const said = clusters.map(({ cluster, outcome }) => `${cluster} ${outcome}`).join(', ');
    return clusters.some(({ outcome }) => outcome === 'not-checked')
      ? notChecked(said, 'npm run doctor')
      : pass(`${ran.detail}: ${said}`);
  },
};

export const siteChecks: readonly Check<Verification>[] = [
  {
    name: 'ledger',
    needs: ['stack'],
    async run(at) {
      const bucket = await output(at, 'LedgerBucketName');
      const ledger = at.tools.openLedger(bucket, at.site.region);
      const key = `verify/${at.runId}.json`;
      await ledger.claim(probeKind, key, { version: 1, id: at.runId });
      try {
        const stored = await ledger.read(probeKind, key);
        return stored?.value.id === at.runId
          ? pass(`wrote a record to ${bucket}, read it back and removed it`)
          : fail(`${bucket} does not give back what was written to it`, 'npm run doctor');
      } finally {
        await ledger.remove(key);
      }
    },
  },
  {
    name: 'topic',
    needs: ['stack'],
    async run(at) {
      const arn = await output(at, 'TopicArn');
      const topic = await at.tools.inspectSite(at.site.region).readTopic(arn);
      if (!topic) return fail(`there is no topic ${arn}`, `npm run deploy -- --site ${at.name}`);
      if (topic.confirmed > 0) return pass(`${topic.confirmed} subscribed`);
      return fail(
        topic.pending > 0 ? `${topic.pending} invited, nobody has confirmed` : 'nobody is subscribed',
        `Write sites.${at.name}.notifications.subscribe and deploy; each address confirms by mail.`,
      );
    },
  },
];

/** A pause of a minute: if this command is ended in the middle, it ends by itself. */
const PAUSE_MS = 60_000;
/** The capability that the stop button is tried on: whichever is on. */
export const pausedCapability = ({
  deployment,
  upgrade,
}: Pick<Verification['configuration'], 'deployment' | 'upgrade'>): 'deployment' | 'upgrade' | 'backup' => {
  if (deployment) return 'deployment';
  return upgrade ? 'upgrade' : 'backup';
};

export const pauseCheck: Check<Verification> = {
  name: 'pause',
  needs: ['stack'],
  async run(at) {
    const scope = `capability/${pausedCapability(at.configuration)}`;
    const ledger = at.tools.openLedger(await output(at, 'LedgerBucketName'), at.site.region);
    const read = async () => (await ledger.read(pauseKind, pauseKey(scope)))?.value;
    const before = await read();
    if (before && isPaused(before, at.tools.clock.now())) {
      return notChecked(`${scope} is paused by ${before.by} (${before.why}); left as it is`);
    }
    const who = { by: 'npm run verify:aws', why: 'a test of the stop button, over in a minute' };
    const until = new Date(at.tools.clock.now().getTime() + PAUSE_MS).toISOString();
    const pressed = await control(at, 'pause', { pause: scope, ...who, until });
    const during = await read();
    const released = await control(at, 'resume', { resume: scope, ...who });
    const after = await read();
    if (pressed?.status !== 'succeeded') return judgeExecution(pressed, 'the pause');
    if (released?.status !== 'succeeded') return judgeExecution(released, 'the resume');
    return during?.paused === true && after?.paused === false
      ? pass(`${scope} was paused and resumed`)
      : fail(`${scope} was paused: ${during?.paused}; then resumed: ${after?.paused === false}`, LOOK);
  },
};

const isPaused = ({ paused, until }: Pause, now: Date): boolean =>
  paused && (until === undefined || new Date(until) > now);

const control = (at: Verification, what: string, input: object) =>
  runMachine(at, 'DeploymentControlMachineArn', `${at.runId}-${what}`, input);

const probeKind = { name: 'probe', schema: z.object({ version: z.literal(1), id: z.string() }) };

/** What to do about an execution that ended otherwise than it should. */
export const LOOK = 'Open the execution in the Step Functions console; the state that failed says why.';

/** Milliseconds between two looks at an execution, and in all: a sweep of many repositories takes minutes. */
const LOOK_EVERY_MS = 1_000;
const PATIENCE_MS = 300_000;

/** Starts an execution and waits for its end; gives how it stood when patience ended. */
export const runMachine = async (
  at: Verification,
  machineOutput: string,
  name: string,
  input: object,
): Promise<ExecutionState | undefined> => {
  const { clock } = at.tools;
  const machine = await output(at, machineOutput);
  const executions = at.tools.openExecutions(at.site.region);
  await executions.start({ machine, name, input });
  const arn = `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  const end = clock.now().getTime() + PATIENCE_MS;
  let state = await executions.describe(arn);
  while ((state === undefined || state.status === 'running') && clock.now().getTime() < end) {
    await clock.sleep(LOOK_EVERY_MS);
    state = await executions.describe(arn);
  }
  return state;
};

/** An execution that succeeded, failed, or still ran when patience ended. */
export const judgeExecution = (state: ExecutionState | undefined, what: string): Finding => {
  if (state?.status === 'succeeded') {
    const ms = (state.stoppedAt?.getTime() ?? 0) - (state.startedAt?.getTime() ?? 0);
    return pass(`${what} ran and succeeded, in ${(ms / 1000).toFixed(1)} s`);
  }
  if (state === undefined || state.status === 'running') {
    return notChecked(`${what} still runs after ${PATIENCE_MS / 1000} s`, LOOK);
  }
  return fail([`${what} ${state.status}`, state.error, state.cause].filter((part) => part).join(': '), LOOK);
};

const output = async (at: Verification, name: string): Promise<string> => {
  const value = (await at.outputs())[name];
  if (value !== undefined) return value;
  throw new RefusedError('verify.no-output', `The stack tells no ${name}; deploy it again.`);
};
