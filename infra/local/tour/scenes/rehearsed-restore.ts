import * as z from 'zod';
import {
  type DrillRun,
  type DrillStep,
  drillRunKey,
  drillRunKind,
} from '../../../../functions/records/backup/drill.ts';
import type { LocalScratch } from '../../gitlab-release/scratch/start-scratch.ts';
import { ENVIRONMENT } from '../../world/configuration.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { SceneFailed } from '../wait-until.ts';

const Output = z.object({ outcome: z.string(), message: z.string(), reasons: z.array(z.string()) });

/** A drill takes about two minutes, most of them in waits between two looks; on a busy machine more. */
const PATIENCE_SECONDS = 600;
const LOOK_MS = 500;

/** What each step does, for somebody who has never seen a drill; the record names the rest. */
const WORDS: Readonly<Record<DrillStep, string>> = {
  'look-apart': 'apart',
  'probe-open': 'open',
  'close-network': 'closed',
  'probe-closed': 'proven',
  wake: 'awake',
  restore: 'restored',
  check: 'checked',
  'look-again': 'the same',
  empty: 'emptied',
  sleep: 'asleep',
  'give-back': 'given back',
  remove: 'gone',
};

/** A backup that was read is restored as a whole, where nobody works and nothing gets out, and destroyed again. */
export const rehearsedRestore: Scene = {
  title: 'A restore, rehearsed',
  needsLocalCluster: 'it needs a GitLab whose backup runs on this machine',
  play: async (stage) => {
    const { terminal, world, executions } = stage;
    const { gitlabRelease, outside, site } = world;
    const scratch = gitlabRelease?.scratch;
    const machine = site.backup?.drill?.machine;
    if (!gitlabRelease || !scratch || !outside || machine === undefined) {
      return terminal.say('Left out: pods can not be kept to NetworkPolicies on this machine (see above).');
    }
    terminal.say(
      'That an archive is whole is not yet a restore. Once a month, or when a person starts the restore-drill machine, ' +
        'the newest verified backup is restored into a second GitLab in which nobody works. Its Sidekiq would send mail ' +
        'to real people, so nothing goes in before a probe has failed to get out. It takes about two minutes, most of ' +
        'them between two looks:',
    );
    const heardBefore = outside.connections().length;
    const watched = watch(stage, () => countRows(scratch));
    const output = Output.parse(
      await executions
        .run(machine, { environment: ENVIRONMENT }, PATIENCE_SECONDS)
        .finally(() => watched.stop()),
    );
    const { run, rows, heardClosed } = await watched.seen;
    if (output.outcome !== 'passed' || !run) throw new SceneFailed(JSON.stringify(output));
    stage.confirm(
      `its network was proven closed: ${run.proof?.proven.join(', ')} was reached before, and heard nothing since`,
      heardClosed > heardBefore && outside.connections().length === heardClosed,
      `${outside.connections().length - heardClosed} connections since`,
    );
    const there = await countRows(gitlabRelease);
    stage.confirm(
      `all ${there} issues lay in the second GitLab, its sign-in page answered, and now nothing of it is left`,
      rows === there && (await countRows(scratch)) === undefined && run.left.length === 0,
      `${rows} of ${there} issues; left: ${run.left.join(' ')}`,
    );
    terminal.say('The person who is subscribed reads:');
    terminal.quote(output.message);
  },
};

interface Seen {
  readonly run: DrillRun | undefined;
  /** Issues in the scratch once it was restored. */
  readonly rows: number | undefined;
  /** Connections to somebody outside when the network was closed. */
  readonly heardClosed: number;
}

/** Says each step when it is done, and looks into the scratch while it is filled. */
const watch = (
  { ledger, terminal, world }: Stage,
  count: () => Promise<number | undefined>,
): { readonly seen: Promise<Seen>; stop(): void } => {
  const over = new AbortController();
  const look = async (): Promise<Seen> => {
    const told = new Set<DrillStep>();
    let [rows, heardClosed]: [number | undefined, number] = [undefined, Number.NaN];
    const began = Date.now();
    for (;;) {
      // The last look comes behind the end, so that no step is left unsaid.
      const isLast = over.signal.aborted;
      const run = await ledger.read(drillRunKind, drillRunKey(ENVIRONMENT));
      const done = (run?.steps ?? []).filter(({ step, state }) => state === 'done' && !told.has(step));
      for (const { step, message, endedAt } of done) {
        told.add(step);
        const seconds = Math.max(0, Date.parse(endedAt ?? '') - Date.parse(run?.startedAt ?? '')) / 1_000;
        terminal.event(`${seconds.toFixed(0)} s`, WORDS[step], message);
        if (step === 'close-network') heardClosed = world.outside?.connections().length ?? 0;
        if (step === 'restore') rows = await count();
      }
      if (isLast || Date.now() - began > PATIENCE_SECONDS * 1_000) return { run, rows, heardClosed };
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  return { seen: look(), stop: () => over.abort() };
};

/** Undefined where there is no such table. */
const countRows = async ({
  postgresql,
  login,
}: Pick<LocalScratch, 'postgresql' | 'login'>): Promise<number | undefined> => {
  const [there] = await postgresql.query("select to_regclass('issues') is not null as is_there", [], login);
  if (there?.['is_there'] !== true) return undefined;
  const [row] = await postgresql.query('select count(*)::int as count from issues', [], login);
  return Number(row?.['count']);
};
