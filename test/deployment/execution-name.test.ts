import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameDeployment } from '../../functions/deployment/execution-name.ts';

const CAUSE = { source: 'registry', id: 'event-1', image: 'registry.example.com/shop/web', tag: '1.4.2' };

describe('the name of a deployment', () => {
  it('can be read: repository, tag, and the hash of its cause', () => {
    expect(nameDeployment(CAUSE)).toMatch(/^web-1-4-2-[0-9a-f]{20}$/);
  });

  it('is the same for a repeat of the event', () => {
    expect(nameDeployment({ ...CAUSE })).toBe(nameDeployment(CAUSE));
  });

  const others: [title: string, cause: Partial<typeof CAUSE>][] = [
    ['another event', { id: 'event-2' }],
    ['another source with the same id', { source: 'ci' }],
  ];
  it.each(others)('differs for %s', (_title, cause) => {
    expect(nameDeployment({ ...CAUSE, ...cause })).not.toBe(nameDeployment(CAUSE));
  });

  it('fits Step Functions and its logs, whatever the image and the tag', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.option(fc.string(), { nil: undefined }),
        (...texts) => {
          const [source, id, image, tag] = texts;
          expect(nameDeployment({ source, id, image, tag })).toMatch(/^[0-9A-Za-z_-]{1,80}$/);
        },
      ),
    );
  });

  it('uses the room it has and no more', () => {
    const long = { ...CAUSE, image: `registry.example.com/${'a'.repeat(200)}`, tag: 'b'.repeat(128) };
    expect(nameDeployment(long)).toHaveLength(80);
  });
});
