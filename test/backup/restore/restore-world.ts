import { applyChoice } from '../../../functions/backup/restore/choice.ts';
import { nextRestoreStep, type RestoreMove } from '../../../functions/backup/restore/next-restore-step.ts';
import { findCurrentStep } from '../../../functions/backup/restore/run-steps.ts';
import {
  type Change,
  done,
  failed,
  plainTurn,
  type StepTurn,
} from '../../../functions/backup/restore/step-turn.ts';
import { type TurnReaders, takeTurn } from '../../../functions/backup/restore/take-turn.ts';
import type { RestoreRun } from '../../../functions/records/backup/restore.ts';
import type { RestoreChoiceWord } from '../../../functions/records/backup/restore-choice.ts';
import type { RestoreStep } from '../../../functions/records/backup/restore-plan.ts';
import type { Job } from '../../../functions/records/kubernetes-job.ts';
import { buildJob } from '../../support/job-builders.ts';
import {
  buildAutoscaler,
  buildCronJob,
  buildFingerprint,
  buildWorkload,
  SAFETY_ID,
} from './restore-builders.ts';

/**
 * A GitLab in memory that a restore is carried out on, look by look, as the Lambda does it: look, decide, write the
 * record, change. A look can be killed at any point. Pods end a look later, and KEDA scales up from 0 where it may.
 */
export interface RestoreWorld {
  run: RestoreRun;
  readonly state: ClusterState;
  /** Jobs that were made, in order, and what people may notice: `open` is noted when web or Sidekiq came up. */
  readonly history: string[];
  /** One look, killed behind so many of its writes (the record is the first); undefined: it lives. */
  look(killedAfter?: number): Promise<RestoreMove>;
  choose(choice: RestoreChoiceWord): void;
}

interface ClusterState {
  replicas: Record<string, number>;
  pods: Record<string, number>;
  paused: Record<string, string | undefined>;
  suspended: Record<string, boolean>;
  secrets: Record<string, string | undefined>;
  restartedFor: Record<string, string>;
}

export interface Troubles {
  /** Steps that fail, and how often. */
  readonly failing?: Partial<Record<RestoreStep, number>>;
}

export const WEB = 'gitlab-webservice-default';
const SIDEKIQ = 'gitlab-sidekiq-all-in-1-v2';
const APPS: Readonly<Record<string, string>> = {
  [WEB]: 'webservice',
  [SIDEKIQ]: 'sidekiq',
  'gitlab-toolbox': 'toolbox',
  'gitlab-gitlab-exporter': 'gitlab-exporter',
};

/** What of the cluster a restore may change and an undoing brings back. */
export const snapshot = ({ state }: RestoreWorld) => {
  const { replicas, paused, suspended, secrets } = state;
  return structuredClone({ replicas, paused, suspended, secrets });
};

/** Steps that change the place and make no Job. */
const CHANGING: readonly RestoreStep[] = ['suspend-schedules', 'quiesce', 'restore-secrets'];

