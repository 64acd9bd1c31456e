import * as z from 'zod';
import { Name, SecretReference } from './scalars.ts';

/** A source: somebody who may post events at `/hooks/<name>`, what they send, and how they prove who they are. */

const Authentication = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('bearer').meta({ description: 'A fixed secret in a header.' }),
      secret: SecretReference,
      header: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of an HTTP header')
        .default('Authorization')
        .meta({ description: 'Header that carries the secret; in Authorization as "Bearer <secret>".' }),
    }),
    z.strictObject({
      type: z.literal('hmac').meta({ description: 'Signature over id, time and body (Standard Webhooks).' }),
      secret: SecretReference,
    }),
  ])
  .meta({
    description:
      'How a sender proves who it is. The secret is a text, or {"current": ..., "previous": ...} while it rotates.',
  });

const site = Name.optional().meta({
  description: 'The site whose endpoint it posts to; may be left out when there is one.',
});

export const Source = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('distribution').meta({
        description: 'Notifications of Docker Distribution or of the GitLab container registry.',
      }),
      registry: Name.meta({ description: 'The registry that sends; its events name no host to be trusted.' }),
      auth: Authentication,
      site,
    }),
    z.strictObject({
      kind: z.literal('native').meta({ description: 'A CI job posting {"image", "tag", "digest"?}.' }),
      auth: Authentication,
      site,
    }),
  ])
  .meta({ description: 'Who may post events at /hooks/<name>.' });
