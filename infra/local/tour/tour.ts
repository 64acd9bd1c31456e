import { formatDuration } from '../report.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { World } from '../world/start-world.ts';
import type { NotificationRecorder } from './notification-recorder.ts';
import type { Scene } from './scene.ts';
import { badRelease } from './scenes/bad-release.ts';
import { fix } from './scenes/fix.ts';
import { goodRelease } from './scenes/good-release.ts';
import { greenBackup } from './scenes/green-backup.ts';
import { pauseAndResume } from './scenes/pause-and-resume.ts';
import { rehearsedRestore } from './scenes/rehearsed-restore.ts';
import { repeatedEvent } from './scenes/repeated-event.ts';
import { unwantedPush } from './scenes/unwanted-push.ts';
import { upgradeCheck } from './scenes/upgrade-check.ts';
import { upgradePlan } from './scenes/upgrade-plan.ts';
import { openStage, type Stage } from './stage.ts';
import { SceneFailed } from './wait-until.ts';

export const SCENES: readonly Scene[] = [
  goodRelease,
  repeatedEvent,
  unwantedPush,
  badRelease,
  fix,
  pauseAndResume,
  upgradeCheck,
  upgradePlan,
  greenBackup,
  rehearsedRestore,
];

/** Plays the tour on a running world; true when every scene went as told. */
export const runTour = async (
  world: World,
  recorder: NotificationRecorder,
  terminal: Terminal,
): Promise<boolean> => {
  const stage = await openStage(world, recorder, terminal);
  const failed = await playScenes(SCENES, stage);
  if (failed === undefined) return true;
  terminal.fail(failed.message);
  for (const failure of await listFailures(stage)) terminal.say(failure);
  terminal.say(`What the Lambdas said: ${world.aws.logFile}`);
  return false;
};

/**
 * Plays scenes one after the other. The first that does not go as told ends it, since the later ones stand on it.
 *
 * @returns what did not go as told.
 * @throws what is no `SceneFailed`: a defect of the tour itself.
 */
export const playScenes = async <On extends Pick<Stage, 'terminal' | 'pods'>>(
  scenes: readonly Scene<On>[],
  stage: On,
): Promise<SceneFailed | undefined> => {
  const { terminal, pods } = stage;
  for (const [index, scene] of scenes.entries()) {
    terminal.heading(`${index + 1}. ${scene.title}`);
    if (scene.needsLocalCluster && pods === 0) {
      terminal.say(`Left out on a cluster of your own: ${scene.needsLocalCluster}.`);
      continue;
    }
    const started = performance.now();
    try {
      await scene.play(stage);
    } catch (error) {
      if (error instanceof SceneFailed) return error;
      throw error;
    }
    terminal.aside(formatDuration(performance.now() - started));
  }
  return undefined;
};

/** What a person would look for first in the Step Functions console. */
const listFailures = async ({ executions, world }: Stage): Promise<readonly string[]> => {
  const { machines: all, backup } = world.site;
  const { restore, drill } = backup ?? {};
  const others = [restore?.machine, drill?.machine].flatMap((machine) => machine ?? []);
  const machines = [...Object.values(all), ...Object.values(backup?.machines ?? {}), ...others];
  return (await Promise.all(machines.map((machine) => executions.failures(machine)))).flat();
};
