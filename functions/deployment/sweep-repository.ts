import pMap from 'p-map';
import type * as z from 'zod';
import { type Executions, openExecutions } from '../clients/executions.ts';
import { openRegistries, type Registries } from '../clients/registries.ts';
import type { ImageEvent } from '../records/image-event.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { nameDeployment } from './execution-name.ts';
import { MAX_HOLDS } from './hold.ts';
import { boundId } from './sources/source-kind.ts';
import * as contract from './sweep-repository.contract.ts';
import { pickTag } from './tag-policy.ts';
import {
  type AssessmentDeps,
  decideCandidate,
  type Inspection,
  inspectTarget,
  type NamedTarget,
} from './target-assessment.ts';
import { wireTargets } from './wiring.ts';

/** Targets looked at at the same time: each is a few calls to one API server, which has its own fairness. */
const CONCURRENCY = 16;

interface Deps extends AssessmentDeps {
  readonly clock: Clock;
  readonly executions: Pick<Executions, 'start'>;
  readonly findRegistry: Registries;
  readonly findTargets: (image: string) => readonly NamedTarget[];
  readonly deploymentMachine: string;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Compares, for one repository, what each target's policy would pick with what it runs, and starts a `deployment`
 * for what was missed. That execution verifies and decides anew; the sweep only finds. A cluster that cannot be
 * reached hides no target of another.
 *
 * @throws TransientError, RefusedError of the registry client, and of the Kubernetes client when no target could be
 * looked at; the machine notes them and goes on.
 */
export const run = async (
  { image, execution }: Input,
  deps: Deps,
  { signal, log }: Pick<Invocation, 'signal' | 'log'>,
): Promise<Output> => {
  const found = await deps.findRegistry(image);
  if (!found) return { image, tags: 0, started: [] };
  const tags = await Array.fromAsync(found.registry.listTags(found.repository, signal));

  const readDigest = readOnce(
    async (tag) => (await found.registry.headManifest(found.repository, tag, signal))?.digest,
  );
  const missed = new Map<string, { tag: string; digest: string }>();
  const failures: { target: string; error: TransientError | RefusedError }[] = [];
  const look = async (target: NamedTarget): Promise<void> => {
    let inspection: Inspection;
    try {
      inspection = await inspectTarget(target, deps, signal);
    } catch (error) {
      if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
      log.warn(error.message, { target: target.name, image, code: error.code });
      failures.push({ target: target.name, error });
      return;
    }
    const pick = await findMissed(inspection, tags, readDigest);
    if (!pick) return;
    log.info('Missed until now', { target: target.name, image, tag: pick.tag, digest: pick.digest });
    missed.set(`${pick.tag}@${pick.digest}`, pick);
  };
  const targets = deps.findTargets(image);
  await pMap(targets, look, { concurrency: CONCURRENCY });
  const [failure] = failures;
  if (failure && failures.length === targets.length) throw failure.error;

  const started: string[] = [];
  for (const [reference, { tag, digest }] of missed) {
    const id = boundId(`${reference}-${execution.name}`);
    const receivedAt = deps.clock.now().toISOString();
    const event: ImageEvent = {
      version: 1,
      id,
      source: 'sweep',
      kind: 'push',
      image,
      tag,
      digest,
      receivedAt,
    };
    const name = nameDeployment(event);
    await deps.executions.start({ machine: deps.deploymentMachine, name, input: { event } });
    started.push(name);
  }
  return { image, tags: tags.length, started, notChecked: failures.map(({ target }) => target) };
};

/**
 * The tag that a target should run and does not. A tag whose digest is on hold is passed over for the next best;
 * a target holds at most `MAX_HOLDS` digests, which bounds the search.
 */
const findMissed = async (
  inspection: Inspection,
  tags: readonly string[],
  readDigest: ReadDigest,
): Promise<{ tag: string; digest: string } | undefined> => {
  let candidates = tags;
  for (let passed = 0; passed <= MAX_HOLDS; passed++) {
    const { tag } = pickTag(inspection.target.policy, inspection.running?.tag, candidates);
    const digest = tag === undefined ? undefined : await readDigest(tag);
    if (tag === undefined || digest === undefined) return undefined;
    const decision = decideCandidate(inspection, { tag, digest, redeploy: false }, false);
    if (decision.deploy) return { tag, digest };
    if (decision.code !== 'held') return undefined;
    candidates = candidates.filter((candidate) => candidate !== tag);
  }
  return undefined;
};

type ReadDigest = (tag: string) => Promise<string | undefined>;

/** Asks once for each tag: most targets of a repository pick the same one. */
const readOnce = (read: ReadDigest): ReadDigest => {
  const answers = new Map<string, Promise<string | undefined>>();
  return (tag) => {
    const answer = answers.get(tag) ?? read(tag);
    answers.set(tag, answer);
    return answer;
  };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, DEPLOYMENT_MACHINE_ARN }) => ({
    ...wireTargets(LEDGER_BUCKET),
    executions: openExecutions(),
    findRegistry: openRegistries(readConfiguration(), systemClock),
    deploymentMachine: DEPLOYMENT_MACHINE_ARN,
  }),
  run,
});
