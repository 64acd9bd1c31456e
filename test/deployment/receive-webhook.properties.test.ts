import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BEARER, createDoorWorld } from './door-world.ts';

const CANARY = 'canary-of-the-actor-0123456789';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl';

/** Bodies from plain noise to almost a notification. */
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify({ events: [value] }))),
);

it('any body of a known sender gets 2xx, and what is sent can be read from the queue', async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, async (body) => {
      // The world parses each message as the reader of the queue does.
      const answer = await createDoorWorld().post('registry', body, BEARER);
      expect([200, 202]).toContain(answer.status);
    }),
  );
});

it('any body of a stranger gets 401 and is not kept', async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, fc.string(), fc.string({ unit: 'binary' }), async (body, source, secret) => {
      const { post, messages } = createDoorWorld();
      expect((await post(source, body, { authorization: secret })).status).toBe(401);
      expect(messages).toEqual([]);
    }),
  );
});

const actor = { name: 'ci', user_type: 'build', user: `${JWT}${CANARY}` };
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

/** Events with secrets where senders have put them, from whole to broken. */
const eventWithSecrets = fc.record(
  {
    id: fc.oneof(fc.uuid(), fc.integer()),
    action: fc.constantFrom('push', 'pull', 'delete', 'rename', 7),
    target: fc.record(
      {
        repository: fc.constantFrom('shop/web', 'shop/other', 'Not A Repository'),
        tag: fc.constantFrom('1', '', '$(x)'),
        mediaType: fc.constantFrom(mediaType, 'application/octet-stream'),
      },
      { requiredKeys: [] },
    ),
    actor: fc.constant(actor),
    headers: fc.constant({ Authorization: `Bearer ${CANARY}`, note: BEARER.authorization }),
    url: fc.constant(`https://ci:${CANARY}@registry.example.com/v2/`),
  },
  { requiredKeys: ['actor', 'headers', 'url'] },
);

it('no secret of a sender is in an answer, a message or a log, whole or broken, JSON or cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(eventWithSecrets, { minLength: 1 }),
      fc.nat(),
      fc.boolean(),
      async (events, cut, whole) => {
        const text = JSON.stringify({ events });
        const body = whole ? text : text.slice(0, cut % text.length);
        const { post, messages, lines } = createDoorWorld();
        const answer = await post('registry', body, {
          ...BEARER,
          'content-type': `text/${BEARER.authorization}`,
        });
        const told = JSON.stringify([answer, messages, lines]);
        expect(told).not.toContain('canary');
        expect(told).not.toContain('eyJzdWIi');
      },
    ),
  );
});