export const openRestoreWorld = (run: RestoreRun, { failing = {} }: Troubles = {}): RestoreWorld => {
  let now = Date.parse('2026-03-01T12:00:00.000Z');
  let safety: 'none' | 'running' | 'verified' | 'incomplete' = 'none';
  const jobs = new Map<string, Job>();
  const left = new Map(Object.entries(failing));
  const state: ClusterState = {
    replicas: { [WEB]: 3, [SIDEKIQ]: 2, 'gitlab-toolbox': 1, 'gitlab-gitlab-exporter': 1 },
    pods: { [WEB]: 3, [SIDEKIQ]: 2, 'gitlab-toolbox': 1, 'gitlab-gitlab-exporter': 1 },
    paused: { [SIDEKIQ]: undefined },
    suspended: { 'gitlab-toolbox-backup': true, 'gitlab-clean-up': false },
    secrets: { 'rails-secret': 'now' },
    restartedFor: {},
  };

  /** Does this step fail this time? */
  const isFailing = (step: RestoreStep): boolean => {
    const count = left.get(step) ?? 0;
    left.set(step, count - 1);
    return count > 0;
  };

  const tick = (): void => {
    now += 30_000;
    for (const name of Object.keys(state.replicas)) {
      if (state.replicas[name] === 0 && name in state.paused && state.paused[name] !== 'true') {
        state.replicas[name] = 1;
      }
      state.pods[name] = state.replicas[name] ?? 0;
    }
  };

  const readers: TurnReaders = {
    place: async () => ({
      now: new Date(now),
      workloads: listWorkloads(),
      autoscalers: Object.entries(state.paused).map(([target, value]) =>
        buildAutoscaler('ScaledObject', target, {
          annotations: value === undefined ? {} : { 'autoscaling.keda.sh/paused': value },
        }),
      ),
      cronJobs: Object.entries(state.suspended).map(([name, suspended]) => buildCronJob(name, suspended)),
    }),
    secrets: async () => ({
      now: new Date(now),
      ofSet: [buildFingerprint('rails-secret', 'set')],
      current: [buildFingerprint('rails-secret', state.secrets['rails-secret'] ?? '')],
      workloads: listWorkloads(),
    }),
    safety: async () => {
      if (safety === 'none' || safety === 'running') return { state: safety };
      return {
        state: 'ended',
        set: { environment: 'production', policy: 'daily', id: SAFETY_ID, state: safety },
      };
    },
    archive: async () => ({ state: 'there' }),
    job: async ({ name }) => ({ job: jobs.get(name), pods: [], now: new Date(now) }),
    log: async () => GOOD_LOG,
    native: async () => ({ now: new Date(now), database: undefined, versions: undefined }),
    copiedBack: async () => ({ folders: 1, copied: 5, isDone: true, untouched: [], failed: undefined }),
    probe: async () =>
      isFailing('probe') ? plainTurn(failed('nobody answers')) : plainTurn(done('it answers')),
    runners: async () => plainTurn(done('they are there')),
  };

  const listWorkloads = () =>
    Object.entries(state.replicas).map(([name, replicas]) => {
      const restartedFor = state.restartedFor[name];
      return buildWorkload(name, {
        app: APPS[name] ?? name,
        replicas,
        pods: state.pods[name] ?? 0,
        ...(restartedFor === undefined ? {} : { restartedFor }),
      });
    });

  const apply = (change: Change): void => {
    const { name } = change.object;
    if (change.deed === 'scaled') {
      state.replicas[name] = change.replicas;
      if (change.replicas > 0 && (name === WEB || name === SIDEKIQ)) world.history.push('open');
    }
    if (change.deed === 'paused') state.paused[name.replace(/-scaler$/, '')] = change.annotation;
    if (change.deed === 'suspended') state.suspended[name] = change.suspended;
    if (change.deed === 'restarted') state.restartedFor[name] = change.cause;
    if (change.deed === 'replaced') state.secrets[change.id] = change.content === 'of-set' ? 'set' : 'now';
    if (change.deed === 'deleted') jobs.delete(name);
  };

  /** What the move makes beside changes of objects: a Job, or the safety backup. */
  const make = (): void => {
    const current = findCurrentStep(world.run);
    if (!current) return;
    if (current.step === 'safety-backup' && safety === 'none') safety = 'running';
    const note = world.run.jobs.find(
      ({ way, step, attempt, end }) =>
        way === current.way && step === current.step && attempt === current.attempt && end === undefined,
    );
    if (!note || jobs.has(note.name)) return;
    world.history.push(`Job ${note.step}`);
    const type = isFailing(note.step) ? 'Failed' : 'Complete';
    const at = new Date(now).toISOString();
    const conditions = [{ type, status: 'True', reason: 'BackoffLimitExceeded', message: '', at }];
    jobs.set(note.name, buildJob({ name: note.name, createdAt: at, startedAt: at, conditions }));
  };

  /** A step without a Job fails behind its changes, so that there is something to undo. */
  const breaksOff = (step: RestoreStep, { verdict }: StepTurn): boolean =>
    CHANGING.includes(step) && verdict.state !== 'act' && isFailing(step);

  const world: RestoreWorld = {
    run,
    state,
    history: [],
    async look(killedAfter = Number.POSITIVE_INFINITY) {
      tick();
      if (safety === 'running') safety = isFailing('safety-backup') ? 'incomplete' : 'verified';
      const current = findCurrentStep(world.run);
      const seen = current && (await takeTurn(world.run, current, readers));
      const turn =
        seen && current && breaksOff(current.step, seen) ? plainTurn(failed('it broke off')) : seen;
      const decision = nextRestoreStep(world.run, turn, { now: new Date(now), mayWrite: { ok: true } });
      const { move } = decision;
      const isWriting = move.kind === 'do' || move.kind === 'undo';
      const writes = [
        () => {
          world.run = structuredClone(decision.run);
        },
        ...(isWriting ? move.changes.map((change) => () => apply(change)) : []),
        ...(isWriting && move.changes.length === 0 ? [make] : []),
      ];
      for (const write of writes.slice(0, killedAfter)) write();
      return move;
    },
    choose: (choice) => {
      world.run = applyChoice(world.run, { choice, by: 'Grace', why: 'it is night' }, new Date(now));
    },
  };
  return world;
};

/** What a database says of its extensions when all is well. */
const EXTENSIONS = JSON.stringify({
  role: 'gitlab',
  drydock: 'extensions',
  database: 'gitlabhq_production',
  extensions: [
    { name: 'pg_trgm', isThere: true, mayDrop: false, mayMake: true },
    { name: 'btree_gist', isThere: true, mayDrop: false, mayMake: true },
    { name: 'amcheck', isThere: true, mayDrop: false, mayMake: false },
  ],
});

/** What the Jobs of a good restore write, all in one. */
export const GOOD_LOG = [
  EXTENSIONS,
  'Restoring database ... [DONE]',
  'Restoring repositories ... [DONE]',
  'drydock: analysed main',
  'drydock: begin gitlab:doctor:secrets',
  'I, [2026-03-01] INFO -- : - User failures: 0',
  'I, [2026-03-01] INFO -- : Total: 0 row(s) affected',
  'drydock: end gitlab:doctor:secrets 0',
  'drydock: begin gitlab:check SANITIZE=true',
  'Checking Gitaly ...',
  'Gitaly: ... default ... OK',
  'Checking Gitaly ... Finished',
  'Checking GitLab App ...',
  'All migrations up? ... yes',
  'Checking GitLab App ... Finished',
  'drydock: end gitlab:check SANITIZE=true 0',
].join('\n');

/** Looks until it is at rest: held, or ended. @param kills writes behind which one look after the other dies. */
export const comeToRest = async (
  world: RestoreWorld,
  kills: readonly (number | undefined)[] = [],
): Promise<RestoreMove> => {
  for (let index = 0; index < 300; index++) {
    const move = await world.look(kills[index]);
    if (kills[index] === undefined && (move.kind === 'ask' || move.kind === 'end')) return move;
  }
  throw new Error(`it does not come to rest: ${JSON.stringify(world.run.steps)}`);
};
