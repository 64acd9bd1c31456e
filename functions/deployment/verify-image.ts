import type * as z from 'zod';
import type { ContainerRegistry } from '../clients/container-registry.ts';
import { appendRecord, type Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { openRegistries } from '../clients/registries.ts';
import { type ImageEntry, imageEntryKey, imageEntryKind } from '../records/decision.ts';
import { deferralKey } from '../records/deferral.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { makeLambda } from '../runtime/lambda.ts';
import { judgeArtifact } from './artifact-kind.ts';
import * as contract from './verify-image.contract.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'claim' | 'remove'>;
  readonly clock: Clock;
  /** The registry that serves an image and the repository there; undefined when no target names that registry. */
  readonly findRegistry: (
    image: string,
  ) => Promise<
    { registry: Pick<ContainerRegistry, 'headManifest' | 'describeManifest'>; repository: string } | undefined
  >;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Asks the registry what an event claims: a webhook is a hint, and the registry's digest wins over the event's.
 *
 * @throws TransientError, RefusedError of the registry client; the machine then defers the event.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal }: { signal?: AbortSignal },
): Promise<Output> => {
  const { event, execution } = input;
  const note = async (outcome: ImageEntry['outcome'], reason: string, digest?: string): Promise<void> => {
    const entry: ImageEntry = {
      version: 1,
      at: deps.clock.now().toISOString(),
      image: event.image,
      tag: event.tag,
      digest: digest ?? event.digest,
      source: event.source,
      outcome,
      reason,
      execution,
    };
    await Promise.all([
      appendRecord(deps.ledger, imageEntryKind, imageEntryKey(entry), entry),
      // The event has its answer: no further attempt, if there had been one.
      deps.ledger.remove(deferralKey(event)),
    ]);
  };
  const ignore = async (reason: string): Promise<Output> => {
    await note('ignored', reason);
    return { outcome: 'ignored', reason };
  };

  const { tag } = event;
  if (tag === undefined) return ignore('the event names no tag, and policies decide about tags');
  const found = await deps.findRegistry(event.image);
  if (!found) return ignore(`no registry in drydock.yaml serves ${event.image}`);

  const manifest = await found.registry.headManifest(found.repository, tag, signal);
  // Of two answers for one tag the later one counts, so nothing slow may come between the answer and its time.
  const confirmedAt = deps.clock.now().toISOString();
  if (!manifest) return ignore(`the registry has no tag ${tag}; it may have been deleted since`);
  const described = await found.registry.describeManifest(found.repository, manifest.digest, signal);
  if (!described) return ignore(`the registry no longer has ${manifest.digest}`);
  const artifact = judgeArtifact(described);
  if (!artifact.ok) return ignore(`${tag} cannot run in a container: ${artifact.reason}`);

  const moved = event.digest !== undefined && event.digest !== manifest.digest;
  await note(
    'confirmed',
    moved ? `the tag has moved on from ${event.digest} since` : 'as the event said',
    manifest.digest,
  );
  return {
    outcome: 'confirmed',
    image: event.image,
    tag,
    digest: manifest.digest,
    confirmedAt,
    source: event.source,
    redeploy: event.kind === 'redeploy',
  };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({
    ledger: connectLedger(LEDGER_BUCKET),
    clock: systemClock,
    findRegistry: openRegistries(readConfiguration(), systemClock),
  }),
  run,
});
