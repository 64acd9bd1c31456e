import { openOutbox } from '../../functions/clients/outbox.ts';
import { run as sweep } from '../../functions/deployment/sweep-repository.ts';
import type { NamedTarget } from '../../functions/deployment/target-assessment.ts';
import { createFakeExecutions, createFakeNotifier } from '../support/target-events.ts';
import { buildExecution, buildTarget, calmInvocation, createTargetWorld } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

/** What the repository has: the tag that each digest goes by. */
export const TAGS: Readonly<Record<string, string>> = {
  '1.0.0': DIGEST_A,
  '1.1.0': DIGEST_B,
  '1.2.0': DIGEST_C,
  latest: DIGEST_C,
};

/** A sweep of the target `web` in memory, over a registry with these tags. */
export const createSweep = (overrides: Partial<NamedTarget> = {}, tags = TAGS) => {
  const world = createTargetWorld(buildTarget(overrides));
  const executions = createFakeExecutions();
  const notifier = createFakeNotifier();
  const registry = {
    async *listTags() {
      yield* Object.keys(tags);
    },
    headManifest: async (_repository: string, tag: string) => {
      const digest = tags[tag];
      return digest === undefined
        ? undefined
        : { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    },
    describeManifest: async () => undefined,
  };
  const deps = {
    ...world.deps,
    executions,
    outbox: openOutbox(world.ledger, notifier, world.clock),
    findRegistry: async () => ({ registry, repository: 'shop/web' }),
    deploymentMachine: 'deployment-machine',
    rolloutMachine: 'rollout-machine',
  };
  const input = { image: IMAGE, execution: buildExecution('sweep-1') };
  return { ...world, executions, notifier, deps, sweep: () => sweep(input, deps, calmInvocation()) };
};
