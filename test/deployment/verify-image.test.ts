import { describe, expect, it } from 'vitest';
import { run } from '../../functions/deployment/verify-image.ts';
import { type ImageEntry, imageEntryKind, imageHistoryPrefix } from '../../functions/records/decision.ts';
import { deferralKey, deferralKind } from '../../functions/records/deferral.ts';
import type { ImageEvent } from '../../functions/records/image-event.ts';
import type { ManifestDescription } from '../../functions/records/manifest.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildEvent } from '../support/image-events.ts';
import { buildExecution, createTargetWorld } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, IMAGE } from '../support/workload-builders.ts';

const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const describeImage = (kind: ManifestDescription['kind'] = 'image'): ManifestDescription => ({
  digest: DIGEST_B,
  mediaType: MEDIA_TYPE,
  kind,
  platforms: [],
  declaredType: '',
});

/** A registry that knows one tag; every question is noted. */
const createVerification = () => {
  const world = createTargetWorld();
  const asked: string[] = [];
  const registry = {
    digest: DIGEST_B as string | undefined,
    manifest: describeImage() as ManifestDescription | undefined,
    failure: undefined as Error | undefined,
    headManifest: async (repository: string, reference: string) => {
      asked.push(`${repository}:${reference}`);
      if (registry.failure) throw registry.failure;
      return registry.digest === undefined ? undefined : { digest: registry.digest, mediaType: MEDIA_TYPE };
    },
    describeManifest: async () => registry.manifest,
  };
  const deps = {
    ledger: world.ledger,
    clock: world.clock,
    findRegistry: async (image: string) =>
      image === IMAGE ? { registry, repository: 'shop/web' } : undefined,
  };
  return {
    ...world,
    asked,
    registry,
    verify: (event: Partial<ImageEvent> = {}) =>
      run({ event: buildEvent(event), execution: buildExecution('deployment-1') }, deps, {}),
    history: async (): Promise<ImageEntry[]> => {
      const keys = await Array.fromAsync(world.ledger.list(imageHistoryPrefix(IMAGE)));
      const stored = await Promise.all(keys.map((key) => world.ledger.read(imageEntryKind, key)));
      return stored.flatMap((one) => (one ? [one.value] : []));
    },
  };
};

describe('verify-image', () => {
  it('confirms what the registry has under the tag, and writes it down', async () => {
    const world = createVerification();
    expect(await world.verify()).toEqual({
      outcome: 'confirmed',
      image: IMAGE,
      tag: '1.1.0',
      digest: DIGEST_B,
      confirmedAt: world.clock.now().toISOString(),
      source: 'gitlab',
      redeploy: false,
    });
    expect(world.asked).toEqual(['shop/web:1.1.0']);
    expect(await world.history()).toMatchObject([{ outcome: 'confirmed', digest: DIGEST_B, tag: '1.1.0' }]);
  });

  it("the registry's digest wins over the event's, and the history says that the tag moved", async () => {
    const world = createVerification();
    expect(await world.verify({ digest: DIGEST_A })).toMatchObject({ digest: DIGEST_B });
    expect(await world.history()).toMatchObject([
      { digest: DIGEST_B, reason: `the tag has moved on from ${DIGEST_A} since` },
    ]);
  });

  it('the time is that of the answer for the tag, however long its manifest takes', async () => {
    const world = createVerification();
    const answeredAt = world.clock.now().toISOString();
    world.registry.describeManifest = async () => {
      world.clock.advance(12_000);
      return world.registry.manifest;
    };
    expect(await world.verify()).toMatchObject({ confirmedAt: answeredAt });
  });

  it('a redeploy stays one', async () => {
    expect(await createVerification().verify({ kind: 'redeploy' })).toMatchObject({ redeploy: true });
  });

  it.each<[string, Partial<ImageEvent>, (world: ReturnType<typeof createVerification>) => void, RegExp]>([
    ['an event without a tag', { tag: undefined }, () => undefined, /names no tag/],
    [
      'an image that no registry of ours serves',
      { image: 'other.example.com/shop/web' },
      () => undefined,
      /no registry in drydock\.yaml serves other\.example\.com\/shop\/web/,
    ],
    [
      'a tag that is gone',
      {},
      ({ registry }) => Object.assign(registry, { digest: undefined }),
      /no tag 1\.1\.0/,
    ],
    [
      'a manifest that is gone',
      {},
      ({ registry }) => Object.assign(registry, { manifest: undefined }),
      new RegExp(`no longer has ${DIGEST_B}`),
    ],
    [
      'a chart',
      {},
      ({ registry }) => Object.assign(registry, { manifest: describeImage('chart') }),
      /cannot run in a container: it is a Helm chart/,
    ],
  ])('%s is ignored with its reason', async (_, event, arrange, reason) => {
    const world = createVerification();
    arrange(world);
    const answer = await world.verify(event);
    expect(answer).toMatchObject({ outcome: 'ignored', reason: expect.stringMatching(reason) });
  });

  it('ignoring is written down as well', async () => {
    const world = createVerification();
    world.registry.digest = undefined;
    await world.verify();
    expect(await world.history()).toMatchObject([{ outcome: 'ignored', tag: '1.1.0' }]);
  });

  it.each([
    ['confirmed', DIGEST_B],
    ['ignored', undefined],
  ])('an answer (%s) ends the further attempts', async (_, digest) => {
    const world = createVerification();
    world.registry.digest = digest;
    const event = buildEvent();
    await world.ledger.claim(deferralKind, deferralKey(event), {
      version: 1,
      event,
      attempts: 1,
      execution: 'deployment-0',
      reason: 'down',
      firstAt: event.receivedAt,
      nextAttemptAt: event.receivedAt,
    });
    await world.verify();
    expect(await world.ledger.read(deferralKind, deferralKey(event))).toBeUndefined();
  });

  it.each([
    new TransientError('registry.unreachable', 'the registry does not answer'),
    new RefusedError('registry.unauthorized', 'the registry refuses us'),
  ])('$name passes through for the machine, and nothing is written', async (failure) => {
    const world = createVerification();
    world.registry.failure = failure;
    await expect(world.verify()).rejects.toBe(failure);
    expect(world.ledger.objects.size).toBe(0);
  });

  it('run twice leaves one entry', async () => {
    const world = createVerification();
    await world.verify();
    world.clock.advance(1_000);
    await world.verify();
    expect(await world.history()).toHaveLength(1);
  });
});
