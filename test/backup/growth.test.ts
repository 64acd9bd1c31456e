import { describe, expect, it } from 'vitest';
import type { ArchiveStore } from '../../functions/clients/archive-store.ts';
import { BACKUP_ID as NAME_ID } from '../../infra/local/large-objects/archive-members.ts';
import { layOutArchive } from '../../infra/local/large-objects/virtual-archive.ts';
import { openExport } from './export-run.ts';
import { buildRelease } from './release/release-builder.ts';
import { describedObject } from './verify/memory-store.ts';
import { createVerifyWorld, jobFact, releaseFacts, SET } from './verify-set-world.ts';

/** Nothing that a step is told or tells, and nothing that is written down on the way, grows with what a GitLab holds. */

/** Step Functions developer guide, "Service quotas": input or output of a state, in bytes. */
const MAX_PAYLOAD = 256 * 1024;
/** Of 2 TB, so that every place in it needs more than 32 bits. */
const BYTES = 2e12;
/** Milliseconds of all reads together, and seconds of a Lambda: whatever it has, an archive is read by several. */
const READING_MS = 450_000;
const LAMBDA_SECONDS = 120;

const openArchive = (members: number, onRead: () => void): ArchiveStore => {
  const archive = layOutArchive({ seed: 'growth', bytes: BYTES, members, databaseBytes: 100_000 });
  return {
    describe: async () => describedObject(archive.size, { key: `${NAME_ID}_gitlab_backup.tar` }),
    open: () => ({
      size: archive.size,
      read: async (start, length) => {
        onRead();
        return archive.read(start, Math.min(archive.size, start + length));
      },
    }),
  };
};

/** Reads a set to its end, and measures the longest of each record and of the answers, in bytes. */
const measure = async (members: number, reads: number) => {
  const world = await createVerifyWorld({ job: jobFact(), release: releaseFacts() });
  const store = openArchive(members, () => world.clock.advance(Math.round(READING_MS / reads)));
  Object.assign(world.deps, { openStore: () => store });
  const longest = new Map<string, number>();
  const note = (name: string, text: string): void =>
    void longest.set(name, Math.max(longest.get(name) ?? 0, Buffer.byteLength(text)));
  const execution = { arn: 'arn:loop', name: 'loop', startedAt: world.clock.now().toISOString() };
  let slices = 0;
  for (let outcome = 'unfinished'; outcome === 'unfinished'; ) {
    const answer = await world.verify({ execution, slices }, { seconds: LAMBDA_SECONDS });
    ({ outcome, slices } = answer);
    note('answer', JSON.stringify(answer));
    for (const [key, text] of world.ledger.objects) note(kindOf(key), text);
  }
  const [part] = (await world.set()).parts;
  const counted = part?.kind === 'archive' ? (part.contents ?? []) : [];
  return { slices, longest, members: counted.reduce((sum, one) => sum + one.members, 0) };
};
const kindOf = (key: string): string => key.replace(/verifications\/.*/, 'verified').replaceAll(SET.id, 'id');

describe('a verification', () => {
  it('of 50,000 members writes and tells no more than one of 2,000', { timeout: 120_000 }, async () => {
    const few = await measure(2_000, 730);
    const many = await measure(50_000, 17_200);
    // Beside the folder that everything lies in.
    expect([few.members, many.members]).toEqual([1_999, 49_999]);
    expect(Math.min(few.slices, many.slices)).toBeGreaterThan(3);
    expect([...many.longest.keys()].toSorted()).toEqual([...few.longest.keys()].toSorted());
    for (const [name, bytes] of many.longest) {
      // A number of five digits has one more than one of four.
      expect({ name, bytes, isMore: bytes > 1.05 * (few.longest.get(name) ?? 0) }).toMatchObject({
        isMore: false,
      });
    }
    expect(many.longest.get('answer')).toBeLessThan(MAX_PAYLOAD / 100);
  });
});

describe('an export', () => {
  const name = (index: number): string => `${'provider-with-a-long-name-'.repeat(9)}${index}`;
  const providers = Array.from({ length: 1_000 }, (_, index) => `{ secret: ${name(index)} }`);
  const release = buildRelease(
    `global: { appConfig: { omniauth: { enabled: true, providers: [${providers.join(',')}] } } }`,
  );

  it.each([
    ['that are all there', true],
    ['of which none is', false],
  ])('of 1,000 Secrets %s tells a twentieth of what fits', async (_, areThere) => {
    const { save, cluster, manifest } = await openExport({ release });
    for (const index of areThere ? providers.keys() : []) {
      const data = { key: Buffer.from(`secret ${index}`) };
      cluster.set(name(index), { name: name(index), type: 'Opaque', data });
    }
    const answer = await save();
    expect((await manifest())?.secrets?.fingerprints.secrets.length).toBeGreaterThan(1_000);
    expect(JSON.stringify(answer).length).toBeLessThan(MAX_PAYLOAD / 20);
  });
});
