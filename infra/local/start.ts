import { endGuardedChildren } from './child-guard.ts';
import type { GitLabReleaseOptions } from './gitlab-release/options.ts';
import { INTERRUPTED, type Interruption, listenForInterruption } from './interruption.ts';
import { printOutlook } from './outlook.ts';
import { formatDuration, type Report } from './report.ts';
import { describeRun, takeRunFolder } from './run-folder.ts';
import { HELP, parseOptions, type StartOptions } from './terminal/options.ts';
import { openTerminal, type Terminal } from './terminal/terminal.ts';
import { findNetworkProblem } from './toolbox/network/pod-network.ts';
import { startNotificationRecorder } from './tour/notification-recorder.ts';
import { SHOP } from './tour/shop.ts';
import { runTour } from './tour/tour.ts';
import { ENVIRONMENT } from './world/configuration.ts';
import { startWorld, type World } from './world/start-world.ts';

/** `npm start`: the local world, the tour, and then a world to play with until Ctrl-C. */
const main = async (args: readonly string[]): Promise<number> => {
  const options = parseOptions(args);
  if ('help' in options) {
    console.log(HELP);
    return 0;
  }
  if ('mistake' in options) {
    console.error(`${options.mistake}\n\n${HELP}`);
    return 2;
  }
  const terminal = openTerminal(process.stdout);
  const interruption = listenForInterruption();
  try {
    return await run(options, terminal, interruption);
  } catch (error) {
    // What a part says that was ended on purpose is no failure.
    if (interruption.hasHappened()) return INTERRUPTED;
    terminal.fail(describeError(error));
    return 1;
  } finally {
    await endGuardedChildren();
  }
};

/** @returns the exit code. */
const run = async (
  options: StartOptions,
  terminal: Terminal,
  interruption: Interruption,
): Promise<number> => {
  const report = (line: string): void => terminal.progress(line);
  const started = performance.now();
  terminal.heading('Drydock: the local world');
  const leaveFolder = await takeRunFolder(options.folder, report);
  const recorder = await startNotificationRecorder();
  interruption.onSignal(() => {
    terminal.aside('Stopping ...');
    terminal.silence();
    void endGuardedChildren()
      .then(leaveFolder)
      .finally(() => process.exit(INTERRUPTED));
  });

  const gitlabRelease = await chooseRelease(report);
  const world = await startWorld({
    folder: options.folder,
    report,
    listeners: [recorder],
    // One behind the newest, so that there is a next version to plan for.
    clusterVersion: '1.35',
    ...(gitlabRelease === undefined ? {} : { gitlabRelease }),
    targets: (host) => ({
      [SHOP.target]: {
        environment: ENVIRONMENT,
        workload: { kind: 'Deployment', namespace: SHOP.namespace, name: SHOP.name },
        container: SHOP.name,
        image: `${host}/${SHOP.repository}`,
        // "-0" lets prereleases in, as `1.3.0-crash` is one.
        policy: { type: 'semver', range: '>=1.0.0-0' },
        mode: 'act',
      },
    }),
  });
  const { environmentFile } = await describeRun(world);
  terminal.say(`Everything is up after ${formatDuration(performance.now() - started)}.`);

  const wentAsTold = !options.tour || (await runTour(world, recorder, terminal));
  if (options.tour) {
    const total = formatDuration(performance.now() - started);
    if (wentAsTold) terminal.say(`\nThe tour went as told; ${total} since the start.`);
  }
  if (!options.once) {
    interruption.onSignal(() => terminal.aside('Stopping ...'));
    printOutlook(world, environmentFile, terminal);
    await interruption.happened;
  }
  await stopAll(world, recorder, leaveFolder);
  return wentAsTold ? 0 : 1;
};

/** Nobody wants to wait for pods that wait for the agent of a network plugin, which is not there. */
const PACE = 10;

/** A GitLab to back up, and a second one where its restore is rehearsed, as far as this machine can play them. */
const chooseRelease = async (report: Report): Promise<GitLabReleaseOptions | undefined> => {
  // None in a cluster of the user's own: its pods would run on this machine.
  if (process.env['DRYDOCK_KUBECONFIG']) return undefined;
  const problem = await findNetworkProblem(report);
  if (problem === undefined) return { scratch: true, pace: PACE };
  report(`No restore is rehearsed: ${problem}`);
  return {};
};

const stopAll = async (
  world: World,
  recorder: { stop(): Promise<void> },
  leaveFolder: () => Promise<void>,
): Promise<void> => {
  await recorder.stop();
  await world.stop();
  await leaveFolder();
};

/** Our own errors say what to do; their causes say what was seen. */
const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\nCause: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
};

process.exit(await main(process.argv.slice(2)));
